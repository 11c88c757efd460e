package todomanager.system.writing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.lastRequest;
import static todomanager.testkit.Wire.request;
import static todomanager.testkit.Wire.statuses;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.testkit.Wire;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// What todo-svc makes of bodies that stop half way, are framed badly, come slowly, or come where
/// none is asked for.
@Timeout(120)
class BrokenBodiesIT {
    private static final String ITEMS = "/lists/ana/home/items";
    private static final String TYPE = "Content-Type: application/json\r\n";
    private static final String BODY = "{\"title\": \"Milk\"}";
    private static final String CHUNKED = TYPE + "Transfer-Encoding: chunked\r\n";
    private static final String SIZED = TYPE + "Content-Length: " + BODY.length() + "\r\n";

    private static final List<String> MALFORMED_CHUNKS =
            List.of(
                    "x\r\n" + BODY + "\r\n0\r\n\r\n",
                    "-1\r\n" + BODY + "\r\n0\r\n\r\n",
                    "+11\r\n" + BODY + "\r\n0\r\n\r\n",
                    "0x11\r\n" + BODY + "\r\n0\r\n\r\n",
                    "\r\n" + BODY + "\r\n0\r\n\r\n",
                    "11\n" + BODY + "\n0\n\n",
                    "12\r\n" + BODY + "\r\n0\r\n\r\n",
                    "5\r\n" + BODY + "\r\n0\r\n\r\n",
                    "10\r\n" + BODY + "\r\n0\r\n\r\n",
                    "7fffffff\r\n" + BODY,
                    "ffffffffffffffff\r\n" + BODY,
                    "10" + "0".repeat(5_000) + "\r\n" + BODY,
                    "11;" + "x".repeat(5_000) + "\r\n" + BODY,
                    "11\r\n" + BODY,
                    "11\r\n" + BODY + "\r\n",
                    "11\r\n" + BODY + "\r\n0",
                    "11\r\n" + BODY + "\r\n0\r\nX: \u0000\r\n\r\n",
                    "11\r\n" + BODY + "\r\n0\r\n" + "X: x\r\n".repeat(200) + "\r\n");

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private Path data;

    @SuppressWarnings("NullAway.Init") // before each test
    private Serving todo;

    @SuppressWarnings("NullAway.Init") // before each test
    private Wire wire;

    @BeforeEach
    void start() throws IOException {
        data = Files.writeString(folder.resolve("todo.json"), "{\"ana\": {\"home\": []}}\n");
        todo =
                ServiceProcess.start(
                        "todo-svc",
                        Map.of(
                                "DATA_WRITABLE", "true",
                                "DATA_PATH", data.toString(),
                                "SERVER_IDLE_CONNECTION_TIMEOUT", "PT1S",
                                "SERVER_IDLE_CONNECTION_PERIOD", "PT0.5S"));
        wire = new Wire(todo.uri().getPort());
    }

    @AfterEach
    void stop() {
        todo.close();
    }

    /// At each byte of it: the client says that this is the end, or hangs up.
    @Test
    void aBodyThatStopsHalfWayChangesNothing() throws Exception {
        var answers = new TreeMap<String, Integer>();
        int cuts = 0;
        String sized = request("POST", ITEMS, SIZED) + BODY;
        String chunked =
                request("POST", ITEMS, CHUNKED) + "8\r\n{\"title\"\r\n9\r\n: \"Milk\"}\r\n0\r\n\r";
        for (String whole : List.of(sized, chunked)) {
            for (int cut = whole.indexOf("\r\n\r\n") + 4; cut < whole.length(); cut++) {
                count(wire.sendAll(whole.substring(0, cut)), answers);
                hangUp(whole.substring(0, cut));
                cuts++;
            }
        }
        System.out.println(cuts + " bodies that stop, each twice: answers " + answers);

        assertThat(answers.keySet()).allMatch(status -> status.matches("4..|none"));
        requireNothingChanged();
    }

    private void hangUp(String part) throws IOException {
        try (var client = new Socket(InetAddress.getLoopbackAddress(), todo.uri().getPort())) {
            client.setSoLinger(true, 0); // so that to close is to reset
            client.getOutputStream().write(part.getBytes(ISO_8859_1));
        }
    }

    @Test
    void aBodyThatStallsHasItsConnectionClosed() throws Exception {
        int stalled = 20;
        var clients = new Socket[stalled];
        for (int i = 0; i < stalled; i++) {
            clients[i] = new Socket(InetAddress.getLoopbackAddress(), todo.uri().getPort());
            String part = request("POST", ITEMS, SIZED) + BODY.substring(0, BODY.length() - 1);
            clients[i].getOutputStream().write(part.getBytes(ISO_8859_1));
        }
        var answers = new TreeMap<String, Integer>();
        for (Socket client : clients) {
            client.setSoTimeout(20_000); // milliseconds
            count(new String(client.getInputStream().readAllBytes(), UTF_8), answers);
            client.close();
        }
        System.out.println(stalled + " bodies that stall: answers " + answers);

        assertThat(answers.keySet()).allMatch(status -> status.matches("4..|none"));
        requireNothingChanged();
    }

    @Test
    void aMalformedChunkChangesNothing() throws Exception {
        var answers = new TreeMap<String, Integer>();
        for (String body : MALFORMED_CHUNKS) {
            String next = lastRequest("PUT", "/lists/ana/smuggled");
            for (String head :
                    List.of(
                            request("POST", ITEMS, CHUNKED),
                            request("PUT", ITEMS + "/a", CHUNKED),
                            request("PUT", "/lists/ana/new", CHUNKED),
                            request("GET", ITEMS, CHUNKED))) {
                String answer = wire.sendAll(head + body + next);
                count(answer, answers);
                assertThat(answer).doesNotContain("smuggled");
            }
        }
        System.out.println(
                MALFORMED_CHUNKS.size()
                        + " malformed chunked bodies, each of 4 requests: answers "
                        + answers);

        assertThat(answers.keySet()).allMatch(status -> status.matches("[24]..|none"));
        requireNothingChanged();
    }

    @Test
    void aBodyThatIsExpectedOrSlowIsTaken() throws Exception {
        String expecting = request("POST", ITEMS, SIZED + "Expect: 100-continue\r\n");
        String slow = request("POST", ITEMS, SIZED + "Connection: close\r\n") + BODY;

        assertThat(statuses(wire.sendAll(expecting + BODY))).containsExactly("100", "201");
        assertThat(statuses(wire.sendAll(expecting))).doesNotContain("201").hasSize(1);
        assertThat(statuses(dribble(slow))).containsExactly("201");
        requireSound();
    }

    private String dribble(String request) throws IOException {
        try (var client = new Socket(InetAddress.getLoopbackAddress(), todo.uri().getPort())) {
            client.setTcpNoDelay(true);
            client.setSoTimeout(20_000); // milliseconds
            for (byte one : request.getBytes(ISO_8859_1)) {
                client.getOutputStream().write(one);
                LockSupport.parkNanos(500_000);
            }
            return new String(client.getInputStream().readAllBytes(), UTF_8);
        }
    }

    /// Whoever reads or removes may send one: it is not heeded, nor taken for the next request.
    @Test
    void aBodyWhereNoneIsAskedForIsSkipped() throws Exception {
        for (String framing : List.of(SIZED, CHUNKED)) {
            String body = framing.equals(SIZED) ? BODY : "11\r\n" + BODY + "\r\n0\r\n\r\n";
            String next = lastRequest("GET", "/lists/ana");
            for (String request : List.of("GET " + ITEMS, "HEAD " + ITEMS, "OPTIONS " + ITEMS)) {
                assertThat(statuses(exchange(request, framing, body + next)))
                        .as(request + framing)
                        .hasSize(2)
                        .last()
                        .isEqualTo("200");
            }
            assertThat(statuses(exchange("DELETE " + ITEMS, framing, body + next)))
                    .containsExactly("204", "200");
        }
        requireNothingChanged();
    }

    private String exchange(String methodAndPath, String headers, String rest) {
        String[] words = methodAndPath.split(" ", 2);
        return wire.sendAll(request(words[0], words[1], headers) + rest);
    }

    @Test
    void aBodyThatIsTooLargeOrOfTwoLengthsIsRefused() throws Exception {
        String both = TYPE + "Transfer-Encoding: chunked\r\nContent-Length: 16\r\n";
        String large = TYPE + "Content-Length: 65537\r\n";
        String huge = TYPE + "Content-Length: 99999999999\r\n";
        String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";

        assertThat(statuses(wire.sendAll(request("POST", ITEMS, both) + BODY)))
                .containsExactly("400");
        assertThat(statuses(wire.sendAll(request("POST", ITEMS, large) + " ".repeat(65_537))))
                .containsExactly("413");
        assertThat(statuses(wire.sendAll(request("POST", ITEMS, huge) + BODY)))
                .containsExactly("413");
        assertThat(
                        statuses(
                                wire.sendAll(
                                        request("POST", ITEMS, CHUNKED)
                                                + chunk.repeat(3)
                                                + "0\r\n\r\n")))
                .containsExactly("413");
        requireNothingChanged();
    }

    private static void count(String answer, Map<String, Integer> counts) {
        List<String> all = statuses(answer);
        (all.isEmpty() ? List.of("none") : all).forEach(one -> counts.merge(one, 1, Integer::sum));
    }

    private void requireNothingChanged() throws Exception {
        assertThat(data).hasContent("{\"ana\": {\"home\": []}}\n");
        requireSound();
    }

    private void requireSound() throws Exception {
        try (var client = new Client(todo.uri())) {
            assertThat(client.send("POST", ITEMS, BODY).status()).isEqualTo(201);
        }
        while (todo.total("http_server_connections ") > 0) {
            // until all have come to their end
        }
        assertThat(todo.process().stop().output())
                .noneMatch(line -> line.contains(" SEVERE ") || line.contains(" WARNING "))
                .noneMatch(line -> line.contains("\tat "));
    }
}
