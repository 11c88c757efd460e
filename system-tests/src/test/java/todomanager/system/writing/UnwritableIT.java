package todomanager.system.writing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.Answer;
import todomanager.testkit.Load;
import todomanager.testkit.LoadResult;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// What todo-svc does whose document can't be written, for a while or from the start.
@Tag("system")
@Timeout(180)
class UnwritableIT {
    private static final int WRITES = 20;

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private Path data;

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    @BeforeEach
    void makeDocument() throws IOException {
        data = Files.createDirectory(folder.resolve("data")).resolve("todo.json");
        Files.writeString(data, "{\"ana\": {\"home\": [\"Milk\"]}}");
    }

    /// The words of the operating system are those of the language.
    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void writesAgainOnceTheDiskHasRoom(String language) throws Exception {
        String mount =
                "cp %1$s %2$s && mount -t tmpfs -o size=64k none %3$s && cp %2$s %1$s"
                        .formatted(data, folder.resolve("copy"), data.getParent());
        try (var todo = start(Mounts.launcher(mount), Map.of("LANGUAGE", language))) {
            Path filler = Mounts.of(todo.process(), data.resolveSibling("filler"));

            requireNoWrites(todo, 507, () -> fill(filler), () -> Files.delete(filler));
        }
    }

    /// Takes all the room that there is.
    private static void fill(Path filler) throws IOException {
        Files.createFile(filler);
        try {
            while (true) {
                Files.write(filler, new byte[1], StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            // no more
        }
    }

    @Test
    void writesAgainOnceTheFolderMayBeWritten() throws Exception {
        try (var todo = start(Mounts.launcher("true"), Map.of())) {
            requireNoWrites(
                    todo,
                    503,
                    () -> Mounts.run(todo.process(), readOnlyFolder()),
                    () -> Mounts.run(todo.process(), "umount " + data.getParent()));
        }
    }

    private String readOnlyFolder() {
        return "mount --bind %1$s %1$s && mount -o remount,ro,bind %1$s"
                .formatted(data.getParent());
    }

    /// As `docker run --volume` and Kubernetes' `subPath` mount a file, which can't be replaced.
    @Test
    void writesAgainOnceTheFileIsNoMountOfItsOwn() throws Exception {
        try (var todo = start(Mounts.launcher("true"), Map.of())) {
            requireNoWrites(
                    todo,
                    503,
                    () -> Mounts.run(todo.process(), "mount --bind %1$s %1$s".formatted(data)),
                    () -> Mounts.run(todo.process(), "umount " + data));
        }
    }

    @Test
    void writesAgainOnceNoFolderIsInThePlaceOfTheFile() throws Exception {
        Path aside = folder.resolve("aside");
        try (var todo = start(List.of(), Map.of())) {
            requireNoWrites(
                    todo,
                    503,
                    () -> {
                        Files.move(data, aside);
                        Files.createDirectories(data.resolve("in the way"));
                    },
                    () -> {
                        Files.delete(data.resolve("in the way"));
                        Files.delete(data);
                        Files.move(aside, data);
                    });
        }
    }

    /// Between the two steps writes are refused and change nothing, and reads are answered.
    private void requireNoWrites(Serving todo, int status, Step spoil, Step mend) throws Exception {
        var plan =
                new Load.Plan(
                                todo.uri().getPort(),
                                4,
                                1_000_000,
                                Duration.ofSeconds(30),
                                _ -> "/lists/ana")
                        .withCheck(answer ->
                                assertThat(answer.body())
                                        .isEqualTo("{\"home\":[\"Milk\",\"before\"]}\n"));
        var answers = new TreeMap<Integer, Integer>();
        try (var client = new Client(todo.uri())) {
            assertThat(add("before", client).status()).isEqualTo(201);
            String text = Files.readString(Mounts.of(todo.process(), data));
            spoil.run();
            LoadResult reads;
            try (var load = Load.start(plan)) {
                for (int i = 0; i < WRITES || load.sent() < WRITES; i++) {
                    Answer refused = add("meanwhile " + i, client);
                    answers.merge(refused.status(), 1, Integer::sum);
                    assertThat(refused.headers())
                            .containsEntry("Content-Type", "application/problem+json")
                            .containsKey("Retry-After");
                }
                reads = load.stop();
            }
            mend.run();

            assertThat(answers).containsOnlyKeys(status);
            assertThat(reads.counts()).containsOnlyKeys(200);
            assertThat(reads.failed()).isZero();
            assertThat(Mounts.of(todo.process(), data)).hasContent(text);
            assertThat(add("after", client).status()).isEqualTo(201);
            System.out.println(
                    "While nothing can be written: writes " + answers + ", reads " + reads);
        }
        Path there = Mounts.of(todo.process(), folder.resolve("data"));
        try (var files = Files.list(there)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("todo.json", ".todo.json.lock");
        }
        assertThat(Files.readString(there.resolve("todo.json")))
                .contains("\"Milk\",", "\"before\",", "\"after\"")
                .doesNotContain("meanwhile");
        assertThat(todo.process().stop().output())
                .noneMatch(line -> line.contains("SEVERE") || line.contains("\tat "))
                .filteredOn(line -> line.contains(" WARNING " + status + " for "))
                .hasSizeGreaterThanOrEqualTo(WRITES);
    }

    @Test
    void dontStartWithAFileThatMayOnlyBeRead() throws IOException {
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r--r--r--"));

        requireNoStart(List.of(), "it may only be read");
    }

    @Test
    void dontStartInAFolderThatMayOnlyBeRead() throws Exception {
        requireNoStart(Mounts.launcher(readOnlyFolder()), "it may only be read");
    }

    @Test
    void dontStartBesideAnotherThatWritesTheFile() throws Exception {
        int kills = 5;
        for (int kill = 0; kill < kills; kill++) {
            try (var todo = start(List.of(), Map.of());
                    var client = new Client(todo.uri())) {
                requireNoStart(List.of(), "another process does so; stop that one");
                assertThat(add("after " + kill, client).status()).isEqualTo(201);
                todo.process().signal("KILL");
                todo.process().end();
            }
        }
        System.out.println("Second processes refused, and their holders killed: " + kills);

        assertThat(Files.readString(data)).contains("after " + (kills - 1));
    }

    private void requireNoStart(List<String> launcher, String why) throws IOException {
        var end = ServiceProcess.run(launcher, "todo-svc", environment(Map.of()));

        assertThat(end.exitCode()).isEqualTo(78);
        assertThat(end.output())
                .last()
                .isEqualTo(
                        "todo-svc: %s: can't be written: %s; if that is meant, set data.writable=false (DATA_WRITABLE) to serve what is there"
                                .formatted(data, why));
    }

    private Serving start(List<String> launcher, Map<String, String> environment)
            throws IOException {
        return ServiceProcess.start(launcher, "todo-svc", environment(environment));
    }

    private Map<String, String> environment(Map<String, String> more) {
        var environment = new HashMap<>(more);
        environment.put("DATA_PATH", data.toString());
        environment.put("DATA_WRITABLE", "true");
        environment.put("LC_ALL", "C.UTF-8");
        return environment;
    }

    private static Answer add(String title, Client client) throws IOException {
        return client.send("POST", "/lists/ana/home/items", "{\"title\": \"%s\"}".formatted(title));
    }
}
