package todomanager.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.document.SnapshotResource;
import todomanager.http.Representation;
import todomanager.http.Revision;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;
import todomanager.service.Service.Parts;
import todomanager.testkit.ConfigMapFolder;

/// A thousand swaps of the document, as the kubelet does them, while it is asked for.
class SwapsUnderLoadTest {
    private static final int SWAPS = 1_000;
    private static final int CLIENTS = 4;

    @TempDir private Path folder;

    private final AtomicInteger answers = new AtomicInteger();
    private final Map<String, String> bodies = new ConcurrentHashMap<>();

    @Test
    @Timeout(120)
    void giveNoAnswerThatIsOfTwoRevisions() throws Exception {
        var configMap = new ConfigMapFolder(Files.createDirectory(folder.resolve("mount")));
        configMap.write("data.json", document(0));
        WebServer server = start(configMap.file("data.json"));
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/");
        String last = Revision.of(document(SWAPS)).value();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> asking =
                    java.util.stream.IntStream.range(0, CLIENTS)
                            .<Future<?>>mapToObj(i ->
                                    clients.submit(() -> {
                                        askUntil(last, uri);
                                        return null;
                                    }))
                            .toList();
            for (int i = 1; i <= SWAPS; i++) {
                configMap.write("data.json", document(i));
            }
            for (Future<?> client : asking) {
                client.get(); // throws what the client has found wrong
            }
        } finally {
            server.stop();
        }
        System.out.printf(
                "G8: %d swaps, %d answers, each whole and of one revision; %d revisions seen%n",
                SWAPS, answers.get(), bodies.size());

        assertThat(bodies).containsKey(last);
    }

    private void askUntil(String last, URI uri) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            String revision = "";
            while (!revision.equals(last)) {
                HttpResponse<String> answer =
                        client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
                revision = answer.headers().firstValue("X-Data-Revision").orElseThrow();
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(Revision.of(answer.body().getBytes(UTF_8)).value()).isEqualTo(revision);
                bodies.put(revision, answer.body());
                answers.incrementAndGet();
            }
        }
    }

    /// Served as it is, so that whoever gets it can compute its revision.
    private WebServer start(Path data) throws IOException, StartFailure {
        var service =
                new Service(
                        "swap-svc",
                        json -> {},
                        List.of(),
                        Optional.empty(),
                        settings -> {
                            var text = settings.document(SwapsUnderLoadTest::read);
                            return new Parts(
                                    rules ->
                                            rules.any(
                                                    "/",
                                                    SnapshotResource.of(
                                                            text,
                                                            (whole, _) ->
                                                                    Representation.text(whole))),
                                    text::start,
                                    List.of(text));
                        });
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"),
                        "data: {path: '" + data + "', poll: PT0.001S}\n");
        var server = WebServer.builder();
        service.configure(server, service.configuration("--config", config.toString()));
        return server.build().start();
    }

    private static String read(byte... json) {
        JsonDocument.forEachMember(json, JsonNode::requireStrings);
        return new String(json, UTF_8);
    }

    private static byte[] document(int i) {
        return ("{\"" + "x".repeat(i % 100) + "\": [\"" + i + "\"]}").getBytes(UTF_8);
    }
}
