package todomanager.http;

import static java.util.Map.entry;

import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportRequest;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import todomanager.telemetry.JsonLine;
import todomanager.telemetry.LogMessage;
import todomanager.telemetry.RequestObserver;
import todomanager.telemetry.Span;
import todomanager.text.SafeText;
import todomanager.text.UriPath;

/// Answers every error as problem details (RFC 9457), in our own words.
///
/// Helidon has two doors for errors: what a route throws, and what ends a request before there is a
/// route. Both lead here.
public final class ProblemDetails {
    private static final Logger LOG = Logger.getLogger("todomanager");
    private static final Header PROBLEM_JSON =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/problem+json");

    private static final Header RETRY_AFTER =
            HeaderValues.createCached(HeaderNames.RETRY_AFTER, "1"); // seconds

    /// What is there already where an answer failed on its way.
    private static final List<HeaderName> NOT_OF_A_PROBLEM =
            List.of(HeaderNames.CONTENT_LENGTH, HeaderNames.ETAG, HeaderNames.LINK);

    /// A part of what Helidon says of a request that it can't read, and the same in words for the
    /// client. The first that fits counts.
    private static final List<Map.Entry<String, String>> CAUSES =
            List.of(
                    entry("header size", "The headers are too large: all of them may have 16 KiB."),
                    entry("missing colon", "A header has no colon: write NAME: VALUE on one line."),
                    entry("found lf", "A line ends without CR: end each with CR LF."),
                    entry("found cr", "A CR is not followed by LF: end each line with CR LF."),
                    entry(
                            "combined",
                            "The body has two lengths: send Transfer-Encoding or Content-Length."),
                    entry(
                            "transfer-encoding",
                            "The Transfer-Encoding is not chunked once: send Content-Length."),
                    entry(
                            "content",
                            "Content-Length is not one whole number: send the body's size in bytes."),
                    entry("chunk", "A chunk of the body is malformed: check its size."));

    private static final Header POLICY =
            HeaderValues.createCached(
                    HeaderNames.create("Content-Security-Policy"), "default-src 'none'");

    private static final int LONGEST_CAUSE = 256; // characters, in the log

    private ProblemDetails() {}

    /// Answers what a route has thrown.
    public static void send(ServerRequest request, ServerResponse response, Throwable thrown) {
        Status status =
                switch (thrown) {
                    case Problem problem -> problem.status();
                    case HttpException known -> known.status();
                    default -> Status.INTERNAL_SERVER_ERROR_500;
                };
        String detail = thrown instanceof Problem problem ? problem.detail() : detail(status);
        byte[] body = body(status, detail, request.prologue().uriPath().rawPath(), thrown);
        NOT_OF_A_PROBLEM.forEach(response.headers()::remove);
        if (status.code() >= 500) {
            response.headers().remove(Revision.HEADER); // which it does not follow from
        }
        if (status.equals(Status.SERVICE_UNAVAILABLE_503)
                || status.equals(Status.INSUFFICIENT_STORAGE_507)) {
            response.header(RETRY_AFTER);
        }
        if (thrown instanceof Problem problem) {
            problem.headers().forEach(response::header);
        }
        response.status(status)
                .header(PROBLEM_JSON)
                .header(Representation.NO_CACHE)
                .header(Representation.NOSNIFF);
        try {
            Representation.send(request, response, List.of(ByteBuffer.wrap(body)));
        } catch (CloseConnectionException e) {
            // the client has hung up: Helidon would log that of an error, with a stack trace
            response.headers().set(HeaderValues.CONNECTION_CLOSE); // and ends the connection here
        }
    }

    /// A problem for people, whom a browser has led here, as they can do nothing with JSON.
    ///
    /// @param link where they go on
    public static Representation page(ServerRequest request, Problem problem, String link) {
        Status status = problem.status();
        String path = UriPath.escaped(request.prologue().uriPath().rawPath());
        String id = report(status, problem.detail(), path, problem);
        String html =
                """
                <!doctype html>
                <html lang="en">
                <meta name="viewport" content="width=device-width">
                <title>%1$s</title>
                <h1>%1$s</h1>
                <p>%2$s</p>
                <p>%3$s</p>
                <p><a href="%4$s">Go on</a></p>
                """
                        .formatted(
                                status.reasonPhrase(),
                                escaped(problem.detail()),
                                id.isEmpty() ? "" : "id " + id,
                                escaped(link));
        return Representation.text("text/html; charset=UTF-8", html).with(status).with(POLICY);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    /// Answers what Helidon refuses before there is a route.
    public static DirectHandlers beforeRouting() {
        DirectHandler handler = ProblemDetails::answer;
        var handlers = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            handlers.addHandler(type, handler);
        }
        return handlers.build();
    }

    private static TransportResponse answer(
            TransportRequest request,
            EventType type,
            Status status,
            ServerResponseHeaders headers,
            @Nullable String message) {
        RequestObserver.refused(status);
        headers.set(PROBLEM_JSON);
        headers.set(Representation.NO_CACHE);
        headers.set(Representation.NOSNIFF);
        var response = TransportResponse.builder().status(status).headers(headers);
        response.keepAlive(type.keepAlive());
        String detail =
                request instanceof Refusal refusal ? refusal.detail() : detail(status, message);
        byte[] body = body(status, detail, request.path(), null); // logs what is to be logged
        if (!request.method().equals(Method.HEAD.text())) {
            response.entity(body);
        }
        return response.build();
    }

    private static byte[] body(
            Status status, String detail, String path, @Nullable Throwable thrown) {
        String instance = UriPath.escaped(path);
        String id = report(status, detail, instance, thrown);
        return Representation.jsonLine(json -> {
            json.writeStartObject();
            json.write("type", "about:blank");
            json.write("title", status.reasonPhrase());
            json.write("status", status.code());
            json.write("detail", detail);
            json.write("instance", instance);
            if (!id.isEmpty()) {
                json.write("id", id);
            }
            if (thrown instanceof Problem problem && !problem.errors().isEmpty()) {
                json.writeStartArray("errors");
                for (Problem.Flaw error : problem.errors()) {
                    json.writeStartObject()
                            .write("pointer", error.pointer())
                            .write("detail", error.detail())
                            .writeEnd();
                }
                json.writeEnd();
            }
            if (Span.isCurrent()) {
                json.write("traceId", Span.current().traceId());
            }
            json.writeEnd();
        });
    }

    /// Logs what is a failure of ours.
    ///
    /// @return the id of that, or an empty text
    private static String report(
            Status status, String detail, String instance, @Nullable Throwable thrown) {
        // 501 and 505 are about what the client sends
        boolean isOurs = status.code() >= 500 && status.code() != 501 && status.code() != 505;
        if (!isOurs || detail.equals(Problem.BUSY)) {
            return "";
        }
        String id = UUID.randomUUID().toString();
        log(id, status, UriPath.cut(instance), detail, thrown);
        return id;
    }

    /// A failure that was foreseen is one line; one that was not has its stack trace.
    private static void log(
            String id, Status status, String path, String detail, @Nullable Throwable thrown) {
        String why = detail;
        if (thrown instanceof Problem problem && problem.getCause() != null) {
            why +=
                    " "
                            + SafeText.oneLine(
                                    SafeText.cut(problem.getCause().toString(), LONGEST_CAUSE));
        }
        var failure = new Failure(id, status.code(), path, why.replaceFirst("\\.$", ""));
        boolean foreseen = status.code() != 500;
        var record = new LogRecord(foreseen ? Level.WARNING : Level.SEVERE, "{0}");
        record.setParameters(new Object[] {failure}); // a System.Logger takes these or a throwable
        record.setThrown(foreseen ? null : thrown);
        LOG.log(record);
    }

    private record Failure(String id, int status, String path, String why) implements LogMessage {
        @Override
        public void write(JsonLine line) {
            line.add("id", id).add("status", status).add("path", path);
        }

        @Override
        public String toString() {
            return "%d for %s, id %s: %s".formatted(status, path, id, why);
        }
    }

    private static String detail(Status status, @Nullable String message) {
        String said = String.valueOf(message).toLowerCase(Locale.ROOT);
        return CAUSES.stream()
                .filter(cause -> status.code() == 400 && said.contains(cause.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> detail(status));
    }

    /// The words for what Helidon refuses; its own can hold parts of the request.
    private static String detail(Status status) {
        return switch (status.code()) {
            case 400 -> "The request is not valid HTTP/1.1: check its headers and framing.";
            case 404 -> Problem.NOT_FOUND;
            case 413 -> RequestBody.TOO_LARGE;
            case 414 -> "The request target is too long: shorten it.";
            case 501 -> "The request body has an unknown transfer encoding: send none.";
            case 503 -> Problem.BUSY;
            case 505 -> "Only HTTP/1.1 is spoken here.";
            default ->
                    status.code() < 500
                            ? "The request can't be answered as it is: check its method and headers."
                            : "The service failed: try again, and report the id if it happens again.";
        };
    }
}
