package todomanager.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.testing.junit5.RoutingTest;
import io.helidon.webserver.testing.junit5.SetUpRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.http.Representation;
import todomanager.http.Revision;
import todomanager.json.JsonDocument;
import todomanager.telemetry.Metrics;
import todomanager.testkit.ConfigMapFolder;

/// What changes of the file do to the document that is served; each test says when it is looked at.
@RoutingTest
class LiveDocumentTest {
    private static final Logger LOGGER = Logger.getLogger("todomanager");
    private static final String GOOD = "{\"a\": [\"old\"]}";
    private static final String BETTER = "{\"a\": [\"new\"]}";

    @TempDir private static Path folder;

    @SuppressWarnings("NullAway.Init") // with the routes
    private static Path file;

    @SuppressWarnings("NullAway.Init") // with the routes
    private static LiveDocument<Representation> live;

    private static Function<byte[], Representation> reader = LiveDocumentTest::read;

    private final Recorder log = new Recorder();
    private final Http1Client client;

    LiveDocumentTest(Http1Client client) {
        this.client = client;
    }

    @SetUpRoute
    static void routing(HttpRouting.Builder routing) throws IOException {
        file = Files.writeString(folder.resolve("data.json"), GOOD);
        live = new LiveDocument<>(file, json -> reader.apply(json), Duration.ZERO);
        routing.any("/", SnapshotResource.of(live, (document, _) -> document));
    }

    @BeforeEach
    void serveTheGoodOne() throws IOException {
        Files.writeString(file, GOOD);
        live.poll();
        LOGGER.addHandler(log);
    }

    @AfterEach
    void stopRecording() throws IOException {
        LOGGER.removeHandler(log);
        reader = LiveDocumentTest::read;
        Files.deleteIfExists(file);
    }

    @Test
    void servesAChangedDocumentFromTheNextLookOn() throws IOException {
        Files.writeString(file, BETTER);

        assertThat(served()).contains("old");
        live.poll();
        assertThat(served()).contains("new");
    }

    @Test
    void takesUpADocumentThatIsMovedIntoPlace() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), BETTER);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        live.poll();

        assertThat(served()).contains("new");
    }

    @Test
    void takesUpAChangeThatTheFilesTimeAndSizeHide() throws IOException {
        var time = Files.getLastModifiedTime(file);
        Files.writeString(file, BETTER);
        Files.setLastModifiedTime(file, time);
        live.poll();

        assertThat(served()).contains("new");
    }

    @Test
    void takesUpWhatTheKubeletSwaps() throws IOException {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        var configMap = new ConfigMapFolder(mount);
        configMap.write("data.json", GOOD.getBytes(UTF_8));
        var mounted =
                new LiveDocument<>(
                        configMap.file("data.json"), LiveDocumentTest::read, Duration.ZERO);
        configMap.write("data.json", "{\"a\": [1]}".getBytes(UTF_8));
        mounted.poll();
        configMap.write("data.json", BETTER.getBytes(UTF_8));
        mounted.poll();

        assertThat(log.lines).hasSize(2).last().asString().startsWith("serves ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"a\": [",
                "{\"a\": []} x",
                "{\"a\": []}{}",
                "{\"a\": [], \"a\": []}",
                "{\"a\": null}",
                "{\"a\": [1]}",
                "{\"a\": [\"\\ud800\"]}",
                "{\"a\": [1e999999999]}",
                "\uFFFF"
            })
    void keepsTheLastGoodDocumentBesideABadOne(String bad) throws IOException {
        Files.writeString(file, bad);
        live.poll();
        live.poll();

        assertThat(served()).contains("old");
        assertThat(log.lines)
                .singleElement()
                .asString()
                .startsWith(
                        "keeps serving revision "
                                + Revision.of(GOOD.getBytes(UTF_8)).value()
                                + ": "
                                + file
                                + ":1:");
        assertThat(metric("data_last_reload_successful")).isZero();
    }

    @Test
    void keepsTheLastGoodDocumentWhenTheFileIsGone() throws IOException {
        Files.delete(file);
        live.poll();
        live.poll();

        assertThat(served()).contains("old");
        assertThat(log.lines).singleElement().asString().endsWith(": no such file; check the path");
    }

    @Test
    void recoversWhenABadDocumentIsTakenBack() throws IOException {
        Files.writeString(file, "{");
        live.poll();
        Files.writeString(file, GOOD);
        live.poll();

        assertThat(served()).contains("old");
        assertThat(metric("data_last_reload_successful")).isOne();
        assertThat(log.lines)
                .last()
                .asString()
                .isEqualTo(
                        "serves "
                                + file
                                + ", revision "
                                + Revision.of(GOOD.getBytes(UTF_8)).value());
    }

    @Test
    void triesAgainLessAndLessOftenWhereMemoryIsShortAndSaysSoOnce() throws IOException {
        var attempts = new AtomicInteger();
        reader =
                json -> {
                    attempts.incrementAndGet();
                    throw new OutOfMemoryError("for the test");
                };
        Files.writeString(file, BETTER);
        look(20);
        assertThat(attempts).hasValue(5); // at looks 1, 3, 6, 11 and 20
        assertThat(log.lines)
                .singleElement()
                .asString()
                .startsWith("keeps serving")
                .contains("no memory to read it in");

        reader = LiveDocumentTest::read;
        look(16);
        assertThat(served()).contains("old");
        look(1);
        assertThat(served()).contains("new");
        assertThat(log.lines).hasSize(2).last().asString().startsWith("serves ");
    }

    @Test
    void servesOtherContentAtOnceWhereMemoryWasShort() throws IOException {
        reader =
                json -> {
                    throw new OutOfMemoryError("for the test");
                };
        Files.writeString(file, BETTER + " ");
        look(11);
        reader = LiveDocumentTest::read;
        Files.writeString(file, BETTER);
        look(1);

        assertThat(served()).contains("new");
    }

    @Test
    void saysOnceThatTheReaderFailed() throws IOException {
        reader =
                json -> {
                    throw new IllegalStateException("for the test");
                };
        Files.writeString(file, BETTER);
        look(2);

        assertThat(served()).contains("old");
        assertThat(log.lines).singleElement().asString().startsWith("keeps serving");
    }

    private static void look(int times) {
        for (int i = 0; i < times; i++) {
            live.poll();
        }
    }

    @Test
    void saysNothingOfAFileThatIsWrittenAsItWas() throws IOException {
        Files.writeString(file, GOOD);
        live.poll();

        assertThat(log.lines).isEmpty();
    }

    @Test
    void namesTheRevisionThatIsServedInAnswersAndMetrics() throws IOException {
        Files.writeString(file, BETTER);
        live.poll();
        String revision = Revision.of(BETTER.getBytes(UTF_8)).value();

        assertThat(client.get("/").request(String.class).headers().get(Revision.HEADER).get())
                .isEqualTo(revision);
        assertThat(Metrics.REGISTRY.scrape())
                .contains("data_document_info{revision=\"" + revision + "\"} 1")
                .doesNotContain(Revision.of(GOOD.getBytes(UTF_8)).value());
    }

    private String served() {
        return client.get("/").request(String.class).entity();
    }

    private static double metric(String name) {
        return Metrics.REGISTRY
                .scrape()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + name));
    }

    private static Representation read(byte[] json) {
        return Representation.json(out -> {
            out.writeStartObject();
            JsonDocument.forEachMember(
                    json,
                    member -> {
                        member.requireStrings();
                        member.writeMember(out);
                    });
            out.writeEnd();
        });
    }

    private static final class Recorder extends Handler {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord record) {
            lines.add(new SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
