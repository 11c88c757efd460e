package todomanager.user;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.user.ServiceProcess.Serving;

/// What the services promise while neighbours fail and instances are replaced, under load. Each
/// test prints its figure. A time is held to only where the code sets it, not the machine.
@Timeout(120)
class PromisesIT {
    private static final int CLIENTS = 16;

    @TempDir private Path folder;

    private final StubTodoService todoService = new StubTodoService();
    private final List<Serving> started = new ArrayList<>();

    @BeforeEach
    void answer() {
        todoService.answers("200 OK", "application/json", "{\"home\":[]}");
    }

    @AfterEach
    void stop() throws IOException {
        started.forEach(Serving::close);
        todoService.close();
    }

    @Test
    void replaceBothServicesWithoutLosingARequest() throws Exception {
        assumeTrue(Balancer.isInstalled());
        var todoServers = List.of(freeServer(), freeServer());
        var userServers = List.of(freeServer(), freeServer());
        for (var server : todoServers) {
            start("todo-svc", server, Map.of());
        }
        try (var todos = new Balancer(Files.createDirectory(folder.resolve("t")), todoServers)) {
            var todoUri = Map.of("TODO_URI", todos.uri().toString());
            for (var server : userServers) {
                start("user-svc", server, todoUri);
            }
            try (var users =
                    new Balancer(Files.createDirectory(folder.resolve("u")), userServers)) {
                todos.awaitUp(2);
                users.awaitUp(2);
                var plan =
                        new Load.Plan(
                                        users.uri().getPort(),
                                        CLIENTS,
                                        1_000_000,
                                        Duration.ofSeconds(90),
                                        k -> k % 2 == 0 ? "/users/aniket" : "/users/aniket/lists")
                                .withRate(500);
                try (var load = Load.start(plan)) {
                    for (int i = 0; i < 2; i++) {
                        replace("todo-svc", i, todoServers.get(i), todos, Map.of());
                        replace("user-svc", 2 + i, userServers.get(i), users, todoUri);
                    }
                    LoadResult result = load.stop();
                    System.out.println("G1: each of 2 + 2 instances replaced: " + result);

                    assertThat(result.counts()).containsOnlyKeys(200);
                    assertThat(result.failed()).isZero();
                }
            }
        }
    }

    @Test
    void serveUsersWhileTodoServiceHangs() throws Exception {
        todoService.behaves(StubTodoService::hang);
        int port = startUserService().uri().getPort();
        var lists =
                new Load.Plan(
                        port, CLIENTS, 100, Duration.ofSeconds(20), k -> "/users/aniket/lists");
        var users = new Load.Plan(port, 2, 2_000, Duration.ofSeconds(20), k -> "/users/aniket");
        try (var hanging = Load.start(lists);
                var served = Load.start(users.withRate(400))) {
            LoadResult one = served.join();
            LoadResult other = hanging.join();
            System.out.println("G3: todo-svc hangs: /users/aniket " + one);
            System.out.println("G3: todo-svc hangs: its lists " + other);

            assertThat(one.counts()).containsOnlyKeys(200);
            assertThat(one.failed()).isZero();
            assertThat(other.counts()).containsOnlyKeys(504);
            assertThat(other.failed()).isZero();
        }
    }

    @Test
    void refuseAtOnceWhileTodoServiceIsGoneAndRecoverWithIt() throws Exception {
        var server = freeServer();
        Serving todo = start("todo-svc", server, Map.of());
        Serving user = ServiceProcess.start("user-svc", Map.of("TODO_URI", todo.uri().toString()));
        started.add(user);
        var plan =
                new Load.Plan(
                        user.uri().getPort(),
                        1,
                        100,
                        Duration.ofSeconds(20),
                        k -> "/users/aniket/lists");
        LoadResult before = Load.start(plan).join();
        todo.process().stop();
        LoadResult outage = Load.start(plan).join();
        start("todo-svc", server, Map.of());
        LoadResult after = Load.start(plan).join();
        System.out.println("G4: todo-svc is gone: " + outage + "; is back: " + after);

        assertThat(before.counts()).containsOnlyKeys(200);
        assertThat(outage.counts()).containsOnlyKeys(503);
        assertThat(after.counts()).containsOnlyKeys(200);
    }

    @Test
    void finishARequestThatIsInProgressWhenTheyAreToldToStop() throws Exception {
        var release = new CountDownLatch(1);
        todoService.behaves(connection -> {
            awaitQuietly(release);
            StubTodoService.write(
                    connection,
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Data-Revision: "
                            + StubTodoService.REVISION
                            + "\r\nContent-Length: 2\r\n\r\n{}");
        });
        Serving user = startUserService();
        int port = user.uri().getPort();
        var plan = new Load.Plan(port, 1, 1, Duration.ofSeconds(20), k -> "/users/aniket/lists");
        try (var load = Load.start(plan)) {
            while (todoService.requestLines().isEmpty()) {
                Thread.onSpinWait(); // until it is in progress
            }
            long begin = System.nanoTime();
            user.process().signal();
            while (listens(port)) {
                // until the signal has arrived
            }
            release.countDown();
            LoadResult result = load.join();
            int exitCode = user.process().end().exitCode();
            System.out.printf(
                    "G2: in progress at SIGTERM: %s; ended with %d after %.1f s%n",
                    result, exitCode, (System.nanoTime() - begin) / 1e9);

            assertThat(result.counts()).containsOnlyKeys(200);
            assertThat(exitCode).isEqualTo(143);
        }
    }

    private static boolean listens(int port) throws IOException {
        try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void serveBesideTwoThousandSlowClients() throws Exception {
        Serving user = startUserService();
        var slow = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 2_000; i++) {
                var client = new Socket(InetAddress.getLoopbackAddress(), user.uri().getPort());
                slow.add(client);
                client.getOutputStream()
                        .write("GET /users HTTP/1.1\r\nHost: a\r\nX".getBytes(US_ASCII));
            }
            var plan =
                    new Load.Plan(
                                    user.uri().getPort(),
                                    2,
                                    500,
                                    Duration.ofSeconds(20),
                                    k -> "/users/aniket")
                            .withRate(200);
            LoadResult result = Load.start(plan).join();
            System.out.println("G7: beside 2000 slow clients: " + result);

            assertThat(result.counts()).containsOnlyKeys(200);
            assertThat(result.failed()).isZero();
        } finally {
            for (Socket client : slow) {
                client.close();
            }
        }
    }

    private Serving startUserService() throws IOException {
        Serving user =
                ServiceProcess.start("user-svc", Map.of("TODO_URI", todoService.uri().toString()));
        started.add(user);
        return user;
    }

    private void replace(
            String service,
            int index,
            Balancer.Server server,
            Balancer balancer,
            Map<String, String> environment)
            throws Exception {
        assertThat(started.get(index).process().stop().exitCode()).isEqualTo(143);
        balancer.awaitUp(1);
        started.set(index, launch(service, server, environment));
        balancer.awaitUp(2);
    }

    private Serving start(String service, Balancer.Server server, Map<String, String> environment)
            throws IOException {
        Serving serving = launch(service, server, environment);
        started.add(serving);
        return serving;
    }

    private static Serving launch(
            String service, Balancer.Server server, Map<String, String> environment)
            throws IOException {
        var all = new HashMap<>(environment);
        all.put("SERVER_PORT", Integer.toString(server.port()));
        all.put("SERVER_SOCKETS_ADMIN_PORT", Integer.toString(server.adminPort()));
        all.put("SHUTDOWN_DRAIN", "PT2S");
        // or the start of one takes the processors from all others, which is not what is tested
        all.put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:ActiveProcessorCount=1");
        return ServiceProcess.start(service, all);
    }

    private static Balancer.Server freeServer() throws IOException {
        return new Balancer.Server(PackagedServicesIT.freePort(), PackagedServicesIT.freePort());
    }
}
