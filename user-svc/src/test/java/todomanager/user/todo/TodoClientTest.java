package todomanager.user.todo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.helidon.http.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.http.Problem;
import todomanager.testkit.Faults;
import todomanager.testkit.StubTodoService;
import todomanager.testkit.StubTodoService.Behaviour;

@Timeout(60)
class TodoClientTest {
    private static final String LISTS = "{\"home\": [\"Buy milk\"]}";
    private static final String TYPE = "Content-Type: application/json\r\n" + Faults.REVISION;
    private static final String OK = Faults.OK;

    private StubTodoService todoService;
    private TodoClient client;

    @BeforeEach
    void start() {
        todoService = new StubTodoService();
        client = new TodoClient(todoService.uri(), Optional.empty());
    }

    @AfterEach
    void stop() throws IOException {
        todoService.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "application/json; charset=utf-8", "Application/JSON"})
    void givesTheListsInCompactForm(String contentType) {
        todoService.answers("200 OK", contentType, LISTS);

        assertThat(client.lists("ana")).hasToString("{\"home\":[\"Buy milk\"]}\n");
    }

    @Test
    void asksForListsThatItHasOnlyIfTheyHaveChanged() {
        todoService.answers(withTag("\"tag\""));
        client.lists("ana");
        todoService.headers().clear();
        todoService.answers("HTTP/1.1 304 Not Modified\r\n" + Faults.REVISION + "\r\n");

        assertThat(client.lists("ana")).hasToString("{\"home\":[\"Buy milk\"]}\n");
        assertThat(todoService.headers()).contains("If-None-Match: \"tag\"");
    }

    @Test
    void givesTheListsAnewOnceTheyHaveChanged() {
        todoService.answers(withTag("\"tag\""));
        client.lists("ana");
        todoService.answers(withTag("\"other\"").replace("milk", "beer"));

        assertThat(client.lists("ana")).hasToString("{\"home\":[\"Buy beer\"]}\n");
    }

    @Test
    void asksForAnotherUsersListsInFull() {
        todoService.answers(withTag("\"tag\""));
        client.lists("Aa");
        client.lists("BB"); // of the same hash

        assertThat(todoService.headers()).noneMatch(line -> line.startsWith("If-None-Match"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tag", "W/\"tag\"", "\"\u00ff\"", "\"a\", \"b\""})
    void sendsNoTagBackThatIsNoneOfTodoServices(String tag) {
        todoService.answers(withTag(tag));
        client.lists("ana");
        client.lists("ana");

        assertThat(todoService.headers()).noneMatch(line -> line.startsWith("If-None-Match"));
    }

    private static String withTag(String tag) {
        return OK.replace("\r\n\r\n", "\r\nETag: " + tag + "\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/problem+json", "application/json"})
    void givesNoListsForAUserWhoHasNone(String contentType) {
        todoService.answers("404 Not Found", contentType, "{}");

        assertThat(client.lists("ana")).hasToString("{}\n");
    }

    @Test
    void readsAChunkedAnswer() {
        todoService.answers(
                "HTTP/1.1 200 OK\r\n"
                        + TYPE
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "a\r\n{\"home\": [\r\nc\r\n\"Buy milk\"]}\r\n0\r\n\r\n");

        assertThat(client.lists("ana")).hasToString("{\"home\":[\"Buy milk\"]}\n");
    }

    @Test
    void readsAnAnswerThatTheEndOfTheConnectionEnds() {
        todoService.behaves(connection -> {
            StubTodoService.write(connection, "HTTP/1.1 200 OK\r\n" + TYPE + "\r\n" + LISTS);
            connection.close();
        });

        assertThat(client.lists("ana")).hasToString("{\"home\":[\"Buy milk\"]}\n");
    }

    @Test
    void readsPastAnInterimAnswer() {
        todoService.answers("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK);

        assertThat(client.lists("ana")).hasToString("{\"home\":[\"Buy milk\"]}\n");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("todomanager.testkit.Faults#all")
    void failsWhenTodoService(String ignored, Behaviour behaviour, int status) {
        todoService.behaves(behaviour);

        assertFails(Status.create(status));
    }

    /// As one whose database is away.
    @Test
    void answersServiceUnavailableWhenTodoServiceCantAnswerNow() {
        todoService.behaves(
                StubTodoService.answer(
                        "503 No", "application/problem+json", "{\"detail\":\"no\"}"));

        assertFails(Status.SERVICE_UNAVAILABLE_503);
    }

    @Test
    void answersServiceUnavailableWhenNobodyListens() throws IOException {
        todoService.close();

        assertFails(Status.SERVICE_UNAVAILABLE_503);
    }

    @Test
    void answersServiceUnavailableWhenTheNameIsUnknown() {
        client = new TodoClient(URI.create("http://todo-svc.invalid:5001"), Optional.empty());

        assertFails(Status.SERVICE_UNAVAILABLE_503);
    }

    @Test
    void answersServiceUnavailableWhenNoConnectionComesAbout() throws IOException {
        // Linux drops the connections that a full backlog has no place for.
        try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var first = new Socket(deaf.getInetAddress(), deaf.getLocalPort());
                var second = new Socket(deaf.getInetAddress(), deaf.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            client =
                    new TodoClient(
                            URI.create("http://127.0.0.1:" + deaf.getLocalPort()),
                            Optional.empty());

            assertFails(Status.SERVICE_UNAVAILABLE_503);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void asksForAConnectionOnceMore() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(5_000);
            client =
                    new TodoClient(
                            URI.create("http://127.0.0.1:" + server.getLocalPort()),
                            Optional.empty());
            var before = CompletableFuture.supplyAsync(() -> client.lists("ana"));
            answer(server);
            before.join();
            try (var first = new Socket(server.getInetAddress(), server.getLocalPort());
                    var second = new Socket(server.getInetAddress(), server.getLocalPort())) {
                assertThat(first.isConnected() && second.isConnected()).isTrue();
                var lists = CompletableFuture.supplyAsync(() -> client.lists("ana"));
                while (!lists.isDone() && !isUnheard(server.getLocalPort())) {
                    Thread.onSpinWait();
                }
                server.accept().close();
                server.accept().close();
                answer(server);

                assertThat(lists.join()).hasToString("{\"home\":[\"Buy milk\"]}\n");
            }
        }
    }

    private static void answer(ServerSocket server) throws IOException {
        try (Socket connection = server.accept()) {
            assertThat(connection.getInputStream().read(new byte[1024])).isPositive();
            StubTodoService.write(connection, "HTTP/1.1 200 OK\r\n" + TYPE + "\r\n" + LISTS);
        }
    }

    /// Linux lists who has asked this port for a connection, and has no answer, in state 02.
    private static boolean isUnheard(int port) throws IOException {
        String asking = ":%04X 02 ".formatted(port);
        Path v6 = Path.of("/proc/net/tcp6");
        return Files.readString(Path.of("/proc/net/tcp")).contains(asking)
                || (Files.exists(v6) && Files.readString(v6).contains(asking));
    }

    @Test
    void asksAgainOnANewConnectionWhenAKeptOneWasClosed() throws IOException {
        todoService.answers(OK);
        client.lists("ana");
        todoService.dropConnections();

        assertThat(client.lists("ana")).hasToString("{\"home\":[\"Buy milk\"]}\n");
        assertThat(todoService.requestLines()).hasSize(2);
    }

    @Test
    void needsNoRetryForConnectionsThatWereClosedLongAgo() throws IOException {
        var nanoTime = new AtomicLong();
        client = new TodoClient(todoService.uri(), Optional.empty(), nanoTime::get);
        todoService.answers(OK);
        int calls = 50; // that need more retries than there are
        for (int i = 0; i < calls; i++) {
            assertThat(client.lists("ana")).hasToString("{\"home\":[\"Buy milk\"]}\n");
            todoService.dropConnections();
            nanoTime.addAndGet(Duration.ofMinutes(5).toNanos());
        }

        assertThat(todoService.requestLines()).hasSize(calls);
    }

    @Test
    void keepsAConnectionForACallLongAfter() {
        var nanoTime = new AtomicLong();
        client = new TodoClient(todoService.uri(), Optional.empty(), nanoTime::get);
        todoService.answers(OK);
        client.lists("ana");
        nanoTime.addAndGet(Duration.ofSeconds(29).toNanos());
        client.lists("bob");

        assertThat(todoService.connectionsInAll()).isEqualTo(1);
    }

    @Test
    void saysThatListsAreTooLarge() {
        String head = "HTTP/1.1 200 OK\r\n" + TYPE + "Content-Length: 262145\r\n\r\n";
        todoService.answers(head + " ".repeat(262_145));

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> client.lists("ana"))
                .withMessage(
                        "The to-do service's answer is too large: this user's lists may have 256 KiB.");
    }

    @Test
    void asksNoMoreThanTwiceForOneRequest() {
        todoService.answers(OK);
        client.lists("ana");
        todoService.behaves(StubTodoService::hangUp);

        assertFails(Status.BAD_GATEWAY_502);
        assertThat(todoService.requestLines()).hasSize(3);
    }

    @Test
    void addsNoMoreThanATenthToTheCallsWhenEachKeptConnectionBreaks() {
        int calls = 1_000;
        Set<Socket> asked = ConcurrentHashMap.newKeySet();
        todoService.behaves(connection -> {
            if (asked.add(connection)) {
                StubTodoService.write(connection, OK);
            } else {
                connection.close();
            }
        });
        for (int i = 0; i < calls; i++) {
            try {
                var _ = client.lists("ana");
            } catch (Problem e) {
                assertThat(e.status()).isEqualTo(Status.BAD_GATEWAY_502);
            }
        }
        System.out.printf(
                "G5: %d calls made %d requests%n", calls, todoService.requestLines().size());

        assertThat(todoService.requestLines()).hasSizeBetween(calls, calls * 11 / 10);
    }

    @Test
    void doesNotTakeWhatFollowsAnAnswerForTheNextOne() {
        todoService.answers(OK + OK.replace("milk", "beer"));

        assertThat(client.lists("ana")).hasToString("{\"home\":[\"Buy milk\"]}\n");
        assertThat(client.lists("bob")).hasToString("{\"home\":[\"Buy milk\"]}\n");
        assertThat(todoService.connectionsInAll()).isEqualTo(2);
    }

    @Test
    void doesNotTakeWhatComesUnaskedForAnAnswer() throws IOException {
        todoService.answers(OK);
        client.lists("ana");
        todoService.say("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");

        assertThat(client.lists("bob")).hasToString("{\"home\":[\"Buy milk\"]}\n");
    }

    @Test
    void keepsAConnectionForTheNextCall() {
        todoService.answers(OK);
        client.lists("ana");
        client.lists("bob");

        assertThat(todoService.connectionsInAll()).isEqualTo(1);
    }

    @Test
    void doesNotKeepAConnectionThatTheServerEnds() {
        todoService.answers(OK.replace("Content-Length", "Connection: close\r\nContent-Length"));
        client.lists("ana");
        client.lists("bob");

        assertThat(todoService.connectionsInAll()).isEqualTo(2);
    }

    /// As where one pod of todo-svc hangs, and the others don't.
    @Test
    void keepsTheConnectionsThatHaveAnsweredSinceTheOneThatHangsWasAsked() throws Exception {
        var isAsked = new CountDownLatch(1);
        todoService.behaves(connection -> {
            isAsked.countDown();
            StubTodoService.hang(connection);
        });
        var hanging = CompletableFuture.runAsync(() -> assertFails(Status.GATEWAY_TIMEOUT_504));
        isAsked.await();
        todoService.answers(OK);
        client.lists("ana");
        hanging.join();
        client.lists("ana");

        assertThat(todoService.connectionsInAll()).isEqualTo(2);
    }

    static Stream<Arguments> answersOfNoUse() {
        String chunked = "200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked";
        return Stream.of(
                Faults.useless(
                        "floods, as where one user has too many lists", StubTodoService::flood),
                Faults.useless(
                        "has many headers", Faults.head("200 OK" + "\r\nX: x".repeat(10_000))),
                Faults.useless("has a bad chunk", Faults.head(chunked, "x\r\n{}")));
    }

    @ParameterizedTest
    @MethodSource("answersOfNoUse")
    void keepsTheOtherConnectionsWhenAnAnswerIsOfNoUse(
            String what, Behaviour behaviour, int status) {
        makeTwoConnections();
        todoService.behaves(behaviour);
        assertFails(Status.create(status));
        todoService.answers(OK);
        client.lists("ana");

        assertThat(todoService.connectionsInAll()).isEqualTo(2);
        assertThat(todoService.requestLines()).hasSize(4);
    }

    /// As where a pod has gone without a word.
    @Test
    void keepsNoConnectionThatWasIdleWhenTheOneThatHangsWasAsked() {
        makeTwoConnections();
        todoService.behaves(StubTodoService::hang);
        assertFails(Status.GATEWAY_TIMEOUT_504);
        todoService.answers(OK);
        client.lists("ana");

        assertThat(todoService.connectionsInAll()).isEqualTo(3);
    }

    private void makeTwoConnections() {
        var both = new CyclicBarrier(2);
        todoService.behaves(connection -> {
            await(both);
            StubTodoService.write(connection, OK);
        });
        var other = CompletableFuture.runAsync(() -> client.lists("ana"));
        client.lists("ana");
        other.join();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void doesNotFollowARedirect() throws IOException {
        try (var other = new StubTodoService()) {
            other.answers(OK);
            todoService.answers(
                    "HTTP/1.1 307 Elsewhere\r\nLocation: "
                            + other.uri()
                            + "/lists/ana\r\nContent-Length: 0\r\n\r\n");

            assertFails(Status.BAD_GATEWAY_502);
            assertThat(other.requestLines()).isEmpty();
        }
    }

    @Test
    void asksBelowThePathOfItsUri() {
        client = new TodoClient(todoService.uri().resolve("/todo/v1/"), Optional.empty());
        todoService.answers(OK);
        client.lists("ana");

        assertThat(todoService.requestLines()).containsExactly("GET /todo/v1/lists/ana HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ana_b-c~d     | ana_b-c~d
                    .             | %2E
                    ..            | %2E%2E
                    ../admin      | %2E%2E%2Fadmin
                    a.b..         | a.b..
                    %2e%2e        | %252e%252e
                    a/b           | a%2Fb
                    a\\\\b      | a%5Cb
                    a;x=y         | a%3Bx%3Dy
                    a?b           | a%3Fb
                    a#b           | a%23b
                    @host:80      | %40host%3A80
                    a b+c         | a%20b%2Bc
                    a\\r\\nX: y   | a%0D%0AX%3A%20y
                    a\\0          | a%00
                    ö€😀          | %C3%B6%E2%82%AC%F0%9F%98%80
                    """)
    void asksForAUsernameAsOneSegment(String username, String segment) {
        todoService.answers(OK);
        client.lists(username.translateEscapes());

        assertThat(todoService.requestLines())
                .containsExactly("GET /lists/" + segment + " HTTP/1.1");
    }

    private void assertFails(Status status) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> client.lists("ana"))
                .satisfies(problem -> assertThat(problem.status()).isEqualTo(status));
    }
}
