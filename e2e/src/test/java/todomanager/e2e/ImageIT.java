package todomanager.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The images that podman or docker has built.
@Timeout(300)
class ImageIT {
    private static final long MOST_BYTES = 60_000_000;
    private static final int STARTS = 2;
    private static final int MOST_STARTS = 6; // where all else that the machine does is much
    private static final int PORT = 5050;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String VERSION = System.getProperty("e2e.version", "");
    private static final String ENGINE =
            Stream.of("podman", "docker")
                    .filter(name ->
                            Stream.of(System.getenv("PATH").split(":"))
                                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))))
                    .findFirst()
                    .orElseThrow();

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"user-svc", "todo-svc"})
    void isSmall(String service) throws Exception {
        String bytes = shell("%s save %s | gzip | wc --bytes".formatted(ENGINE, image(service)));
        long size = Long.parseLong(bytes.strip());
        System.out.printf("Image %s: %.1f MB compressed%n", service, size / 1e6);

        assertThat(size).isBetween(1_000_000L, MOST_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user-svc", "todo-svc"})
    void hasAUserByNumberAndNeitherAShellNorASetuidFile(String service) throws Exception {
        String user = run("image", "inspect", "--format={{.Config.User}}", image(service));
        String container = run("create", image(service)).strip();
        try {
            String files =
                    shell("%s export %s | tar --list --verbose".formatted(ENGINE, container));

            assertThat(user.strip()).isEqualTo("10001:0");
            assertThat(files.lines())
                    .noneMatch(file -> file.matches("-.{0,8}[sS].*"))
                    .noneMatch(file -> file.matches(".*/((ba|da|a)?sh|busybox|toybox)( -> .*)?"))
                    .noneMatch(file -> file.matches(".*/(apt|apt-get|dpkg|apk)( -> .*)?"))
                    .noneMatch(file -> file.contains("app/database"))
                    .anyMatch(file -> file.endsWith("app/" + service + ".jar"))
                    .anyMatch(file -> file.endsWith("app/sbom.json"));
        } finally {
            run("rm", container);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"user-svc", "todo-svc"})
    void isOfTheVersionThatTheManifestsAndTheReadmeName(String service) throws Exception {
        String labels =
                run("image", "inspect", "--format='{{json .Config.Labels}}'", image(service));
        String title = "org.opencontainers.image.title\":\"todo-manager " + service + '"';
        String version = "org.opencontainers.image.version\":\"" + VERSION + '"';

        assertThat(labels).contains(title, version, "org.opencontainers.image.licenses");
        assertThat(Kubectl.run("kustomize", "k8s")).contains("image: " + image(service) + '\n');
        assertThat(Files.readString(Repository.ROOT.resolve("README.md")))
                .contains("todo-manager/$service:" + VERSION);
    }

    /// An image listens on all addresses: so nobody opens the data to a network by accident.
    @ParameterizedTest
    @ValueSource(strings = {"user-svc", "todo-svc"})
    void doesNotStartWhereWhoeverReachesItCouldWriteAndNobodySaysThatThisIsMeant(String service)
            throws Exception {
        Path data = Files.createDirectory(folder.resolve("database"));
        for (String document : List.of("todo.json", "users.json")) {
            Path copy = data.resolve(document);
            Files.copy(Repository.ROOT.resolve("database/" + document), copy);
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-rw-rw-"));
        }
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
        String output =
                shell(
                        "%s run --rm --network=none --volume=%s:/app/database %s 2>&1 || echo ended with $?"
                                .formatted(ENGINE, data, image(service)));

        assertThat(output)
                .contains(service + ": auth (AUTH): other machines may reach the service")
                .endsWith("ended with 78");
    }

    /// Alternately, from the start of the process, since the engine's own time is not ours; the
    /// quickest of each, since all else that the machine does only adds to it.
    @ParameterizedTest
    @CsvSource({"user-svc, /users", "todo-svc, /lists"})
    void answersSoonerWithItsCache(String service, String path) throws Exception {
        var with = new ArrayList<Duration>();
        var without = new ArrayList<Duration>();
        long least;
        long leastWithout;
        do {
            with.add(firstAnswer(service, path, "auto"));
            without.add(firstAnswer(service, path, "off"));
            least = Collections.min(with).toMillis();
            leastWithout = Collections.min(without).toMillis();
        } while (with.size() < STARTS || (least >= leastWithout && with.size() < MOST_STARTS));
        System.out.printf(
                "Image %s: first answer after %d ms, without the cache %d ms: %.2f%n",
                service, least, leastWithout, (double) least / leastWithout);

        assertThat(least).isLessThan(leastWithout);
    }

    private static Duration firstAnswer(String service, String path, String mode) throws Exception {
        String container =
                start(
                        service,
                        Repository.ROOT.resolve("database"),
                        "--memory=128m",
                        "--env=JAVA_TOOL_OPTIONS=-XX:AOTMode=" + mode);
        try {
            await(container, path, 200, Duration.ofMillis(2));
            double answered = uptime();
            String pid = run("inspect", "--format={{.State.Pid}}", container).strip();
            return Duration.ofMillis((long) (1_000 * (answered - started(pid))));
        } finally {
            run("rm", "--force", "--time=0", container);
        }
    }

    /// By the options of the image alone: the heap follows the container's memory.
    @Test
    void servesAndReloadsADocumentOf40MegabytesInAGibibyte() throws Exception {
        Path data = Files.createDirectory(folder.resolve("database"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path users = data.resolve("users.json");
        write(users, 'a');
        String container = start("user-svc", data, "--memory=1g", "--memory-swap=1g");
        try {
            await(container, "/users/user-a-1", 200, POLL);
            for (char letter = 'b'; letter < 'e'; letter++) {
                Path next = data.resolve("next.json");
                write(next, letter);
                Files.move(next, users, StandardCopyOption.ATOMIC_MOVE);
                await(container, "/users/user-" + letter + "-1", 200, POLL);
            }
            String memory =
                    run("stats", "--no-stream", "--format={{.MemUsage}}", container).strip();
            System.out.printf(
                    "Image user-svc: %d bytes of users, taken up three times; %s%n",
                    Files.size(users), memory);
            assertThat(Files.size(users)).isGreaterThan(40_000_000);
        } finally {
            run("rm", "--force", "--time=0", container);
        }
    }

    private static void write(Path file, char letter) throws IOException {
        try (var out = Files.newBufferedWriter(file)) {
            out.write('{');
            for (int i = 0; i < 750_000; i++) {
                out.write(i == 0 ? "" : ",\n");
                out.write(
                        "\"user-%s-%d\":{\"id\":%d,\"name\":\"User %d\",\"verified\":1}"
                                .formatted(letter, i, i, i));
            }
            out.write("}\n");
        }
    }

    /// Starts a container as a pod would be, on ports of its own.
    private static String start(String service, Path data, String... options) throws Exception {
        var arguments =
                new ArrayList<>(
                        List.of(
                                "run",
                                "--detach",
                                "--network=host",
                                "--read-only",
                                "--cap-drop=all",
                                "--user=123456:0",
                                "--env=SERVER_PORT=" + PORT,
                                "--env=SERVER_SOCKETS_ADMIN_PORT=0",
                                "--env=DATA_WRITABLE=false",
                                "--volume=" + data + ":/app/database:ro"));
        arguments.addAll(List.of(options));
        arguments.add(image(service));
        return run(arguments.toArray(String[]::new)).strip();
    }

    private static void await(String container, String path, int status, Duration poll)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + path));
        long begin = System.nanoTime();
        try (var client = HttpClient.newHttpClient()) {
            while (System.nanoTime() - begin < PATIENCE.toNanos()) {
                try {
                    var answer = client.send(request.build(), BodyHandlers.discarding());
                    if (answer.statusCode() == status) {
                        return;
                    }
                } catch (IOException e) {
                    // it does not listen as yet
                }
                LockSupport.parkNanos(poll.toNanos()); // or to ask would slow it down
            }
        }
        throw new AssertionError(run("logs", container));
    }

    /// Seconds since the machine started, as are those of a process; its time of day is not as
    /// fine.
    private static double uptime() throws IOException {
        String uptime = Files.readString(Path.of("/proc/uptime"));
        return Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
    }

    private static double started(String pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", pid, "stat"));
        return Double.parseDouble(Arrays.asList(stat.split(" ", -1)).get(21)) / 100; // ticks
    }

    private static String image(String service) {
        return "todo-manager/" + service + ":" + VERSION;
    }

    private static String run(String... arguments) throws Exception {
        return shell(ENGINE + " " + String.join(" ", arguments));
    }

    private static String shell(String command) throws Exception {
        Process process =
                new ProcessBuilder("bash", "-o", "pipefail", "-c", command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String output = String.join("\n", process.inputReader().lines().toList());
        assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
        return output;
    }
}
