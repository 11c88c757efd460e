package todomanager.testkit;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import todomanager.testkit.StubTodoService.Behaviour;

/// What todo-svc can do wrong, and the status that user-svc answers with.
public final class Faults {
    public static final String REVISION = "X-Data-Revision: " + StubTodoService.REVISION + "\r\n";

    /// An answer without a fault.
    public static final String OK =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    + REVISION
                    + "Content-Length: 22\r\n\r\n{\"home\": [\"Buy milk\"]}";

    private Faults() {}

    /// Each with a name, a [Behaviour] and a status.
    public static Stream<Arguments> all() {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
        return Stream.of(
                slow("says nothing", ""),
                slow("stops in its status", "HTTP/1.1 2"),
                slow("stops in its headers", head),
                slow("stops before its body", head + "Content-Length: 22\r\n\r\n"),
                slow("stops in its body", head + "Content-Length: 22\r\n\r\n{"),
                arguments("dribbles", (Behaviour) StubTodoService::dribble, 504),
                useless(
                        "floods with interim answers",
                        connection -> {
                            while (true) {
                                StubTodoService.write(
                                        connection,
                                        "HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n".repeat(100));
                            }
                        }),
                useless("has no such status", head("000 None")),
                useless("closes", StubTodoService::hangUp),
                useless("resets", StubTodoService::reset),
                useless(
                        "redirects",
                        head(
                                "302 Found\r\nLocation: http://127.0.0.1:1/lists/ana\r\nContent-Length: 0")),
                useless(
                        "fails",
                        head(
                                "500 Oops\r\nContent-Type: application/json\r\nContent-Length: 2",
                                "{}")),
                useless(
                        "finds nothing in HTML",
                        head("404 No\r\nContent-Type: text/html\r\nContent-Length: 2", "no")),
                useless("has no content", head("204 No Content")),
                useless("has nothing new where all is new", head("304 Not Modified")),
                useless("has no type", head("200 OK\r\nContent-Length: 2", "{}")),
                useless(
                        "is HTML",
                        head("200 OK\r\nContent-Type: text/html\r\nContent-Length: 2", "{}")),
                useless(
                        "has no revision",
                        connection -> StubTodoService.write(connection, OK.replace(REVISION, ""))),
                useless(
                        "has a bad revision",
                        connection ->
                                StubTodoService.write(connection, OK.replace("0123", "\u00ff<"))),
                useless(
                        "finds nothing, and has no revision",
                        connection ->
                                StubTodoService.write(
                                        connection,
                                        "HTTP/1.1 404 No\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")),
                useless("is no JSON", json("{")),
                useless("is an array", json("[]")),
                useless("has a list of numbers", json("{\"home\":[1]}")),
                useless("has a list twice", json("{\"home\":[],\"home\":[]}")),
                useless("is not UTF-8", json("{\"home\":[\"\u00ff\"]}")),
                useless(
                        "is cut",
                        cut(
                                "200 OK\r\nContent-Type: application/json\r\nContent-Length: 99",
                                "{}")),
                useless(
                        "is cut in a chunk",
                        cut(
                                "200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked",
                                "9\r\n{}")),
                useless(
                        "has a bad chunk",
                        cut(
                                "200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked",
                                "x\r\n{}")),
                useless(
                        "announces too much",
                        head(
                                "200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999999")),
                useless("floods", StubTodoService::flood),
                useless("has a long header", head("200 OK\r\nX: " + "x".repeat(100_000))),
                useless("has many headers", head("200 OK" + "\r\nX: x".repeat(10_000))),
                useless(
                        "is not HTTP",
                        connection -> StubTodoService.write(connection, "\0\1\2\r\n\r\n")));
    }

    public static Arguments useless(String what, Behaviour behaviour) {
        return arguments(what, behaviour, 502);
    }

    private static Arguments slow(String what, String part) {
        Behaviour behaviour =
                connection -> {
                    StubTodoService.write(connection, part);
                    StubTodoService.hang(connection);
                };
        return arguments(what, behaviour, 504);
    }

    public static Behaviour head(String statusAndHeaders) {
        return head(statusAndHeaders, "");
    }

    public static Behaviour head(String statusAndHeaders, String body) {
        return connection ->
                StubTodoService.write(
                        connection,
                        "HTTP/1.1 " + statusAndHeaders + "\r\n" + REVISION + "\r\n" + body);
    }

    private static Behaviour cut(String statusAndHeaders, String body) {
        return connection -> {
            head(statusAndHeaders, body).answer(connection);
            connection.close();
        };
    }

    private static Behaviour json(String body) {
        return head(
                "200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length(),
                body);
    }
}
