package todomanager.system.packaged;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Http.awaitStatus;
import static todomanager.testkit.Http.get;
import static todomanager.testkit.process.ServiceProcess.freePort;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.Answer;
import todomanager.testkit.process.ServiceProcess;

/// What the packaged services bear of clients: many, silent, slow, and gone before the answer.
@Tag("system")
@Timeout(60)
class ConnectionsIT {
    @TempDir private Path folder;

    @Test
    void areNotLiveOnceTheyCanListenNoMore() throws Exception {
        int port = freePort();
        int adminPort = freePort();
        var builder =
                ServiceProcess.builder(
                                port,
                                adminPort,
                                List.of(
                                        "bash",
                                        "-c",
                                        "ulimit -n 150 && exec "
                                                + ServiceProcess.JAVA
                                                + " -jar todo-svc/target/todo-svc.jar"))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile());
        Process todo = builder.start();
        var connections = new ArrayList<Socket>();
        URI live = URI.create("http://127.0.0.1:" + adminPort + "/observe/health/live");
        URI ready = live.resolve("ready");
        try {
            awaitStatus(ready, 200);
            while (connections.size() < 1_000) {
                connections.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
        } catch (SocketException e) {
            // as many as it can have: refused, or reset while its socket closed
        }
        for (Socket connection : connections) {
            connection.close();
        }
        try {
            awaitStatus(live, 503);
            awaitStatus(ready, 503);
        } finally {
            todo.destroyForcibly();
        }
    }

    /// The kubelet restarts a pod that leaves three probes without an answer, ten seconds apart.
    @Test
    void answerAProbeThoughTheSilentHaveAllConnectionsOfItsPort() throws Exception {
        try (var serving = ServiceProcess.start("todo-svc", Map.of())) {
            URI live = serving.admin().resolve("/observe/health/live");
            var silent = new ArrayList<Socket>();
            for (int i = 0; i < 128; i++) {
                silent.add(slowClient(live.getPort()));
            }
            var probe = HttpRequest.newBuilder(live).timeout(Duration.ofSeconds(20)).build();
            try (var client = HttpClient.newHttpClient()) {
                assertThat(client.send(probe, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            }
            for (Socket client : silent) {
                client.close();
            }
        }
    }

    /// As many as README says, half of them silent, and more probes than there is room for clients
    /// that wait.
    @Test
    void takeAnotherConnectionOnceOneOfAllThatTheyHaveRoomForCloses() throws Exception {
        var environment =
                Map.of("JDK_JAVA_OPTIONS", ServiceProcess.SHIPPED, "SERVER_BACKLOG", "10");
        try (var serving = ServiceProcess.start("todo-svc", environment)) {
            URI live = serving.admin().resolve("/observe/health/live");
            int most = (int) serving.total("http_server_connections_max ");
            assertThat(most).isBetween(860, 870);
            var clients = new ArrayList<Socket>();
            while (clients.size() < most) {
                Socket client = slowClient(serving.uri().getPort());
                clients.add(client);
                if (clients.size() % 2 == 0) {
                    ask(client, "GET /lists HTTP/1.1");
                    assertThat(Answer.read(client.getInputStream()).status()).isEqualTo(200);
                }
            }
            while (serving.total("http_server_connections ") < most) {
                // until it has taken the last of them
            }

            for (int probes = 0; probes < 20; probes++) {
                assertThat(get(live).statusCode()).isEqualTo(200);
            }
            Socket oneMore = slowClient(serving.uri().getPort());
            ask(oneMore, "GET /lists HTTP/1.1");
            assertThat(get(live).statusCode()).isEqualTo(200);
            assertThat(oneMore.getInputStream().available()).isZero();

            clients.getFirst().close();
            assertThat(Answer.read(oneMore.getInputStream()).status()).isEqualTo(200);

            clients.add(oneMore);
            for (Socket client : clients) {
                client.close();
            }
            while (serving.total("http_server_connections ") > 0) {
                // until it has seen them close
            }
        }
    }

    /// More clients than the heap that is shipped holds, each with half a head.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outliveMoreClientsThanTheHeapHolds(boolean ofAdminPort) throws Exception {
        var environment = Map.of("JDK_JAVA_OPTIONS", ServiceProcess.SHIPPED);
        try (var serving = ServiceProcess.start("todo-svc", environment)) {
            int port = (ofAdminPort ? serving.admin() : serving.uri()).getPort();
            var clients = new ArrayList<Socket>();
            for (boolean taken = true; taken && clients.size() < 3_500; ) {
                var client = new Socket();
                clients.add(client);
                taken = asks(client, port);
            }
            for (Socket client : clients) {
                client.close();
            }
            assertThat(get(serving.uri().resolve("/lists")).statusCode()).isEqualTo(200);
            assertThat(get(serving.admin().resolve("/observe/health/live")).statusCode())
                    .isEqualTo(200);
            assertThat(serving.process().stop().output())
                    .noneMatch(line -> line.contains("OutOfMemoryError"));
        }
    }

    /// Whether the service takes the connection, or the kernel for it, for which half a head is
    /// sent.
    private static boolean asks(Socket client, int port) throws IOException {
        try {
            var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            client.connect(server, 2_000); // milliseconds, in which the kernel asks again
            client.getOutputStream().write("GET /lists HTTP/1.1\r\nX".getBytes(US_ASCII));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// A copy of the body for each of them would take more than twice the heap.
    @Test
    void sendALargeBodyToManyWhoTakeTheirTime() throws Exception {
        String users = largeUsers();
        Path data = Files.writeString(folder.resolve("users.json"), users);
        var environment =
                Map.of(
                        "DATA_PATH", data.toString(),
                        "LOG_ACCESS", "true",
                        "JDK_JAVA_OPTIONS", "-Xmx96m");
        try (var serving = ServiceProcess.start("user-svc", environment)) {
            var clients = new ArrayList<Socket>();
            for (int i = 0; i < 40; i++) {
                Socket client = slowClient(serving.uri().getPort());
                clients.add(client);
                ask(client, "GET /users HTTP/1.1");
                byte[] begin = client.getInputStream().readNBytes(12);
                assertThat(new String(begin, US_ASCII)).isEqualTo("HTTP/1.1 200");
            }
            for (Socket client : clients) {
                var in = new BufferedInputStream(client.getInputStream());
                var rest = new ByteArrayInputStream("HTTP/1.1 200".getBytes(US_ASCII));
                String body = Answer.read(new SequenceInputStream(rest, in)).body();
                assertThat(body.equals(users)).isTrue();

                ask(client, "GET /users HTTP/1.1\r\nIf-None-Match: *");
                assertThat(Answer.read(in).status()).isEqualTo(304);
                ask(client, "GET /users/user-1 HTTP/1.1");
                assertThat(Answer.read(in).body()).endsWith("\"verified\":1}\n");
                client.close();
            }

            assertThat(serving.process().stop().output())
                    .filteredOn(line -> line.contains("GET /users 200, "))
                    .hasSize(40)
                    .allSatisfy(line ->
                            assertThat(Long.parseLong(line.replaceFirst(".* (\\d+) B, .*", "$1")))
                                    .isBetween(users.length() + 200L, users.length() + 400L));
        }
    }

    /// Six megabytes, as they are served.
    private static String largeUsers() {
        return IntStream.range(0, 100)
                .mapToObj(i ->
                        "\"user-%d\":{\"id\":%d,\"name\":\"%s\",\"verified\":1}"
                                .formatted(i, i, "x".repeat(60_000)))
                .collect(Collectors.joining(",", "{", "}\n"));
    }

    /// Who has reset the connection before the service gets to answer, whatever the answer is.
    @Test
    void sayNoMoreThanUsualOfClientsThatHangUp() throws Exception {
        var requests =
                List.of(
                        "GET /lists/aniket",
                        "GET /lists/nobody",
                        "HEAD /lists/nobody",
                        "GET /nothing",
                        "DELETE /lists",
                        "GET /lists?limit=0");
        try (var serving = ServiceProcess.start("todo-svc", Map.of("LOG_ACCESS", "true"))) {
            var clients = new HashMap<String, Socket>();
            for (String request : requests) {
                Socket client = slowClient(serving.uri().getPort());
                client.setSoLinger(true, 0); // so that to close is to reset
                clients.put(request, client);
                ask(client, "GET /lists HTTP/1.1");
                assertThat(Answer.read(client.getInputStream()).status()).isEqualTo(200);
            }
            serving.process().pause();
            for (var client : clients.entrySet()) {
                ask(client.getValue(), client.getKey() + " HTTP/1.1");
                client.getValue().close();
            }
            serving.process().resume();
            while (serving.total("http_server_requests_seconds_count") < 2 * requests.size()) {
                // until it has come to the last of them
            }

            assertThat(serving.process().stop().output())
                    .noneMatch(line -> line.contains("WARNING") || line.contains("\tat "))
                    .filteredOn(line -> line.contains(" B, "))
                    .hasSize(2 * requests.size());
        }
    }

    /// One that has room for little of what it does not read.
    private static Socket slowClient(int port) throws IOException {
        var client = new Socket();
        client.setReceiveBufferSize(64 << 10);
        client.setSoTimeout(20_000); // milliseconds
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return client;
    }

    private static void ask(Socket client, String what) throws IOException {
        client.getOutputStream().write((what + "\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII));
    }
}
