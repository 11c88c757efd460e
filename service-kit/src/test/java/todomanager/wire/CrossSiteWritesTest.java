package todomanager.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.lastRequest;
import static todomanager.testkit.Wire.problem;
import static todomanager.testkit.Wire.statuses;

import io.helidon.http.Method;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.service.TestService;

/// What a browser sends for pages, of a service that only this machine can reach.
class CrossSiteWritesTest {
    @TempDir private static Path folder;

    private static TestService service;

    @BeforeAll
    static void start() {
        Resource.Answer done = (_, _) -> Representation.none();
        service =
                new TestService(
                        folder,
                        rules ->
                                rules.any(
                                        "/write",
                                        new Resource(
                                                Map.of(
                                                        Method.GET,
                                                                (_, _) -> Representation.text(""),
                                                        Method.PUT, done,
                                                        Method.DELETE, done))));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    localhost       | Origin: http://evil.example
                    localhost       | Origin: null
                    localhost       | Origin: http://localhost:8080
                    localhost       | Origin: localhost
                    localhost       | Sec-Fetch-Site: cross-site
                    evil.example    | X: y
                    evil.example:80 | Origin: http://evil.example:80
                    localhost.evil  | X: y
                    127.0.0.1.evil  | X: y
                    """)
    void refusesWritesForAPageOfSomebodyElse(String host, String header) {
        for (String method : new String[] {"PUT", "DELETE"}) {
            String answer = exchange(method, host, header);

            assertThat(statuses(answer)).containsExactly("403");
            assertThat(problem(answer).getString("title")).isEqualTo("Forbidden");
        }
        assertThat(statuses(exchange("GET", host, header))).containsExactly("200");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    localhost       | X: y
                    LOCALHOST:80    | Origin: http://localhost:80
                    localhost       | Origin: https://localhost
                    127.0.0.1:5000  | Origin: http://127.0.0.1:5000
                    [::1]:5000      | Sec-Fetch-Site: same-origin
                    todo.example    | Origin: https://todo.example
                    localhost:5000  | Origin: https://todo.example
                    """)
    void takesWritesForItsOwnPagesAndOfCommandLines(String host, String header) {
        assertThat(statuses(exchange("PUT", host, header))).containsExactly("204");
    }

    @Test
    void answersInTheOrderOfRequestsAfterARefusal() {
        String refused = "PUT /write HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\n\r\n{}";

        assertThat(statuses(service.wire().send(refused + exchangeLast())))
                .containsExactly("403", "200");
    }

    private static String exchangeLast() {
        return lastRequest("GET", "/write");
    }

    private static String exchange(String method, String host, String header) {
        return service.wire()
                .send(
                        "%s /write HTTP/1.1\r\nHost: %s\r\n%s\r\nConnection: close\r\n\r\n"
                                .formatted(method, host, header));
    }
}
