package todomanager.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import java.util.List;

/// The conditions that a request may set, in their order (RFC 9110, section 13.2.2).
final class Preconditions {
    private Preconditions() {}

    /// Whether the client has the representation already, so that it need not be sent.
    ///
    /// @throws Problem 412 if the client wants to have another
    static boolean holdFor(EntityTag tag, ServerRequestHeaders request) {
        if (request.contains(HeaderNames.IF_MATCH)
                && !tag.isNamedIn(lines(request, HeaderNames.IF_MATCH), false)) {
            throw new Problem(
                            Status.PRECONDITION_FAILED_412,
                            "If-Match names another representation than there is: ask for this one first.")
                    .with(tag.header());
        }
        return request.contains(HeaderNames.IF_NONE_MATCH)
                && tag.isNamedIn(lines(request, HeaderNames.IF_NONE_MATCH), true);
    }

    private static List<String> lines(ServerRequestHeaders request, HeaderName name) {
        return request.all(name, List::of);
    }
}
