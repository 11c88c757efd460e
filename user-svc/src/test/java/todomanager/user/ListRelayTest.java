package todomanager.user;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.header;
import static todomanager.testkit.Wire.lastRequest;
import static todomanager.testkit.Wire.problem;
import static todomanager.testkit.Wire.request;
import static todomanager.testkit.Wire.statuses;
import static todomanager.testkit.Wire.withoutDate;

import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.service.StartFailure;
import todomanager.testkit.LogRecorder;
import todomanager.testkit.StubTodoService;
import todomanager.testkit.StubTodoService.Request;
import todomanager.testkit.Wire;

/// What of a request below a user's lists goes on to todo-svc, and what of its answer comes back.
@Timeout(30)
class ListRelayTest {
    private static final String TAG = "\"AAAAAAAAAAA\"";
    private static final String REVISION = "X-Data-Revision: " + StubTodoService.REVISION;
    private static final String ITEM = "/users/ana/lists/home/items/a";
    private static final StubTodoService TODO_SERVICE = new StubTodoService();

    @TempDir private static Path folder;

    private static WebServer server;
    private static Wire wire;

    @BeforeAll
    static void start() throws IOException, StartFailure {
        server = start("");
        wire = new Wire(server.port());
    }

    private static WebServer start(String publicUri) throws IOException, StartFailure {
        String users =
                "{\"ana\":{\"id\":1,\"name\":\"Ana\",\"verified\":1},"
                        + "\"..ü;\":{\"id\":2,\"name\":\"U\",\"verified\":1}}";
        var builder = WebServer.builder();
        System.setProperty("public.uri", publicUri);
        try {
            Main.SERVICE.configure(
                    builder,
                    Main.SERVICE.configuration(
                            TestConfig.write(
                                    Files.createTempDirectory(folder, ""),
                                    users,
                                    TODO_SERVICE.uri())));
        } finally {
            System.clearProperty("public.uri");
        }
        return builder.build().start();
    }

    @BeforeEach
    void answer() {
        TODO_SERVICE.requests().clear();
        answers("200 OK", "Content-Type: application/json\r\nETag: " + TAG, "{}\n");
    }

    @AfterAll
    static void stop() throws IOException {
        server.stop();
        TODO_SERVICE.close();
    }

    private static void answers(String status, String headers, String body) {
        TODO_SERVICE.answers(
                "HTTP/1.1 %s\r\n%s\r\n%s\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(status, headers, REVISION, body.length(), body));
    }

    private static void answersWithAProblem(String status, String headers, String more) {
        String body =
                "{\"type\":\"x\",\"instance\":\"/lists/x\",\"detail\":\"Don't.\"" + more + "}";
        answers(status, "Content-Type: application/problem+json" + headers, body);
    }

    private static Request passedOn() {
        assertThat(TODO_SERVICE.requests()).hasSize(1);
        return TODO_SERVICE.requests().getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /users/ana/lists?view=items,                   GET /lists/ana?view=items",
        "HEAD,   /users/ana/lists?view=items,                   GET /lists/ana?view=items",
        "GET,    /users/ana/lists/home,                         GET /lists/ana/home",
        "HEAD,   /users/ana/lists/home,                         GET /lists/ana/home",
        "PUT,    /users/ana/lists/home,                         PUT /lists/ana/home",
        "PATCH,  /users/ana/lists/home,                         PATCH /lists/ana/home",
        "GET,    /users/ana/lists/home/items?completed=false,   GET /lists/ana/home/items?completed=false",
        "POST,   /users/ana/lists/home/items,                   POST /lists/ana/home/items",
        "PATCH,  /users/ana/lists/home/items,                   PATCH /lists/ana/home/items",
        "GET,    /users/ana/lists/home/items/a,                 GET /lists/ana/home/items/a",
        "PUT,    /users/ana/lists/home/items/a,                 PUT /lists/ana/home/items/a",
        "PATCH,  /users/ana/lists/home/items/a,                 PATCH /lists/ana/home/items/a",
    })
    void passesARequestOn(String method, String path, String line) {
        String answer = wire.exchange(method, path);

        assertThat(statuses(answer)).containsExactly("200");
        assertThat(passedOn().line()).isEqualTo(line + " HTTP/1.1");
        assertThat(header("ETag", answer)).isEqualTo(TAG);
        assertThat(header("Content-Type", answer)).isEqualTo("application/json");
        assertThat(header("X-Data-Revision", answer)).isEqualTo(StubTodoService.REVISION);
        assertThat(header("Content-Length", answer)).isEqualTo("3");
        assertThat(answer).endsWith(method.equals("HEAD") ? "\r\n\r\n" : "\r\n\r\n{}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE,  /users/ana/lists,                             DELETE /lists/ana",
        "DELETE,  /users/ana/lists/home,                        DELETE /lists/ana/home",
        "DELETE,  /users/ana/lists/home/items?completed=true,   DELETE /lists/ana/home/items?completed=true",
        "DELETE,  /users/ana/lists/home/items/a,                DELETE /lists/ana/home/items/a",
        "OPTIONS, /users/ana/lists,                             OPTIONS /lists/ana",
        "OPTIONS, /users/ana/lists/home,                        OPTIONS /lists/ana/home",
        "OPTIONS, /users/ana/lists/home/items,                  OPTIONS /lists/ana/home/items",
        "OPTIONS, /users/ana/lists/home/items/a,                OPTIONS /lists/ana/home/items/a",
    })
    void passesOnThatNothingIsLeftToSay(String method, String path, String line) {
        TODO_SERVICE.answers("HTTP/1.1 204 None\r\nAllow: GET, OPTIONS\r\n\r\n");
        String answer = wire.exchange(method, path);

        assertThat(statuses(answer)).containsExactly("204");
        assertThat(passedOn().line()).isEqualTo(line + " HTTP/1.1");
        assertThat(header("Allow", answer)).isEqualTo("GET, OPTIONS");
        assertThat(answer).doesNotContain("\r\nContent-", "X-Data-Revision").endsWith("\r\n\r\n");
    }

    @Test
    void passesTheConditionsTheTypeAndTheBodyOnAndNothingElse() {
        wire.send(
                request(
                                "PUT",
                                ITEM,
                                "If-Match: \"a\"\r\nif-match: \"b\"\r\nIf-None-Match: *\r\n"
                                        + "Content-Type: a/b;x=y\r\nCookie: a=b\r\nAuthorization: B x\r\n"
                                        + "X-Lists-URI: http://evil/\r\nX-Forwarded-Host: evil\r\n"
                                        + "Forwarded: host=evil\r\nOrigin: http://localhost\r\n"
                                        + "Accept: text/html\r\nRange: bytes=0-1\r\nTE: trailers\r\n"
                                        + "Expect: 100-continue\r\nContent-Encoding: gzip\r\n"
                                        + "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"
                                        + "tracestate: a=b\r\nTransfer-Encoding: chunked\r\n"
                                        + "Connection: close, If-Match\r\n")
                        + "2\r\n{\"\r\n3\r\n\":1\r\n1\r\n}\r\n0\r\nX: y\r\n\r\n");

        assertThat(passedOn().body()).isEqualTo("{\"\":1}");
        assertThat(passedOn().headers())
                .containsExactlyInAnyOrder(
                        "Host: " + TODO_SERVICE.uri().getAuthority(),
                        "Accept: application/json",
                        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        "If-Match: \"a\", \"b\"",
                        "If-None-Match: *",
                        "Content-Type: a/b;x=y",
                        "X-Lists-URI: http://localhost/users/ana/lists",
                        "Content-Length: 6");
    }

    @Test
    void passesAnEmptyConditionOn() {
        wire.exchange("PUT", ITEM, "If-Match:\r\n");

        assertThat(passedOn().headers()).contains("If-Match: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8_192, 8_193, 262_144})
    void passesABodyOnWhole(int length) {
        String body = "\u00ff".repeat(length);
        wire.send(
                request("POST", ITEM, "Connection: close\r\nContent-Length: " + length + "\r\n")
                        + body);

        assertThat(passedOn().body()).isEqualTo(body);
    }

    @Test
    void passesNoBodyOnThatIsTooLarge() {
        String answers =
                wire.send(
                        request("PUT", ITEM, "Content-Length: 262145\r\n")
                                + lastRequest("GET", ITEM));

        assertThat(statuses(answers)).containsExactly("413");
        assertThat(TODO_SERVICE.requests()).isEmpty();
    }

    @Test
    void passesNoChunkedBodyOnThatIsTooLarge() {
        String chunk = "4000\r\n" + " ".repeat(0x4000) + "\r\n";
        String answer =
                wire.send(
                        request("PUT", ITEM, "Transfer-Encoding: chunked\r\nConnection: close\r\n")
                                + chunk.repeat(17)
                                + "0\r\n\r\n");

        assertThat(statuses(answer)).containsExactly("413");
        assertThat(TODO_SERVICE.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 10\r\n\r\n{}",
                "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
                "Transfer-Encoding: chunked\r\n\r\n9\r\n{}"
            })
    void passesNothingOnOfAClientThatHangsUpInTheMiddleOfItsBody(String rest) {
        try (var log = new LogRecorder("")) {
            String head = request("PUT", ITEM, "");
            wire.sendAll(head.substring(0, head.length() - 2) + rest);

            assertThat(log.lines()).isEmpty();
        }
        assertThat(TODO_SERVICE.requests()).isEmpty();
    }

    @Test
    void hasTimeForABodyThatIsSlow() throws IOException {
        try (var client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            StubTodoService.write(client, request("PUT", ITEM, "Content-Length: 2\r\n") + "{");
            client.setSoTimeout(1_500); // which is longer than a call may take
            assertThat(hasAnswer(client)).isFalse();
            StubTodoService.write(client, "}");
            client.setSoTimeout(10_000);

            assertThat(hasAnswer(client)).isTrue();
        }
        assertThat(passedOn().body()).isEqualTo("{}");
    }

    private static boolean hasAnswer(Socket client) throws IOException {
        try {
            InputStream in = client.getInputStream();
            return in.read() == 'H';
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Test
    void letsNobodyWaitForThoseWhoseBodiesAreSlow() throws IOException {
        var slow = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 300; i++) { // more than are admitted
                var client = new Socket(InetAddress.getLoopbackAddress(), server.port());
                slow.add(client);
                StubTodoService.write(client, request("PUT", ITEM, "Content-Length: 9\r\n") + "{");
            }

            assertThat(statuses(wire.exchange("PUT", ITEM))).containsExactly("200");
        } finally {
            for (Socket client : slow) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    %2e%2e       | %2E%2E
                    .%2e         | %2E%2E
                    %2e          | %2E
                    ...          | %2E%2E%2E
                    a;x=y        | a%3Bx%3Dy
                    a%3Bx        | a%3Bx
                    %25          | %25
                    %2525        | %2525
                    %252F        | %252F
                    a%3Fb%23c    | a%3Fb%23c
                    a%0d%0aX:%20 | a%0D%0AX%3A%20
                    a%00         | a%00
                    a+b%20c      | a%2Bb%20c
                    %C3%B6       | %C3%B6
                    %F0%9F%98%80 | %F0%9F%98%80
                    @host:80     | %40host%3A80
                    %5C..%5C     | %5C..%5C
                    {list}       | %7Blist%7D
                    $1           | %241
                    """)
    void passesNamesOnAsOneSegmentEach(String name, String segment) {
        String path = name.replace("{", "%7B").replace("}", "%7D");
        wire.exchange("GET", "/users/ana/lists/" + path + "/items/" + path);

        assertThat(TODO_SERVICE.requests().stream().map(Request::line))
                .allMatch(line ->
                        line.equals(
                                "GET /lists/ana/" + segment + "/items/" + segment + " HTTP/1.1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/users/ana/lists/a%2Fb", "/users/ana/lists/%2f/items", "/users/ana/lists//items",
                "/users/ana/lists/..", "/users/ana/lists/./items",
                        "/users/ana/lists/home/items/a/b",
                "/users/ana/lists/home/item", "/users/ana/lists/", "/users/ana/lists/home/items/"
            })
    void passesNothingOnOfOtherPaths(String path) {
        wire.exchange("DELETE", path);

        assertThat(TODO_SERVICE.requests()).isEmpty();
    }

    @Test
    void passesAUsernameOnAsOneSegment() {
        wire.exchange("GET", "/users/..%C3%BC;/lists/home");

        assertThat(passedOn().line()).isEqualTo("GET /lists/%2E%2E%C3%BC%3B/home HTTP/1.1");
        assertThat(passedOn().header("X-Lists-URI"))
                .isEqualTo("http://localhost/users/%2E%2E%C3%BC%3B/lists");
    }

    @ParameterizedTest
    @CsvSource({
        "?complete=true, ?complete=true",
        "?completed=true&x=1&view=items, ?completed=true&x=1&view=items",
        "?completed=true&completed=false, ?completed=true&completed=false",
        "?completed, ?completed",
        "?completed=, ?completed=",
        "?=true, ?=true",
        "?&&, ?&&",
        "?completed=a%26x%3D1%23%0d%0a+, ?completed=a%26x%3D1%23%0d%0a+",
        "?a%26b%3Dc%0d%0a=1, ?a%26b%3Dc%0d%0a=1",
        "?, ''",
    })
    void passesTheWholeQueryOn(String given, String query) {
        wire.exchange("GET", "/users/ana/lists/home/items" + given);

        assertThat(passedOn().line()).isEqualTo("GET /lists/ana/home/items" + query + " HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.org,            https://example.org/users/ana/lists",
        "https://example.org/,           https://example.org/users/ana/lists",
        "http://example.org:81/a/todo/,  http://example.org:81/a/todo/users/ana/lists",
    })
    void namesItsPublicAddressWhereItHasOne(String publicUri, String base) throws Exception {
        WebServer other = start(publicUri);
        try {
            var otherWire = new Wire(other.port());
            otherWire.exchange("GET", ITEM);
            String made =
                    otherWire.send(
                            request(
                                            "PUT",
                                            "/users/eve",
                                            "Content-Type: application/json\r\nContent-Length: 15\r\nConnection: close\r\n")
                                    + "{\"name\": \"Eve\"}");
            assertThat(header("Location", made)).isEqualTo(base.replace("ana/lists", "eve"));
        } finally {
            other.stop();
        }

        assertThat(passedOn().header("X-Lists-URI")).isEqualTo(base);
    }

    @Test
    void namesTheHostThatTheClientNames() {
        wire.send("GET " + ITEM + " HTTP/1.1\r\nHost: [::1]:81\r\nConnection: close\r\n\r\n");

        assertThat(passedOn().header("X-Lists-URI")).isEqualTo("http://[::1]:81/users/ana/lists");
    }

    @Test
    void passesBackWhereSomethingIs() {
        String base = "http://localhost/users/ana/lists";
        answers(
                "201 Created",
                "Content-Type: application/json\r\nETag: "
                        + TAG
                        + "\r\nLocation: "
                        + base
                        + "/home/items/a\r\nContent-Location: "
                        + base
                        + "/home/items/b\r\nSet-Cookie: a=b\r\nX-Powered-By: x\r\nLink: <x>",
                "{}");
        String answer = wire.exchange("POST", "/users/ana/lists/home/items");

        assertThat(statuses(answer)).containsExactly("201");
        assertThat(header("Location", answer)).isEqualTo(base + "/home/items/a");
        assertThat(header("Content-Location", answer)).isEqualTo(base + "/home/items/b");
        assertThat(answer)
                .contains(
                        "\r\nX-Content-Type-Options: nosniff\r\n",
                        "\r\nCache-Control: no-cache\r\n")
                .doesNotContain("Set-Cookie", "X-Powered-By", "Link");
    }

    @Test
    void answersHeadWithTheHeadersOfGet() {
        String get = withoutDate(wire.exchange("GET", ITEM));
        String head = withoutDate(wire.exchange("HEAD", ITEM));

        assertThat(head).isEqualTo(get.substring(0, get.indexOf("\r\n\r\n") + 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void passesBackThatNothingIsNew(String method) {
        TODO_SERVICE.answers("HTTP/1.1 304 Same\r\n" + REVISION + "\r\nETag: " + TAG + "\r\n\r\n");
        String answer = wire.exchange(method, ITEM, "If-None-Match: " + TAG + "\r\n");

        assertThat(statuses(answer)).containsExactly("304");
        assertThat(header("ETag", answer)).isEqualTo(TAG);
        assertThat(header("X-Data-Revision", answer)).isEqualTo(StubTodoService.REVISION);
        assertThat(answer).doesNotContain("\r\nContent-").endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void passesBackNoListsForAUserWhoHasNone(String method) {
        answersWithAProblem("404 No", "", "");
        String answer = wire.exchange(method, "/users/ana/lists?view=items");

        assertThat(statuses(answer)).containsExactly("200");
        assertThat(header("X-Data-Revision", answer)).isEqualTo(StubTodoService.REVISION);
        assertThat(answer).endsWith(method.equals("HEAD") ? "\r\n\r\n" : "\r\n\r\n{}\n");
    }

    @Test
    void passesBackThatThereWereNoListsToDelete() {
        answersWithAProblem("404 No", "", "");

        assertThat(statuses(wire.exchange("DELETE", "/users/ana/lists"))).containsExactly("404");
    }

    @ParameterizedTest
    @ValueSource(strings = {"400", "403", "404", "405", "409", "412", "413", "414", "415", "422"})
    void passesAProblemBackAsItsOwn(String status) {
        answersWithAProblem(
                status + " No",
                "\r\nETag: "
                        + TAG
                        + "\r\nAllow: GET, HEAD\r\n"
                        + "Accept-Patch: application/merge-patch+json, application/json\r\n"
                        + "Accept-Post: application/json\r\nWWW-Authenticate: x",
                ",\"errors\":[{\"pointer\":\"/title\",\"detail\":\"Too \\u003c long.\",\"x\":1}],\"traceId\":\"x\"");
        try (var log = new LogRecorder("todomanager")) {
            String answer = wire.exchange("PATCH", ITEM);
            var problem = problem(answer);

            assertThat(statuses(answer)).containsExactly(status);
            assertThat(header("Content-Type", answer)).isEqualTo("application/problem+json");
            assertThat(header("ETag", answer)).isEqualTo(TAG);
            assertThat(header("Allow", answer)).isEqualTo("GET, HEAD");
            assertThat(header("Accept-Patch", answer))
                    .isEqualTo("application/merge-patch+json, application/json");
            assertThat(header("Accept-Post", answer)).isEqualTo("application/json");
            assertThat(header("X-Data-Revision", answer)).isEqualTo(StubTodoService.REVISION);
            assertThat(answer).doesNotContain("WWW-Authenticate", "Retry-After");
            assertThat(problem.getString("type")).isEqualTo("about:blank");
            assertThat(problem.getString("detail")).isEqualTo("Don't.");
            assertThat(problem.getString("instance")).isEqualTo(ITEM);
            assertThat(problem.getString("traceId")).matches("[0-9a-f]{32}");
            assertThat(problem.getJsonArray("errors"))
                    .hasToString("[{\"pointer\":\"/title\",\"detail\":\"Too < long.\"}]");
            assertThat(log.lines()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"503", "507"})
    void passesBackThatNothingCanBeDoneForNow(String status) {
        answersWithAProblem(status + " No", "\r\nRetry-After: 9", "");
        String answer = wire.exchange("PUT", ITEM);

        assertThat(statuses(answer)).containsExactly(status);
        assertThat(problem(answer).getString("detail")).isEqualTo("Don't.");
        assertThat(header("Retry-After", answer)).isEqualTo("1");
        assertThat(answer).doesNotContain("X-Data-Revision");
    }

    @ParameterizedTest
    @CsvSource({"TRACE, 1", "FOO, 2", "PROPFIND, 3"})
    void allowsNoOtherMethodThanTodoServiceDoes(String method, int length) {
        TODO_SERVICE.answers("HTTP/1.1 204 None\r\nAllow: GET, HEAD, OPTIONS\r\n\r\n");
        String answer =
                wire.send(
                        request(
                                        method,
                                        ITEM,
                                        "Connection: close\r\nContent-Length: " + length + "\r\n")
                                + "x".repeat(length));

        assertThat(statuses(answer)).containsExactly("405");
        assertThat(header("Allow", answer)).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(passedOn().method()).isEqualTo("OPTIONS");
        assertThat(passedOn().body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "FOO"})
    void passesNothingOnForNobody(String method) {
        for (String below : List.of("?view=items", "/home", "/home/items", "/home/items/a")) {
            String answer = wire.exchange(method, "/users/bob/lists" + below);

            assertThat(statuses(answer)).containsExactly("404");
            assertThat(header("X-Data-Revision", answer))
                    .isEqualTo(header("X-Data-Revision", wire.exchange("GET", "/users/bob")));
        }
        assertThat(TODO_SERVICE.requests()).isEmpty();
    }

    @Test
    void keepsTheConnectionInStepAfterABodyThatNobodyReads() {
        String put = request("PUT", "/users/bob/lists/home", "Content-Length: 2\r\n") + "{}";

        assertThat(statuses(wire.send(put + lastRequest("GET", ITEM))))
                .containsExactly("404", "200");
    }

    @Test
    void logsWhyNothingCanBeDoneOnOneLine() {
        answers(
                "503 No",
                "Content-Type: application/problem+json",
                "{\"detail\":\"a\\nb\\u001b[31m\"}");
        try (var log = new LogRecorder("todomanager")) {
            wire.exchange("PUT", ITEM);

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("503 for " + ITEM)
                    .endsWith("a\\u000ab\\u001b[31m");
        }
    }

    @Test
    void passesNoLineEndOnThatAnotherCharacterHides() {
        wire.exchange("PUT", ITEM, Wire.utf8("If-Match: \"\u010d\u010aX: y\"\r\n"));

        assertThat(TODO_SERVICE.requests())
                .allSatisfy(request ->
                        assertThat(request.headers()).noneMatch(line -> line.startsWith("X: y")));
    }
}
