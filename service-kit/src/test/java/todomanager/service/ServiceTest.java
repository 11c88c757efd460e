package todomanager.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.testing.junit5.ServerTest;
import io.helidon.webserver.testing.junit5.SetUpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.document.DocumentResources;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.service.Service.Parts;
import todomanager.telemetry.LogFormat;

/// What the kit does for a service, whatever that serves.
@ServerTest
@Timeout(30)
class ServiceTest {
    private static final Logger LOGGER = Logger.getLogger("todomanager");
    private static final CountDownLatch GATE = new CountDownLatch(1);
    private static final Recorder LOG = new Recorder();
    private static final Service SERVICE =
            new Service(
                    "size-svc",
                    bytes -> {},
                    List.of(),
                    settings -> {
                        var size = settings.document(bytes -> bytes.length);
                        return new Parts(
                                routes(new DocumentResources<>(size)), size::start, List.of(size));
                    });

    @TempDir private static Path folder;

    private final Http1Client client;

    ServiceTest(Http1Client client) {
        this.client = client;
    }

    @SetUpServer
    static void setUp(WebServerConfig.Builder server) throws IOException, StartFailure {
        Path data = Files.writeString(folder.resolve("data.json"), "12345");
        Path config =
                Files.writeString(folder.resolve("config.yaml"), "data: {path: '" + data + "'}\n");
        SERVICE.configure(server, SERVICE.configuration("--config", config.toString()));
    }

    private static HttpService routes(DocumentResources<Integer> size) {
        return rules ->
                rules.any(
                                "/size",
                                size.resource(
                                        (bytes, request) -> Representation.text("size " + bytes)))
                        .any("/bug", new Resource(request -> fail("password\r\nINFO all is well")))
                        .any("/late", ServiceTest::failLate)
                        .any("/wait", new Resource(request -> await()))
                        .any("/error", new Resource(request -> overflow(1)));
    }

    @BeforeAll
    static void record() {
        LOGGER.addHandler(LOG);
        LOGGER.setUseParentHandlers(false);
    }

    @AfterAll
    static void stopRecording() {
        LOGGER.removeHandler(LOG);
        LOGGER.setUseParentHandlers(true);
    }

    @BeforeEach
    void forget() {
        LOG.records.clear();
    }

    @Test
    void servesItsDocument() {
        assertThat(client.get("/size").request(String.class).entity()).isEqualTo("size 5");
    }

    @Test
    void servesItsDescription() {
        var answer = client.get("/openapi").request(String.class);

        assertThat(answer.status()).isEqualTo(Status.OK_200);
        assertThat(answer.headers().get(HeaderNames.CONTENT_TYPE).get())
                .isEqualTo("application/openapi+json");
        assertThat(answer.entity()).isEqualTo("{\"openapi\": \"3.1.1\"}\n");
    }

    @Test
    void tellsTheClientNothingOfABugButTheIdThatTheLogHas() {
        var answer = client.get("/bug").request(String.class);

        assertThat(answer.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR_500);
        assertThat(LOG.records).hasSize(1);
        LogRecord logged = LOG.records.getFirst();
        assertThat(logged.getThrown()).hasMessageStartingWith("password");
        String line = LogFormat.JSON.line(logged);
        String id = line.replaceFirst("(?s).*,\"id\":\"([0-9a-f-]{36})\",.*", "$1");
        assertThat(withoutTrace(answer.entity()))
                .isEqualTo(
                        """
                        {"type":"about:blank","title":"Internal Server Error","status":500,"detail":"The service failed: \
                        try again, and report the id if it happens again.","instance":"/bug","id":"%s"}
                        """
                                .formatted(id));
    }

    @Test
    void leavesNothingOfAnAnswerThatFailsOnItsWay() {
        var answer = client.get("/late").request(String.class);

        assertThat(answer.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR_500);
        assertThat(answer.entity()).startsWith("{").endsWith("}\n");
        assertThat(answer.headers().contains(HeaderNames.ETAG)).isFalse();
        assertThat(answer.headers().contains(HeaderNames.LINK)).isFalse();
    }

    @Test
    void answersAnErrorToo() {
        assertThat(client.get("/error").request(String.class).status())
                .isEqualTo(Status.INTERNAL_SERVER_ERROR_500);
    }

    @Test
    void refusesWhatIsTooMuchForOneResourceAndServesTheOthers() throws Exception {
        int most = 128 + 128; // those that wait for them
        int tooMany = 72;
        var answers = new LinkedBlockingQueue<HttpClientResponse>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < most + tooMany; i++) {
                clients.execute(() -> answers.add(client.get("/wait").request()));
            }
            for (int i = 0; i < tooMany; i++) {
                try (var refused = answers.take()) {
                    assertThat(refused.status()).isEqualTo(Status.SERVICE_UNAVAILABLE_503);
                    assertThat(refused.headers().get(HeaderNames.RETRY_AFTER).get()).isEqualTo("1");
                    assertThat(withoutTrace(refused.as(String.class)))
                            .isEqualTo(
                                    """
                                    {"type":"about:blank","title":"Service Unavailable","status":503,\
                                    "detail":"The service is busy: try again in a moment.","instance":"/wait"}
                                    """);
                }
            }

            assertThat(client.get("/size").request(String.class).status()).isEqualTo(Status.OK_200);
            GATE.countDown();
            for (int i = 0; i < most; i++) {
                try (var answer = answers.take()) {
                    assertThat(answer.status()).isEqualTo(Status.OK_200);
                }
            }
        } finally {
            GATE.countDown();
        }
        assertThat(LOG.records).isEmpty();
    }

    private static String withoutTrace(String problem) {
        return problem.replaceFirst(",\"traceId\":\"[0-9a-f]{32}\"", "");
    }

    private static Representation await() {
        try {
            GATE.await();
            return Representation.text("");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Representation fail(String message) {
        throw new IllegalStateException(message);
    }

    private static void failLate(ServerRequest request, ServerResponse response) {
        response.contentLength(1_000_000);
        response.header(HeaderNames.ETAG, "\"of what is not sent\"");
        response.header(HeaderNames.LINK, "</next>; rel=\"next\"");
        throw new IllegalStateException("while it is sent");
    }

    private static Representation overflow(int depth) {
        return depth == 0 ? Representation.text("") : overflow(depth + 1);
    }

    private static final class Recorder extends Handler {
        private final List<LogRecord> records = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
