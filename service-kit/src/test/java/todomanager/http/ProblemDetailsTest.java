package todomanager.http;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.problem;
import static todomanager.testkit.Wire.statuses;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.service.TestService;
import todomanager.telemetry.LogFormat;
import todomanager.testkit.LogRecorder;

@Timeout(30)
class ProblemDetailsTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String TRACED = "traceparent: 00-" + TRACE + "-b7ad6b7169203331-00\r\n";

    @TempDir private static Path folder;

    private static TestService service;

    @BeforeAll
    static void start() {
        service = new TestService(folder, ProblemDetailsTest::routing);
    }

    private static void routing(HttpRules rules) {
        rules.any("/bug", new Resource(_ -> fail("password\r\nINFO all is well")))
                .any("/error", new Resource(_ -> overflow(1)))
                .any("/late", ProblemDetailsTest::failLate)
                .any("/neighbour", new Resource(_ -> failForNeighbour()));
    }

    private static Representation fail(String message) {
        throw new IllegalStateException(message);
    }

    private static Representation overflow(int depth) {
        return depth == 0 ? Representation.text("") : overflow(depth + 1);
    }

    private static Representation failForNeighbour() {
        throw new Problem(
                Status.BAD_GATEWAY_502,
                "The neighbour is ill.",
                new IOException("at \033[31m:5001"));
    }

    private static void failLate(ServerRequest request, ServerResponse response) {
        response.contentLength(1_000_000);
        response.header(HeaderNames.ETAG, "\"of what is not sent\"");
        response.header(HeaderNames.LINK, "</next>; rel=\"next\"");
        throw new IllegalStateException("while it is sent");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void nameTheResourceAndTheTrace() {
        String answer = service.wire().exchange("GET", "/people/bob%3Cb%3E?x=y", TRACED);

        assertThat(statuses(answer)).containsExactly("404");
        assertThat(answer)
                .contains("\r\nContent-Type: application/problem+json\r\n")
                .contains("\r\nX-Content-Type-Options: nosniff\r\n")
                .contains("\r\nCache-Control: no-cache\r\n")
                .endsWith(
                        "\r\n\r\n{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
                                + "\"detail\":\"There is no such person.\","
                                + "\"instance\":\"/people/bob%3Cb%3E\",\"traceId\":\""
                                + TRACE
                                + "\"}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bug", "/error", "/late"})
    void tellNothingOfABugButTheIdThatTheLogHas(String path) {
        try (var log = new LogRecorder("todomanager")) {
            String answer = service.wire().exchange("GET", path);
            String id = problem(answer).getString("id");

            assertThat(statuses(answer)).containsExactly("500");
            assertThat(problem(answer).getString("detail"))
                    .isEqualTo(
                            "The service failed: try again, and report the id if it happens again.");
            assertThat(answer).doesNotContain("password", "Exception", "java.", "ETag", "Link");
            assertThat(log.records()).hasSize(1);
            LogRecord record = log.records().getFirst();
            assertThat(record.getThrown()).isNotNull();
            assertThat(LogFormat.JSON.line(record))
                    .contains("\"id\":\"" + id + '"')
                    .hasLineCount(1);
        }
    }

    @Test
    void tellNothingOfTheCauseOfAFailureThatWasForeseen() {
        try (var log = new LogRecorder("todomanager")) {
            String answer = service.wire().exchange("GET", "/neighbour");
            String id = problem(answer).getString("id");

            assertThat(statuses(answer)).containsExactly("502");
            assertThat(problem(answer).getString("detail")).isEqualTo("The neighbour is ill.");
            assertThat(log.lines())
                    .containsExactly(
                            "502 for /neighbour, id "
                                    + id
                                    + ": The neighbour is ill. java.io.IOException: at \\u001b[31m:5001");
        }
    }
}
