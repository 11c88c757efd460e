package todomanager.http;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.header;
import static todomanager.testkit.Wire.lastRequest;
import static todomanager.testkit.Wire.problem;
import static todomanager.testkit.Wire.request;
import static todomanager.testkit.Wire.statuses;
import static todomanager.testkit.Wire.withoutDate;

import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.service.TestService;
import todomanager.testkit.LogRecorder;

@Timeout(30)
class ResourceTest {
    private static final CountDownLatch GATE = new CountDownLatch(1);
    private static final CountDownLatch GATE_OF_WRITES = new CountDownLatch(1);

    @TempDir private static Path folder;

    private static TestService service;

    @BeforeAll
    static void start() {
        service = new TestService(folder, ResourceTest::routing);
    }

    private static void routing(HttpRules rules) {
        Resource.Answer answer =
                (request, response) -> Representation.text(request.prologue().method().text());
        Resource.Answer wait = (_, _) -> await(GATE_OF_WRITES);
        rules.any("/wait", new Resource(_ -> await(GATE)))
                .any("/slow", new Resource(Map.of(Method.GET, answer, Method.DELETE, wait)))
                .any("/both", new Resource(Map.of(Method.GET, answer, Method.PUT, answer)))
                .any("/one", new Resource(Map.of(Method.POST, answer)))
                .any("/made", new Resource(_ -> Representation.text("").with(Status.CREATED_201)));
    }

    private static Representation await(CountDownLatch gate) {
        try {
            gate.await();
            return Representation.text("");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/", "/people", "/people?limit=1", "/people?limit=0", "/people?after=nobody",
                "/people/ana", "/people/bob", "/openapi", "/made", "/nope"
            })
    void answersHeadWithTheHeadersOfGetAndNoBody(String path) {
        String get = withoutDate(service.wire().exchange("GET", path));
        String head = withoutDate(service.wire().exchange("HEAD", path));

        assertThat(head).isEqualTo(get.substring(0, get.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void keepsTheConnectionInStepAfterAHead() {
        String answers =
                service.wire()
                        .send(
                                request("HEAD", "/nope", "")
                                        + request("HEAD", "/people", "")
                                        + lastRequest("GET", "/people/ana"));

        assertThat(statuses(answers)).containsExactly("404", "200", "200");
        assertThat(answers).endsWith(TestService.ANA);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /           | GET, HEAD, OPTIONS
                    /people     | GET, HEAD, OPTIONS
                    /people/ana | GET, HEAD, OPTIONS
                    /people/bob | GET, HEAD, OPTIONS
                    /openapi    | GET, HEAD, OPTIONS
                    /both       | GET, HEAD, PUT, OPTIONS
                    /one        | POST, OPTIONS
                    """)
    void answersOptionsWithTheMethodsThatItHas(String path, String methods) {
        String answer = service.wire().exchange("OPTIONS", path);

        assertThat(statuses(answer)).containsExactly("204");
        assertThat(header("Allow", answer)).isEqualTo(methods);
        assertThat(answer).doesNotContain("\r\nContent-").endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({"GET, /both", "PUT, /both", "POST, /one"})
    void answersEachMethodThatItHas(String method, String path) {
        assertThat(service.wire().exchange(method, path))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n" + method);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    POST     | /people/ana | GET, HEAD, OPTIONS
                    PUT      | /people/ana | GET, HEAD, OPTIONS
                    PATCH    | /people/ana | GET, HEAD, OPTIONS
                    DELETE   | /people/ana | GET, HEAD, OPTIONS
                    TRACE    | /people/ana | GET, HEAD, OPTIONS
                    PROPFIND | /people/ana | GET, HEAD, OPTIONS
                    POST     | /both       | GET, HEAD, PUT, OPTIONS
                    GET      | /one        | POST, OPTIONS
                    """)
    void allowsNoOtherMethodAndGoesOn(String method, String path, String methods) {
        String answers =
                service.wire().send(request(method, path, "") + lastRequest("GET", "/people/ana"));

        assertThat(statuses(answers)).containsExactly("405", "200");
        assertThat(header("Allow", answers)).isEqualTo(methods);
        assertThat(answers).endsWith(TestService.ANA);
    }

    @Test
    void refusesWhatIsTooMuchForOneResourceAndServesTheOthers() throws Exception {
        int most = 128 + 128; // those that wait for them
        int tooMany = 72;
        var answers = new LinkedBlockingQueue<String>();
        try (var log = new LogRecorder("todomanager");
                var clients = Executors.newCachedThreadPool()) {
            for (int i = 0; i < most + tooMany; i++) {
                clients.execute(() -> answers.add(service.wire().exchange("GET", "/wait")));
            }
            for (int i = 0; i < tooMany; i++) {
                String refused = answers.take();
                assertThat(statuses(refused)).containsExactly("503");
                assertThat(header("Retry-After", refused)).isEqualTo("1");
                assertThat(problem(refused).getString("detail"))
                        .isEqualTo("The service is busy: try again in a moment.");
                assertThat(problem(refused)).doesNotContainKey("id");
            }
            assertThat(statuses(service.wire().exchange("GET", "/people"))).containsExactly("200");
            GATE.countDown();
            for (int i = 0; i < most; i++) {
                assertThat(statuses(answers.take())).containsExactly("200");
            }
            assertThat(log.lines()).isEmpty();
        } finally {
            GATE.countDown();
        }
    }

    @Test
    void hasRoomForThoseWhoReadWhileThoseWhoWriteWait() throws Exception {
        int tooMany = 128 + 128 + 1;
        var answers = new LinkedBlockingQueue<String>();
        try (var clients = Executors.newCachedThreadPool()) {
            for (int i = 0; i < tooMany; i++) {
                clients.execute(() -> answers.add(service.wire().exchange("DELETE", "/slow")));
            }
            assertThat(statuses(answers.take())).containsExactly("503");

            assertThat(statuses(service.wire().exchange("GET", "/slow"))).containsExactly("200");
            GATE_OF_WRITES.countDown();
        } finally {
            GATE_OF_WRITES.countDown();
        }
    }
}
