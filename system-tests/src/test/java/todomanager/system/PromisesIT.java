package todomanager.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.Answer;
import todomanager.testkit.Http;
import todomanager.testkit.Load;
import todomanager.testkit.LoadResult;
import todomanager.testkit.StubTodoService;
import todomanager.testkit.StubTodoService.Behaviour;
import todomanager.testkit.process.Balancer;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// What the services promise while neighbours fail and instances are replaced, under load. Each
/// test prints its figure. A time is held to only where the code sets it, not the machine.
@Tag("system")
@Timeout(120)
class PromisesIT {
    private static final int CLIENTS = 16;
    private static final Duration OVERLOAD =
            Duration.parse(System.getProperty("overload", "PT15S"));

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
    @Timeout(240)
    void replaceBothServicesWithoutLosingARequest() throws Exception {
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
                int port = users.uri().getPort();
                IntFunction<String> path =
                        k -> k % 2 == 0 ? "/users/aniket" : "/users/aniket/lists";
                var most = new Load.Plan(port, CLIENTS, 1_000_000, Duration.ofSeconds(5), path);
                double bearable = Load.start(most).join().perSecond() / 4; // on these processors
                int rate = (int) Math.min(400, bearable);
                var plan =
                        new Load.Plan(port, CLIENTS, 1_000_000, Duration.ofSeconds(90), path)
                                .withRate(rate)
                                .withCheck(answer ->
                                        assertThat(answer.status())
                                                .as(answer.toString())
                                                .isEqualTo(200));
                try (var load = Load.start(plan)) {
                    int rounds = 0;
                    for (; rounds < 2 || (load.isRunning() && load.sent() <= 25 * rate); rounds++) {
                        int one = rounds % 2;
                        replace("todo-svc", one, todoServers.get(one), todos, Map.of());
                        replace("user-svc", 2 + one, userServers.get(one), users, todoUri);
                    }
                    LoadResult result = load.stop();
                    System.out.println(
                            "G1: with 2 + 2 instances, one of each service replaced %d times: %s"
                                    .formatted(rounds, result));

                    assertThat(result.sent()).isGreaterThan(25 * rate);

                    assertThat(result.counts()).containsOnlyKeys(200);
                    assertThat(result.failed()).isZero();
                }
            }
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
        awaitLists(user);
        LoadResult before = Load.start(plan).join();
        todo.process().stop();
        LoadResult outage = Load.start(plan).join();
        Serving again = start("todo-svc", server, Map.of());
        Http.awaitStatus(again.uri().resolve("/lists/aniket"), 200); // its first call takes longest
        LoadResult after = Load.start(plan).join();
        System.out.println("G4: todo-svc is gone: " + outage + "; is back: " + after);

        assertThat(before.counts()).containsOnlyKeys(200);
        assertThat(outage.counts()).containsOnlyKeys(503);
        assertThat(after.counts()).containsOnlyKeys(200);
    }

    @Test
    void finishARequestThatIsInProgressWhenTheyAreToldToStop() throws Exception {
        Serving user = startUserService();
        awaitLists(user);
        todoService.requestLines().clear();
        var release = new CountDownLatch(1);
        Behaviour answer = StubTodoService.answer("200 OK", "application/json", "{}");
        todoService.behaves(connection -> {
            awaitQuietly(release);
            answer.answer(connection);
        });
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

    @Test
    void finishAnAnswerThatTakesThreeSecondsToSendWhenTheyAreToldToStop() throws Exception {
        int length = 32 << 20; // bytes, of which the buffers between the two take a part
        Path data = folder.resolve("users.json");
        Files.writeString(
                data,
                "{\"ana\": {\"id\": 1, \"name\": \""
                        + "x".repeat(length)
                        + "\", \"verified\": 1}}");
        var environment =
                Map.of(
                        "DATA_PATH",
                        data.toString(),
                        "JDK_JAVA_OPTIONS",
                        "-Xmx1g",
                        "SHUTDOWN_GRACE",
                        "PT20S");
        Serving user = ServiceProcess.start("user-svc", environment);
        started.add(user);
        try (var client = new Socket(InetAddress.getLoopbackAddress(), user.uri().getPort())) {
            client.getOutputStream()
                    .write("GET /users HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
            var in = new BufferedInputStream(client.getInputStream());
            in.mark(1);
            assertThat(in.read()).isEqualTo('H'); // it is being sent
            in.reset();
            long begin = System.nanoTime();
            user.process().signal();

            assertThat(user.process().endsWithin(Duration.ofSeconds(3))).isFalse();
            Answer answer = Answer.read(in);
            int exitCode = user.process().end().exitCode();
            System.out.printf(
                    "G2: in progress for 3 s after SIGTERM: %d, %d characters; ended with %d after %.1f s%n",
                    answer.status(),
                    answer.body().length(),
                    exitCode,
                    (System.nanoTime() - begin) / 1e9);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(exitCode).isEqualTo(143);
        }
    }

    @Test
    void doAsMuchAsTheyCanWhenAskedForManyTimesThat() throws Exception {
        Serving user = startUserService();
        int port = user.uri().getPort();
        int mostAtOnce = 128;
        IntFunction<String> lists = k -> "/users/aniket/lists";
        Load.start(new Load.Plan(port, CLIENTS, 2_000, Duration.ofSeconds(20), lists)).join();
        double bearable = warmUp(port, mostAtOnce).perSecond() / 4; // on these processors
        answerAfterHalfASecond();
        var most = new Load.Plan(port, mostAtOnce, 1_000_000, Duration.ofSeconds(5), lists);
        LoadResult peak = Load.start(most).join();
        double tooMuchPerSecond = Math.clamp(bearable, 2 * peak.perSecond(), 10 * peak.perSecond());
        var tooMuch =
                new Load.Plan(port, 1_000, 1_000_000, OVERLOAD, lists)
                        .withRate((int) tooMuchPerSecond)
                        .withCheck(one ->
                                assertThat(one.status() == 503)
                                        .isEqualTo(one.headers().containsKey("Retry-After")));
        Map<Integer, Integer> health = new ConcurrentHashMap<>();
        try (var probes = Executors.newSingleThreadScheduledExecutor();
                var running = Load.start(tooMuch)) {
            var probing =
                    probes.scheduleAtFixedRate(() -> probe(user, health), 0, 200, MILLISECONDS);
            LoadResult overload = running.join();
            assertThat(probing.cancel(false)).isTrue();
            LoadResult after = Load.start(most).join();
            System.out.println("G6: as much as it can do: " + peak);
            System.out.printf(
                    "G6: %.1f times as much: %s%n", tooMuchPerSecond / peak.perSecond(), overload);
            System.out.println("G6: health meanwhile: " + health);
            System.out.println("G6: in the 5 s after: " + after);

            assertThat(peak.counts()).containsOnlyKeys(200);
            assertThat(overload.counts()).containsKeys(200, 503);
            assertThat(overload.failed()).isZero();
            if (bearable < 2 * peak.perSecond()) { // it is more than the processors can do
                assertThat(overload.counts().keySet()).isSubsetOf(200, 503, 504);
            } else {
                assertThat(overload.counts()).containsOnlyKeys(200, 503);
                double goodput =
                        overload.counts().getOrDefault(200, 0) / (overload.time().toNanos() / 1e9);
                assertThat(goodput).isGreaterThan(0.8 * peak.perSecond());
            }
            assertThat(health).containsOnlyKeys(200);
            assertThat(after.counts()).containsOnlyKeys(200);
        }
    }

    private void answerAfterHalfASecond() {
        Behaviour answer = StubTodoService.answer("200 OK", "application/json", "{}");
        todoService.behaves(connection -> {
            if (StubTodoService.waits(connection, Duration.ofMillis(500))) {
                answer.answer(connection);
            }
        });
    }

    /// In a service just started it is Java's compilers that the processors can't keep up with.
    private static LoadResult warmUp(int port, int clients) {
        var plan =
                new Load.Plan(port, clients, 50_000, Duration.ofSeconds(10), k -> "/users/aniket");
        LoadResult result = Load.start(plan).join();
        assertThat(result.counts()).containsOnlyKeys(200);
        return result;
    }

    /// Nearly as many as the shipped heap has room for, of a service just started. The number of
    /// Java's pollers goes by that of processors, of which it is told wherever it runs; 503s and
    /// its compilers leave little for answers, but some.
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void answerEachOfEightHundredClientsThatAskAgainAtOnce(int processors) throws Exception {
        answerAfterHalfASecond();
        Serving user =
                startUserService(
                        Map.of(
                                "JDK_JAVA_OPTIONS",
                                ServiceProcess.SHIPPED
                                        + " -XX:ActiveProcessorCount="
                                        + processors));
        var herd =
                new Load.Plan(
                                user.uri().getPort(),
                                800,
                                10_000_000,
                                Duration.ofSeconds(10),
                                k -> "/users/aniket/lists")
                        .withTimeout(Duration.ofSeconds(20));
        LoadResult result = Load.start(herd).join();
        System.out.println("G6: 800 clients at once, processors " + processors + ": " + result);

        assertThat(result.failed()).isZero();
        assertThat(result.counts().getOrDefault(200, 0)).isPositive();
    }

    /// Counts the answers of both kinds of health by status; no answer has the status 0.
    private static void probe(Serving service, Map<Integer, Integer> counts) {
        for (String kind : List.of("ready", "live")) {
            int status = 0;
            try {
                URI uri = service.admin().resolve("/observe/health/" + kind);
                status = Http.get(uri).statusCode();
            } catch (IOException | InterruptedException e) {
                // counts as 0
            }
            var _ = counts.merge(status, 1, Integer::sum);
        }
    }

    @Test
    void serveAChangeWithinFiveSecondsAndEndOfABadDocumentSoon() throws Exception {
        Path data = Files.writeString(folder.resolve("todo.json"), "{\"a\": {\"b\": []}}");
        var environment = Map.of("DATA_PATH", data.toString());
        Serving todo = ServiceProcess.start("todo-svc", environment);
        started.add(todo);
        Path next = Files.writeString(folder.resolve("next.json"), "{\"a\": {\"c\": []}}");
        long begin = System.nanoTime();
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        while (!Http.get(todo.uri().resolve("/lists/a")).body().contains("c")) {
            // until it is served
        }
        var served = Duration.ofNanos(System.nanoTime() - begin);
        Files.writeString(data, "{\"a\":");
        begin = System.nanoTime();
        var end = ServiceProcess.run("todo-svc", environment);
        System.out.printf(
                "G8: a change is served after %d ms; a bad document ends the start after %d ms: %s%n",
                served.toMillis(), (System.nanoTime() - begin) / 1_000_000, end.output());

        assertThat(served).isLessThan(Duration.ofSeconds(5));
        assertThat(end.exitCode()).isEqualTo(65);
    }

    private static boolean listens(int port) throws IOException {
        try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (SocketException e) {
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

    /// The first call of a service just started may take longer than it waits for todo-svc.
    private static void awaitLists(Serving user) throws InterruptedException {
        Http.awaitStatus(user.uri().resolve("/users/aniket/lists"), 200);
    }

    private Serving startUserService() throws IOException {
        return startUserService(Map.of());
    }

    private Serving startUserService(Map<String, String> environment) throws IOException {
        var all = new HashMap<>(environment);
        all.put("TODO_URI", todoService.uri().toString());
        Serving user = ServiceProcess.start("user-svc", all);
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
        return new Balancer.Server(ServiceProcess.freePort(), ServiceProcess.freePort());
    }
}
