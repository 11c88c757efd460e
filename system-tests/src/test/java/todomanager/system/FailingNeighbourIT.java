package todomanager.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import todomanager.testkit.Http;
import todomanager.testkit.Load;
import todomanager.testkit.LoadResult;
import todomanager.testkit.StubTodoService;
import todomanager.testkit.StubTodoService.Behaviour;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// The packaged user-svc beside a todo-svc that does all it can do wrong.
@Tag("system")
@Timeout(60)
class FailingNeighbourIT {
    private static final int CLIENTS = 16;

    @TempDir private static Path folder;

    private static StubTodoService todoService;
    private static Serving user;

    @BeforeAll
    static void start() throws IOException {
        todoService = new StubTodoService();
        user = ServiceProcess.start("user-svc", Map.of("TODO_URI", todoService.uri().toString()));
    }

    @AfterAll
    static void stop() throws IOException {
        user.close();
        todoService.close();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("todomanager.testkit.Faults#all")
    void isAnsweredForInTimeWhileUsersAreServed(String fault, Behaviour behaviour, int status) {
        todoService.behaves(behaviour);
        int port = user.uri().getPort();
        var patience = Duration.ofSeconds(20);
        var lists = new Load.Plan(port, CLIENTS, 2 * CLIENTS, patience, k -> "/users/aniket/lists");
        var users = new Load.Plan(port, 2, 100, patience, k -> "/users/aniket").withRate(200);
        try (var failing = Load.start(lists);
                var served = Load.start(users)) {
            LoadResult one = served.join();
            LoadResult other = failing.join();
            System.out.printf(
                    "G3: todo-svc %s: its lists %s, /users/aniket %s%n",
                    fault, other, one.percentiles());

            assertThat(one.counts()).containsOnlyKeys(200);
            assertThat(one.failed()).isZero();
            assertThat(other.counts()).containsOnlyKeys(status);
            assertThat(other.failed()).isZero();
        }
    }

    /// 128 calls at once, and as many requests that wait for them: each for a second at most.
    @Test
    void isAnsweredForInTimeToThoseThatWaitForOthersToo() {
        todoService.behaves(connection -> StubTodoService.waits(connection, Duration.ofSeconds(5)));
        var plan =
                new Load.Plan(
                                user.uri().getPort(),
                                256,
                                256,
                                Duration.ofSeconds(20),
                                k -> "/users/aniket/lists")
                        .withTimeout(Duration.ofSeconds(4));
        LoadResult result = Load.start(plan).join();
        System.out.println("G3: todo-svc is silent, 256 at once: " + result);

        assertThat(result.failed()).isZero();
        assertThat(result.counts()).containsKey(504).doesNotContainKey(200);
    }

    /// A pipe that nobody writes to is as silent as a name server that does not answer.
    @Test
    void isLookedForByFewThreadsWhenNoNameServerAnswers() throws Exception {
        Path hosts = folder.resolve("hosts");
        assertThat(new ProcessBuilder("mkfifo", hosts.toString()).start().waitFor()).isZero();
        var environment =
                Map.of(
                        "TODO_URI",
                        "http://todo-svc.test:5001",
                        "JDK_JAVA_OPTIONS",
                        "-Djdk.net.hosts.file=" + hosts);
        try (var serving = ServiceProcess.start("user-svc", environment)) {
            var plan =
                    new Load.Plan(
                            serving.uri().getPort(),
                            128,
                            1_000,
                            Duration.ofSeconds(20),
                            k -> "/users/aniket/lists");
            LoadResult result = Load.start(plan).join();
            int threads = serving.process().footprint(folder).virtualThreads();
            System.out.println("No name server answers: " + threads + " threads; " + result);

            assertThat(result.counts()).containsKey(503); // or 504 where the processor is late
            assertThat(Set.of(503, 504)).containsAll(result.counts().keySet());
            assertThat(threads).isLessThan(2 * 128);
        }
    }

    /// For 5 s, half of what Java holds on to an unknown name.
    @Test
    void isFoundSoonAfterItsNameIsThere() throws Exception {
        Path hosts = Files.createFile(folder.resolve("names"));
        try (var todo = ServiceProcess.start("todo-svc", Map.of())) {
            var environment =
                    Map.of(
                            "TODO_URI",
                            "http://todo-svc.test:" + todo.uri().getPort(),
                            "JDK_JAVA_OPTIONS",
                            "-Djdk.net.hosts.file=" + hosts);
            try (var user = ServiceProcess.start("user-svc", environment)) {
                URI lists = user.uri().resolve("/users/aniket/lists");
                Http.awaitStatus(lists, 503); // or 504 before, where the first call takes long
                Files.writeString(hosts, "127.0.0.1 todo-svc.test\n");
                long begin = System.nanoTime();
                while (Http.get(lists).statusCode() == 503) {
                    // until it looks again
                }

                assertThat(Http.get(lists).statusCode()).isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .isLessThan(Duration.ofSeconds(5));
            }
        }
    }

    /// As those of a name that still has the addresses of two servers which are gone.
    @Test
    void isReachedBehindTwoAddressesThatAreSilent() throws Exception {
        Path hosts = folder.resolve("addresses");
        Files.writeString(hosts, "127.0.0.2 todo.test\n127.0.0.3 todo.test\n127.0.0.1 todo.test\n");
        int port = todoService.uri().getPort();
        var environment =
                Map.of(
                        "TODO_URI",
                        "http://todo.test:" + port,
                        "JDK_JAVA_OPTIONS",
                        "-Djdk.net.hosts.file=" + hosts);
        todoService.answers("200 OK", "application/json\r\nConnection: close", "{}");
        try (var one = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.2"));
                var other = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.3"));
                var serving = ServiceProcess.start("user-svc", environment)) {
            List<Socket> filling = fill(one);
            filling.addAll(fill(other));
            URI uri = serving.uri().resolve("/users/aniket/lists");
            Http.awaitStatus(uri, 200); // the first call takes longest
            for (int i = 0; i < 5; i++) {
                var lists = Http.get(uri);

                assertThat(lists.statusCode()).as(lists.body()).isEqualTo(200);
            }
            for (Socket client : filling) {
                client.close();
            }
        }
    }

    /// Connects until Linux says nothing to more, since nobody accepts.
    private static List<Socket> fill(ServerSocket server) throws IOException {
        var clients = new ArrayList<Socket>();
        for (int i = 0; i < 10; i++) {
            var client = new Socket();
            clients.add(client);
            try {
                client.connect(server.getLocalSocketAddress(), 100);
            } catch (SocketTimeoutException e) {
                return clients;
            }
        }
        throw new AssertionError("it still answers");
    }
}
