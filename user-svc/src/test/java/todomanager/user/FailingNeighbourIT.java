package todomanager.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import todomanager.user.ServiceProcess.Serving;
import todomanager.user.StubTodoService.Behaviour;

/// The packaged user-svc beside a todo-svc that does all it can do wrong.
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
    @MethodSource("todomanager.user.TodoClientTest#faults")
    void isAnsweredForInTimeWhileUsersAreServed(String fault, Behaviour behaviour, int status) {
        todoService.behaves(behaviour);
        int port = user.uri().getPort();
        var patience = Duration.ofSeconds(20);
        var lists = new Load.Plan(port, CLIENTS, 2 * CLIENTS, patience, k -> "/users/aniket/lists");
        var users = new Load.Plan(port, 2, 200, patience, k -> "/users/aniket").withRate(200);
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

            assertThat(result.counts()).containsOnlyKeys(503);
            assertThat(threads).isLessThan(2 * 128);
        }
    }
}
