package todomanager.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.helidon.http.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.document.DocumentWriter.Codec;
import todomanager.document.DocumentWriter.NotWritable;
import todomanager.http.Problem;
import todomanager.http.Revision;
import todomanager.http.Revision.Kept;
import todomanager.json.JsonDocument;
import todomanager.testkit.ConfigMapFolder;
import todomanager.testkit.LogRecorder;

/// What is written into the file of a document of numbers.
@Timeout(60)
class DocumentWriterTest {
    private static final String TWO = "{ \"a\" : 1.50,\r\n\t\"b\":2 }";

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private Path file;

    @SuppressWarnings("NullAway.Init") // before each test
    private LiveDocument<Numbers> live;

    @SuppressWarnings("NullAway.Init") // before each test
    private DocumentWriter<Numbers, String> writer;

    private record Numbers(JsonMembers members) implements Document<Numbers> {
        static Numbers read(byte... json) {
            var numbers = new JsonMembers.Builder(json);
            JsonDocument.forEachMember(
                    json,
                    "",
                    (number, begin, end) -> {
                        if (number.integer().isEmpty() && number.string().isPresent()) {
                            number.expected("a number");
                        }
                        numbers.read(number, begin, end);
                    });
            return new Numbers(numbers.build());
        }

        @Override
        public Numbers with(Numbers changed, Set<String> removed) {
            return new Numbers(
                    members.joined(changed.members, members.runs(changed.members, removed)));
        }
    }

    @BeforeEach
    void open() throws IOException {
        open(Files.writeString(folder.resolve("numbers.json"), TWO));
    }

    private void open(Path path) {
        open(path, Numbers::read);
    }

    private void open(Path path, Function<byte[], Numbers> reader) {
        file = path;
        live = new LiveDocument<>(path, reader, Duration.ZERO);
        writer = writer(live);
    }

    private static DocumentWriter<Numbers, String> writer(LiveDocument<Numbers> document) {
        return new DocumentWriter<>(
                document,
                new Codec<>(
                        text -> new String(text, UTF_8).strip(),
                        Function.identity(),
                        String::length,
                        text -> Map.of("", text),
                        (_, _, ours) -> ours));
    }

    @AfterEach
    void close() throws IOException {
        writer.close();
        live.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a 3       | { "a": 3,\\r\\n\\t"b":2 }
                    b 3       | { "a" : 1.50,\\r\\n\\t"b": 3 }
                    c 3       | { "a" : 1.50,\\r\\n\\t"b":2,\\n  "c": 3 }
                    a -       | { "b":2 }
                    b -       | { "a" : 1.50 }
                    a -;b -   | {}\\n
                    a -;c 3   | { "b":2,\\n  "c": 3 }
                    a -;b -;c 3 | { "c": 3 }
                    a 3;a -;a 4 | { "b":2,\\n  "a": 4 }
                    a 1.50;c -  | { "a" : 1.50,\\r\\n\\t"b":2 }
                    c 3;c -   | { "a" : 1.50,\\r\\n\\t"b":2 }
                    """)
    void leavesTheTextOfWhatNobodyChangedAsItIs(String changes, String text) throws IOException {
        for (String change : changes.split(";", -1)) {
            change(change);
        }

        assertThat(Files.readString(file)).isEqualTo(unescaped(text));
        assertThat(live.snapshot().revision()).isEqualTo(Revision.of(Files.readAllBytes(file)));
        assertThat(live.isCurrent()).isTrue();
        var read = Numbers.read(Files.readAllBytes(file));
        assertThat(live.snapshot().document().members().items().whole())
                .hasToString(read.members().items().whole().toString());
    }

    @Test
    void writesTheFirstMemberOnALineOfItsOwn() throws IOException {
        Files.writeString(file, "{}");
        live.poll();
        change("é\" 1");
        assertThat(file).hasContent("{\n  \"é\\\"\": 1\n}\n");

        change("é\" -");
        assertThat(file).hasContent("{}\n");
        assertThat(live.snapshot().document().members().items().whole()).hasToString("{}\n");
    }

    @Test
    void servesWhatItHasWritten() {
        Kept<String> written = change("a 7");

        assertThat(live.snapshot().revision()).isEqualTo(written.revision());
        assertThat(live.snapshot().document().members().find("a").orElseThrow()).hasToString("7\n");
        assertThat(live.snapshot().document().members().find("b").orElseThrow()).hasToString("2\n");
    }

    @Test
    void writesNothingForAChangeThatIsRefused() throws IOException {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() ->
                        writer.change(draft -> {
                            throw new IllegalArgumentException("no");
                        }));
        assertThat(file).hasContent(TWO.replace("\r\n", "\n"));
        assertThat(Files.readString(file)).isEqualTo(TWO);
    }

    @Test
    void losesNoneOfManyChangesAtOnce() throws Exception {
        var started = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all =
                    IntStream.range(0, 500)
                            .mapToObj(i ->
                                    threads.submit(() -> {
                                        started.await();
                                        return writer.change(DocumentWriterTest::increment).value();
                                    }))
                            .toList();
            started.countDown();
            for (var one : all) {
                one.get();
            }
        }

        assertThat(Files.readString(file)).contains("\"n\": 500");
    }

    private static String increment(DocumentWriter<Numbers, String>.Draft draft) {
        String next = Integer.toString(Integer.parseInt(draft.get("n").orElse("0")) + 1);
        draft.put("n", Optional.of(next));
        return next;
    }

    /// What waits at the end is still written, and would take it along.
    @Test
    void doesNotWriteWhatItRefusesAtTheEnd() throws Exception {
        var release = new CompletableFuture<Void>();
        live.execute(release::join);
        var waiting = Thread.startVirtualThread(() -> change("c 3"));
        while (waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait(); // until it is its turn next
        }
        live.close();
        assertUnavailable();
        release.complete(null);
        waiting.join();

        assertThat(Files.readString(file)).contains("\"c\": 3").contains("\"b\":2");
    }

    @Test
    void takesUpAnEditThatComesBetween() throws IOException {
        Path edited = Files.writeString(folder.resolve("edited"), "{\"a\": 5, \"z\": 9}");
        writer.change(draft -> {
            moveOnce(edited);
            draft.put("b", Optional.of(draft.get("a").orElse("0")));
            return "";
        });

        assertThat(file).hasContent("{\"a\": 5, \"z\": 9,\n  \"b\": 5}");
    }

    @Test
    void takesUpAnEditThatComesWhileAnotherIsRead() throws IOException {
        close();
        Path next = Files.writeString(folder.resolve("next"), "{\"z\": 9}");
        open(
                file,
                json -> {
                    if (new String(json, UTF_8).contains("edited")) {
                        moveOnce(next);
                    }
                    return Numbers.read(json);
                });
        Files.writeString(file, "{\"edited\": 5}");
        change("c 3");

        assertThat(file).hasContent("{\"z\": 9,\n  \"c\": 3}");
    }

    private void moveOnce(Path edited) {
        try {
            if (Files.exists(edited)) {
                Files.move(edited, file, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// An editor that was opened before the changes, and saves after them.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a 3       | { "a" : 1.50, "b": 7 } | { "a": 3, "b": 7 }
                    a 3;a 4   | { "a" : 3, "b": 7 }    | { "a": 4, "b": 7 }
                    c 4;a 3   | { "a" : 5, "b":7 }     | { "a": 3, "b":7,\\n  "c": 4 }
                    a 3;c 4   | {"a":1.50,"b":7,"c":4} | {"a":1.50,"b":7,"c":4}
                    a 3;b 7   | {"b":7}                | {"b":7}
                    c 3       | { "a" : 1.50, "b": 7 } | { "a" : 1.50, "b": 7,\\n  "c": 3 }
                    a -       | { "a" : 1.50, "b": 7 } | { "b": 7 }
                    a 3       | { "b":7 }              | { "b":7 }
                    a -       | { "a" : 5, "b":7 }     | { "a" : 5, "b":7 }
                    """)
    void keepsWhatAnEditHasNotSeen(String changes, String edited, String kept) throws IOException {
        for (String change : changes.split(";", -1)) {
            change(change);
        }
        Files.writeString(file, edited);
        live.poll();
        writer.change(draft -> ""); // comes behind what the edit made necessary

        assertThat(Files.readString(file)).isEqualTo(unescaped(kept));
    }

    @Test
    void keepsWhatAnEditHasNotSeenThoughItIsSavedAgain() throws IOException {
        change("a 3");
        for (int save = 0; save < 2; save++) {
            Files.writeString(file, "{ \"a\" : 1.50, \"b\": 7 }");
            live.poll();
            writer.change(draft -> ""); // comes behind what the edit made necessary
        }

        assertThat(file).hasContent("{ \"a\": 3, \"b\": 7 }");
    }

    @Test
    void takesADocumentThatIsPutBackAsItIs() throws IOException {
        change("a 3");
        Files.writeString(file, TWO);
        live.poll();
        writer.change(draft -> "");

        assertThat(Files.readString(file)).isEqualTo(TWO);
    }

    @Test
    void neverOverwritesADocumentWithAFault() throws IOException {
        Files.writeString(file, "{\"a\": }");

        try (var log = new LogRecorder("todomanager")) {
            assertUnavailable();
            assertThat(log.lines())
                    .anyMatch(line -> line.contains(":1:7: expected a value, found \"}\""));
        }
        assertThat(file).hasContent("{\"a\": }");
        assertThat(live.snapshot().document().members().find("b")).isPresent();

        Files.writeString(file, "{\"a\": 8}");
        change("b 9");
        assertThat(file).hasContent("{\"a\": 8,\n  \"b\": 9}");
    }

    @Test
    void writesAgainOnceAFolderInThePlaceOfTheFileIsGone() throws IOException {
        Files.delete(file);
        Files.createDirectories(file.resolve("in the way"));
        assertUnavailable();

        Files.delete(file.resolve("in the way"));
        Files.delete(file);
        Files.writeString(file, TWO);
        change("b 9");
        assertThat(Files.readString(file)).endsWith("\"b\": 9 }");
    }

    private void assertUnavailable() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> change("b 3"))
                .satisfies(problem ->
                        assertThat(problem.status()).isEqualTo(Status.SERVICE_UNAVAILABLE_503));
    }

    @Test
    void leavesNothingBesideTheFileButItsLock() throws IOException {
        close();
        Files.writeString(folder.resolve(".numbers.json.tmp"), "of a process that was killed");
        open(file);
        change("a 2");

        try (var files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("numbers.json", ".numbers.json.lock");
        }
    }

    @Test
    void keepsTheModeOfTheFile() throws IOException {
        var mode = PosixFilePermissions.fromString("rw-r-----");
        Files.setPosixFilePermissions(file, mode);
        change("a 2");

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(mode);
    }

    @Test
    void writesTheFileThatALinkLeadsTo() throws IOException {
        close();
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path target = Files.writeString(elsewhere.resolve("n.json"), TWO);
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), target);
        open(link);
        change("a 2");

        assertThat(Files.isRegularFile(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(Files.readString(target)).contains("\"a\": 2");
    }

    @Test
    void refusesASecondWriterUntilTheFirstIsClosed() throws IOException {
        assertThatExceptionOfType(NotWritable.class)
                .isThrownBy(() -> writer(live))
                .withMessage(file + ": can't be written: another process does so; stop that one");
        writer.close();
        writer = writer(live);
        change("a 2");
    }

    @Test
    void refusesAFileThatMayOnlyBeRead() throws IOException {
        close();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));

        assertThatExceptionOfType(NotWritable.class)
                .isThrownBy(() -> writer(live))
                .withMessage(file + ": can't be written: it may only be read");
    }

    @Test
    void refusesAConfigMap() throws IOException {
        var configMap = new ConfigMapFolder(Files.createDirectory(folder.resolve("mount")));
        configMap.write("numbers.json", TWO.getBytes(UTF_8));
        var mounted =
                new LiveDocument<>(configMap.file("numbers.json"), Numbers::read, Duration.ZERO);

        assertThatExceptionOfType(NotWritable.class)
                .isThrownBy(() -> writer(mounted))
                .withMessageEndingWith(": can't be written: a ConfigMap's file can only be read");
        mounted.close();
    }

    /// `NAME NUMBER`, or `NAME -` for one that goes.
    private Kept<String> change(String change) {
        String[] words = change.strip().split(" ", -1);
        return writer.change(draft -> {
            draft.put(words[0], Optional.of(words[1]).filter(number -> !number.equals("-")));
            return words[0];
        });
    }

    private static String unescaped(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
    }
}
