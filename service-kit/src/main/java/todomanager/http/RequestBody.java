package todomanager.http;

import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import todomanager.http.Admission.Room;
import todomanager.json.Fault;
import todomanager.json.InvalidDocument;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;
import todomanager.telemetry.RequestObserver;

/// The body of a request that writes: JSON, read as strictly as a document, and no more of it than
/// is allowed.
public final class RequestBody {
    private static final String JSON = "application/json";
    private static final String MERGE_PATCH = "application/merge-patch+json"; // RFC 7396
    private static final Header ACCEPT_POST = HeaderValues.create("Accept-Post", JSON);
    private static final Header ACCEPT_PATCH =
            HeaderValues.create("Accept-Patch", MERGE_PATCH + ", " + JSON);

    private static final int LARGEST = 256 << 10; // bytes of any body
    private static final int LARGEST_USUAL = 64 << 10; // bytes of one that is needed
    private static final int SMALL = 8 << 10; // bytes, for which there is always room

    private RequestBody() {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Received(byte[] bytes) {}

    /// What is wrong with a body that is larger than any may be.
    static final String TOO_LARGE = tooLargeFor(LARGEST);

    /// Reads the body, whole, before a request is admitted: or clients that take their time would
    /// keep out everybody else.
    ///
    /// @throws Problem 413 if it is larger than any may be, 503 if there is no room for it
    public static void receive(ServerRequest request, Room room) {
        if (!request.content().hasEntity()) {
            return;
        }
        long length = request.headers().contentLength().orElse(LARGEST);
        if (length > SMALL && !room.take(2L * LARGEST)) { // one is where it is read
            RequestObserver.shed();
            throw Problem.busy();
        }
        request.context().register(new Received(read(request)));
    }

    /// What the reader makes of the body.
    ///
    /// @param reader reports what is wrong with the body's shape to its nodes
    /// @throws Problem 400 if there is no body or it is no JSON, 413 if it is too large, 415 if it
    ///   is said to be something else, 422 with all that is wrong with its shape
    public static <T> T json(ServerRequest request, Function<JsonNode, T> reader) {
        byte[] body = bytes(request);
        if (body.length == 0) {
            throw new Problem(
                    Status.BAD_REQUEST_400, "The request has no body: send an object in JSON.");
        }
        if (body.length > LARGEST_USUAL) {
            throw tooLarge(LARGEST_USUAL);
        }
        return json(request, body, reader);
    }

    private static <T> T json(ServerRequest request, byte[] body, Function<JsonNode, T> reader) {
        requireJson(request);
        JsonNode value = parse(body);
        try {
            return value.as(reader);
        } catch (InvalidDocument e) {
            throw invalid(e);
        }
    }

    /// The same of a larger body, or nothing where there is none.
    public static <T> Optional<T> optionalJson(
            ServerRequest request, Function<JsonNode, T> reader) {
        byte[] body = bytes(request);
        return body.length > 0 ? Optional.of(json(request, body, reader)) : Optional.empty();
    }

    /// The body as it was received; empty where there is none.
    public static byte[] bytes(ServerRequest request) {
        return request.context().get(Received.class).map(Received::bytes).orElse(new byte[0]);
    }

    private static byte[] read(ServerRequest request) {
        try (InputStream content = request.content().inputStream()) {
            byte[] body = content.readNBytes(LARGEST + 1);
            if (body.length <= LARGEST) {
                return body;
            }
        } catch (IOException | UncheckedIOException | InsufficientDataAvailableException e) {
            throw new CloseConnectionException("the client has hung up in its body", e);
        }
        throw tooLarge(LARGEST);
    }

    private static Problem tooLarge(int most) {
        return new Problem(Status.REQUEST_ENTITY_TOO_LARGE_413, tooLargeFor(most));
    }

    private static String tooLargeFor(int most) {
        return "The request has too large a body: it may have %d KiB.".formatted(most >> 10);
    }

    private static JsonNode parse(byte[] body) {
        try {
            return JsonDocument.read(body);
        } catch (InvalidDocument e) {
            Fault fault = e.faults().getFirst();
            throw new Problem(
                    Status.BAD_REQUEST_400,
                    "The body is not valid JSON: line %d, column %d: %s%s."
                            .formatted(
                                    fault.line(),
                                    fault.column(),
                                    fault.pointer().isEmpty() ? "" : fault.pointer() + ": ",
                                    fault.message()));
        }
    }

    private static Problem invalid(InvalidDocument e) {
        return new Problem(
                        Status.UNPROCESSABLE_CONTENT_422,
                        "The body does not say what it must: see errors.")
                .with(
                        e.faults().stream()
                                .map(fault -> new Problem.Flaw(fault.pointer(), fault.message()))
                                .toList());
    }

    /// `curl --data` says that it sends a form, and would go on doing so in silence.
    private static void requireJson(ServerRequest request) {
        Method method = request.prologue().method();
        boolean isPatch = method.equals(Method.PATCH);
        if (request.headers().contentType().filter(type -> isJson(type, isPatch)).isEmpty()) {
            var problem =
                    new Problem(
                            Status.UNSUPPORTED_MEDIA_TYPE_415,
                            "The body must be JSON in UTF-8 and say so: give curl --json, or --header 'Content-Type: application/json'.");
            if (isPatch) {
                problem.with(ACCEPT_PATCH);
            } else if (method.equals(Method.POST)) {
                problem.with(ACCEPT_POST);
            }
            throw problem;
        }
    }

    private static boolean isJson(HttpMediaType type, boolean isPatch) {
        String name = type.mediaType().text();
        return (name.equalsIgnoreCase(JSON) || (isPatch && name.equalsIgnoreCase(MERGE_PATCH)))
                && StandardCharsets.UTF_8
                        .name()
                        .equalsIgnoreCase(type.charset().orElse(StandardCharsets.UTF_8.name()));
    }
}
