package todomanager.http;

import io.helidon.http.Header;
import io.helidon.http.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a request is not answered as asked; thrown by a route, and answered as problem details.
@SuppressWarnings("serial") // it never leaves the process
public final class Problem extends RuntimeException {
    static final String NOT_FOUND = "No resource has this path: check its spelling.";
    static final String BUSY = "The service is busy: try again in a moment.";

    private final Status status;
    private final List<Header> headers = new ArrayList<>();
    private List<Flaw> errors = List.of();

    /// One thing that is wrong with the body of a request.
    ///
    /// @param pointer to the value in the body (RFC 6901); empty for the whole
    public record Flaw(String pointer, String detail) {}

    /// @param detail what is wrong and what to do, in fixed words: the client reads it
    public Problem(Status status, String detail) {
        this(status, detail, null);
    }

    /// @param cause what the log tells beside the detail, and the client never sees
    public Problem(Status status, String detail, @Nullable Throwable cause) {
        super(detail, cause, false, cause != null);
        this.status = status;
    }

    /// A request for a path that no resource has.
    public static Problem notFound() {
        return new Problem(Status.NOT_FOUND_404, NOT_FOUND);
    }

    /// A request more than can be in progress; the next moment may have room for it.
    public static Problem busy() {
        return new Problem(Status.SERVICE_UNAVAILABLE_503, BUSY);
    }

    /// The same, answered with a header.
    public Problem with(Header header) {
        headers.add(header);
        return this;
    }

    /// The same, with all that is wrong with the body.
    public Problem with(List<Flaw> errors) {
        this.errors = List.copyOf(errors);
        return this;
    }

    List<Flaw> errors() {
        return errors;
    }

    List<Header> headers() {
        return headers;
    }

    public Status status() {
        return status;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
