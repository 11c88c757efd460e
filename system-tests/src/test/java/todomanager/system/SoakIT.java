package todomanager.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import todomanager.testkit.Answer;
import todomanager.testkit.Http;
import todomanager.testkit.Load;
import todomanager.testkit.LoadResult;
import todomanager.testkit.StubTodoService;
import todomanager.testkit.process.Footprint;
import todomanager.testkit.process.ServiceProcess;

/// What good and bad clients, changing documents and a failing todo-svc leave behind in the
/// packaged services: nothing. For 20 s, or what the system property `soak` says: a leak that is
/// slow shows with `-Dsoak=PT10M`.
@Tag("system")
class SoakIT {
    private static final Duration SOAK = Duration.parse(System.getProperty("soak", "PT20S"));
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CLIENTS = 8; // for each kind of good requests

    /// Connections of bad clients; with one more, the oldest is closed.
    private static final int MOST_HELD = 100;

    /// Of threads or file descriptors: the JVM has some more or less as it sees fit, and user-svc
    /// keeps as many connections to todo-svc as it had clients at once.
    private static final int MARGIN = CLIENTS + 2;

    private static final long HEAP_MARGIN = 1 << 20; // bytes

    @TempDir private Path folder;

    private final StubTodoService todoService = new StubTodoService();
    private final List<Instance> instances = new ArrayList<>();
    private final Queue<Socket> held = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /// A service that runs, and the path of what its document holds.
    private record Instance(
            Process process, String name, int port, int adminPort, Path data, String collection) {
        URI health(String check) {
            return URI.create("http://127.0.0.1:" + adminPort + "/observe/health/" + check);
        }
    }

    /// Good requests to a port, and the statuses that any of them may get.
    private record Requests(int port, int perSecond, List<String> paths, Set<Integer> statuses) {
        Load start(Duration time) {
            int most = 10_000_000;
            var plan = new Load.Plan(port, CLIENTS, most, time, k -> paths.get(k % paths.size()));
            return Load.start(plan.withRate(perSecond).withTimeout(PATIENCE));
        }
    }

    /// What a client sends before it hangs up, and the status that it waits for; 0 for none.
    private record Misdeed(String sent, int status) {}

    @AfterEach
    void stop() throws IOException {
        instances.forEach(instance -> instance.process.destroyForcibly());
        closeHeld(0);
        todoService.close();
    }

    @Test
    void findsNothingLeftBehind() {
        assertTimeoutPreemptively(SOAK.plusMinutes(5), this::soak);
    }

    private void soak() throws Exception {
        start("todo-svc", "todo.json", "/lists", "/dev/null");
        start("user-svc", "users.json", "/users", "/dev/full");
        load(SOAK.dividedBy(4)); // for all that is made once, at its first use
        List<Footprint> beginning = measure("at the beginning");
        load(SOAK.minus(SOAK.dividedBy(4)));
        List<Footprint> end = measure("at the end");
        for (int i = 0; i < instances.size(); i++) {
            Footprint before = beginning.get(i);
            Footprint after = end.get(i);
            assertHealthy(instances.get(i));
            assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + MARGIN);
            assertThat(after.virtualThreads())
                    .isLessThanOrEqualTo(before.virtualThreads() + MARGIN);
            assertThat(after.fileDescriptors())
                    .isLessThanOrEqualTo(before.fileDescriptors() + MARGIN);
            assertThat(after.heap()).isLessThanOrEqualTo(before.heap() + HEAP_MARGIN);
        }
    }

    /// Starts one whose log goes where it takes no room, as nobody reads it.
    private void start(String name, String document, String collection, String log)
            throws Exception {
        Path shipped = ServiceProcess.ROOT.resolve("database").resolve(document);
        Path data = Files.copy(shipped, folder.resolve(document));
        int port = ServiceProcess.freePort();
        int adminPort = ServiceProcess.freePort();
        String jar = name + "/target/" + name + ".jar";
        var builder =
                ServiceProcess.builder(
                                port,
                                adminPort,
                                List.of(ServiceProcess.JAVA, "-Xmx64m", "-jar", jar))
                        .redirectErrorStream(true)
                        .redirectOutput(new File(log));
        builder.environment().put("DATA_PATH", data.toString());
        builder.environment().put("DATA_POLL", "PT0.1S");
        builder.environment().put("TODO_URI", todoService.uri().toString());
        var instance = new Instance(builder.start(), name, port, adminPort, data, collection);
        instances.add(instance);
        Http.awaitStatus(instance.health("ready"), 200);
    }

    /// Sends good requests, while all goes on that a service must bear.
    private void load(Duration time) {
        try (var scheduler = Executors.newScheduledThreadPool(4)) {
            for (Instance instance : instances) {
                List<Misdeed> misdeeds = misdeeds(instance.collection);
                int kinds = misdeeds.size();
                every(50, scheduler, turn -> commit(misdeeds.get(turn % kinds), instance.port));
                every(150, scheduler, turn -> change(instance.data, turn));
                every(500, scheduler, turn -> assertHealthy(instance));
            }
            List<Runnable> faults = faults();
            every(200, scheduler, turn -> faults.get(turn % faults.size()).run());
            every(2_500, scheduler, turn -> dropConnections());
            List<Requests> requests = requests();
            List<Load> loads = requests.stream().map(some -> some.start(time)).toList();
            for (int i = 0; i < loads.size(); i++) {
                LoadResult result = loads.get(i).join();
                System.out.println("Soak: " + requests.get(i).paths + ": " + result);
                assertThat(result.failed()).isZero();
                assertThat(requests.get(i).statuses).containsAll(result.counts().keySet());
            }
        }
        assertThat(failures).isEmpty();
    }

    private List<Requests> requests() {
        var requests = new ArrayList<Requests>();
        for (Instance of : instances) {
            var all = List.of("/", of.collection, of.collection + "/aniket");
            var none = List.of("/nope", of.collection + "/nobody");
            requests.add(new Requests(of.port, 40, all, Set.of(200)));
            requests.add(new Requests(of.port, 10, none, Set.of(404)));
            requests.add(new Requests(of.adminPort, 5, List.of("/observe/metrics"), Set.of(200)));
        }
        var asking = List.of("/users/aniket/lists");
        int userPort = instances.getLast().port;
        requests.add(new Requests(userPort, 20, asking, Set.of(200, 502, 503, 504)));
        return requests;
    }

    private interface Task {
        void run(int turn) throws Exception;
    }

    private void every(int milliseconds, ScheduledExecutorService scheduler, Task task) {
        var turn = new AtomicInteger();
        Runnable next =
                () -> {
                    try {
                        task.run(turn.getAndIncrement());
                    } catch (Exception | AssertionError e) {
                        failures.add(e);
                    }
                };
        var _ = scheduler.scheduleAtFixedRate(next, 0, milliseconds, TimeUnit.MILLISECONDS);
    }

    private static void assertHealthy(Instance instance) throws Exception {
        for (String check : List.of("ready", "live")) {
            assertThat(Http.get(instance.health(check)).statusCode()).isEqualTo(200);
        }
    }

    private static List<Misdeed> misdeeds(String path) {
        String line = "GET " + path + " HTTP/1.1\r\n";
        String head = line + "Host: localhost\r\n";
        return List.of(
                new Misdeed("garbage\r\n\r\n", 400),
                new Misdeed(head + "X: " + "x".repeat(20_000) + "\r\n\r\n", 400),
                new Misdeed(head.replace(path, "/" + "x".repeat(5_000)) + "\r\n", 414),
                new Misdeed(head.replace("GET", "DELETE") + "\r\n", 405),
                new Misdeed(head.replace("GET", "POST") + "Content-Length: 9\r\n\r\n{", 405),
                new Misdeed(head + "If-None-Match: *\r\n\r\n", 304),
                new Misdeed((head + "\r\n").repeat(200), 200), // hangs up amid the answers
                new Misdeed((head + "\r\n").repeat(200), 0),
                new Misdeed(line + "Ho", 0),
                new Misdeed("", 0));
    }

    private void commit(Misdeed misdeed, int port) throws IOException {
        var client = new Socket(InetAddress.getLoopbackAddress(), port);
        held.add(client);
        client.setSoTimeout((int) PATIENCE.toMillis());
        client.getOutputStream().write(misdeed.sent.getBytes(US_ASCII));
        if (misdeed.status > 0) {
            int status = Answer.read(client.getInputStream()).status();
            assertThat(status).as(misdeed.sent).isEqualTo(misdeed.status);
            client.close();
        }
        closeHeld(MOST_HELD);
    }

    private void closeHeld(int but) throws IOException {
        while (held.size() > but) {
            held.remove().close();
        }
    }

    private static void change(Path data, int turn) throws IOException {
        Path shipped = ServiceProcess.ROOT.resolve("database").resolve(data.getFileName());
        switch (turn % 4) {
            case 0 -> Files.writeString(data, "{");
            case 2 -> Files.delete(data);
            default -> Files.writeString(data, Files.readString(shipped) + " ".repeat(turn));
        }
    }

    private List<Runnable> faults() {
        return List.of(
                () -> todoService.answers("200 OK", "application/json", "{\"home\":[]}"),
                () -> todoService.behaves(StubTodoService::hang),
                () -> todoService.behaves(StubTodoService::hangUp),
                () -> todoService.behaves(StubTodoService::reset),
                () -> todoService.answers("404 Not Found", "application/json", "{}"),
                () -> todoService.behaves(StubTodoService::dribble),
                () -> todoService.behaves(StubTodoService::flood),
                () -> todoService.answers("garbage\r\n\r\n"));
    }

    private void dropConnections() throws IOException {
        todoService.dropConnections();
        todoService.requestLines().clear(); // or the test itself would leak
        todoService.headers().clear();
    }

    private List<Footprint> measure(String moment) throws Exception {
        closeHeld(0);
        var footprints = new ArrayList<Footprint>();
        for (Instance instance : instances) {
            Footprint footprint = Footprint.settled(instance.process, folder);
            System.out.println("Soak: " + instance.name + " " + moment + ": " + footprint);
            footprints.add(footprint);
        }
        return footprints;
    }
}
