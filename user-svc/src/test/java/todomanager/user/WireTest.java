package todomanager.user;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.header;
import static todomanager.testkit.Wire.problem;
import static todomanager.testkit.Wire.statuses;

import io.helidon.webserver.WebServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.service.StartFailure;
import todomanager.testkit.LogRecorder;
import todomanager.testkit.StubTodoService;
import todomanager.testkit.Wire;

/// What user-svc says to its clients and to todo-svc, as bytes.
@Timeout(30)
class WireTest {
    private static final String USERS =
            "{\"ana\":{\"id\":1,\"name\":\"Ana\",\"verified\":1},"
                    + "\"ana;b\":{\"id\":2,\"name\":\"B\",\"verified\":1}}";
    private static final StubTodoService TODO_SERVICE = new StubTodoService();

    @TempDir private static Path folder;

    private static WebServer server;
    private static Wire wire;

    /// By hand, since the server of `@ServerTest` has more protocols than ours.
    @BeforeAll
    static void start() throws IOException, StartFailure {
        var builder = WebServer.builder();
        Main.SERVICE.configure(
                builder,
                Main.SERVICE.configuration(TestConfig.write(folder, USERS, TODO_SERVICE.uri())));
        server = builder.build().start();
        wire = new Wire(server.port());
    }

    @BeforeEach
    void answer() {
        TODO_SERVICE.requestLines().clear();
        TODO_SERVICE.headers().clear();
        TODO_SERVICE.answers("200 OK", "application/json", "{\"home\":[\"Buy milk\"]}");
    }

    @AfterAll
    static void stop() throws IOException {
        server.stop();
        TODO_SERVICE.close();
    }

    @Test
    void listsTheUsersWithACall() {
        assertThat(wire.exchange("GET", "/users/ana/lists"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n{\"home\":[\"Buy milk\"]}\n");
        assertThat(TODO_SERVICE.requestLines()).containsExactly("GET /lists/ana HTTP/1.1");
    }

    @Test
    void asksForAllOfAUsernameWhateverCharactersItHas() {
        wire.exchange("GET", "/users/ana;b/lists");

        assertThat(TODO_SERVICE.requestLines()).containsExactly("GET /lists/ana%3Bb HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource({
        "/users/bob/lists",
        "/users/bob/lists/home",
        "/users/ana%2Flists",
        "/users//lists",
        "/users/%2e%2e/lists",
        "/users/ana%2F/lists",
        "/users/%0d%0aX:%20y/lists",
    })
    void asksForNobodyWhomItDoesNotKnow(String path) {
        assertThat(statuses(wire.exchange("GET", path))).containsExactly("404");
        assertThat(TODO_SERVICE.requestLines()).isEmpty();
    }

    @Test
    void namesTheRevisionOfTodoServicesDocumentWhereTheAnswerIsMadeOfIt() {
        String users = header("X-Data-Revision", wire.exchange("GET", "/users"));
        String lists = wire.exchange("GET", "/users/ana/lists");
        String notModified = "If-None-Match: " + header("ETag", lists) + "\r\n";

        assertThat(users).matches("[0-9a-f]{16}").isNotEqualTo(StubTodoService.REVISION);
        assertThat(header("X-Data-Revision", wire.exchange("GET", "/users/bob"))).isEqualTo(users);
        assertThat(header("X-Data-Revision", lists)).isEqualTo(StubTodoService.REVISION);
        assertThat(wire.exchange("GET", "/users/ana/lists", notModified))
                .startsWith("HTTP/1.1 304 ")
                .contains("\r\nX-Data-Revision: " + StubTodoService.REVISION + "\r\n");
    }

    @Test
    void namesTheNewRevisionOfListsThatHaveNotChanged() {
        TODO_SERVICE.answers(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"a\"\r\n"
                        + "X-Data-Revision: 0123456789abcdef\r\nContent-Length: 2\r\n\r\n{}");
        wire.exchange("GET", "/users/ana/lists");
        TODO_SERVICE.answers(
                "HTTP/1.1 304 Not Modified\r\nX-Data-Revision: fedcba9876543210\r\n\r\n");
        String lists = wire.exchange("GET", "/users/ana/lists");

        assertThat(header("X-Data-Revision", lists)).isEqualTo("fedcba9876543210");
        assertThat(lists).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n{}\n");
    }

    @Test
    void namesNoRevisionWhenTodoServiceFails() {
        TODO_SERVICE.answers("500 Oops", "application/json", "{}");

        assertThat(wire.exchange("GET", "/users/ana/lists"))
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
        wire.exchange("GET", "/users/ana/lists", "traceparent: " + given + "\r\nCookie: a=b\r\n");
        String passedOn = traceparents().getFirst();

        assertThat(passedOn).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
        assertThat(passedOn.contains("0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
                .isEqualTo(valid);
        assertThat(TODO_SERVICE.headers())
                .noneMatch(line -> line.startsWith("Cookie"))
                .filteredOn(line -> !line.startsWith("If-None-Match"))
                .hasSize(3); // Host, Accept, traceparent
    }

    @Test
    void beginsATraceOfItsOwnForEachRequest() {
        wire.exchange("GET", "/users/ana/lists");
        wire.exchange("GET", "/users/ana/lists");

        assertThat(traceparents()).hasSize(2).doesNotHaveDuplicates();
    }

    private static List<String> traceparents() {
        String name = "traceparent: ";
        return TODO_SERVICE.headers().stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .toList();
    }

    @Test
    void logsWhyTodoServiceFailedWithTheIdThatTheClientGets() {
        TODO_SERVICE.answers("500 Oops", "text/\033[31m", "{}");
        try (var log = new LogRecorder("todomanager")) {
            String answer = wire.exchange("GET", "/users/ana/lists");

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "502 for /users/ana/lists, id "
                                    + problem(answer).getString("id")
                                    + ": ")
                    .contains("status 500 of type 'text/")
                    .doesNotContain("\033");
        }
    }

    @Test
    void logsWhatToDoWhenTodoServiceDoesNotBelieveIt() {
        TODO_SERVICE.answers("401 Who", "application/problem+json", "{}");
        try (var log = new LogRecorder("todomanager")) {
            assertThat(wire.exchange("GET", "/users/ana/lists")).startsWith("HTTP/1.1 502 ");

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("status 401 ")
                    .contains("auth.assertion-keys-file (AUTH_ASSERTION_KEYS_FILE)");
        }
    }

    @Test
    void tellsNothingOfTodoServiceButThatItFails() {
        TODO_SERVICE.answers("500 Oops", "text/html", "java.lang.Secret at /etc/passwd");
        JsonObject problem = problem(wire.exchange("GET", "/users/ana/lists"));

        assertThat(problem.getInt("status")).isEqualTo(502);
        assertThat(problem.getString("instance")).isEqualTo("/users/ana/lists");
        assertThat(problem.getString("id")).matches("[0-9a-f-]{36}");
        assertThat(problem.getString("detail"))
                .isEqualTo(
                        "The to-do service gave no usable answer: try again, and report the id if it stays.");
    }

    @Test
    void sendsSmallPacketsAtOnceOnBothPorts() {
        assertThat(server.prototype().connectionOptions().tcpNoDelay()).isTrue();
        assertThat(server.prototype().sockets().values())
                .singleElement()
                .matches(admin -> admin.connectionOptions().tcpNoDelay());
    }
}
