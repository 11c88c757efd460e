package todomanager.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.http.Representation;
import todomanager.service.Service;
import todomanager.service.Service.Parts;
import todomanager.service.StartFailure;

@Timeout(30)
class SlowConnectionsTest {
    private static final Representation LARGE = Representation.text("x".repeat(50_000_000));
    private static final CountDownLatch GAVE_UP_SENDING = new CountDownLatch(1);
    private static final Service SERVICE =
            new Service(
                    "large-svc",
                    bytes -> {},
                    List.of(),
                    Optional.empty(),
                    settings ->
                            new Parts(
                                    rules -> rules.any("/large", SlowConnectionsTest::sendLarge),
                                    () -> {},
                                    List.of()));

    @TempDir private static Path folder;

    private static WebServer server;

    private static void sendLarge(ServerRequest request, ServerResponse response) {
        try {
            LARGE.send(request, response);
        } finally {
            GAVE_UP_SENDING.countDown();
        }
    }

    @BeforeAll
    static void start() throws IOException, StartFailure {
        Path data = Files.writeString(folder.resolve("data.json"), "12345");
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"),
                        """
                        data: {path: '%s'}
                        server:
                          port: 0
                          idle-connection-timeout: PT0.1S
                          idle-connection-period: PT0.05S
                          sockets:
                            admin:
                              port: 0
                              idle-connection-timeout: PT0.1S
                              idle-connection-period: PT0.05S
                        """
                                .formatted(data));
        var builder = WebServer.builder();
        SERVICE.configure(builder, SERVICE.configuration("--config", config.toString()));
        server = builder.build().start();
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GE",
                "GET /nope HTTP/1.1\r\nHost: a\r\nX",
                "GET /nope HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n1234",
                "GET /nope HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\n1",
                "GET /nope HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n1234",
                "GET /nope HTTP/1.1\r\nHost: a\r\n\r\n"
            })
    void endWhenTheRestOfARequestDoesNotCome(String part) throws IOException {
        try (var client = send(part, server.port());
                var adminClient = send(part, server.port("admin"))) {
            for (Socket one : List.of(client, adminClient)) {
                assertThat(untilItEnds(one)).doesNotStartWith("HTTP/1.1 200");
            }
        }
    }

    /// What is answered until then. An end just as something arrives that is not read any more, is
    /// none that TCP calls orderly.
    private static String untilItEnds(Socket client) throws IOException {
        try {
            return new String(client.getInputStream().readAllBytes(), US_ASCII);
        } catch (SocketException e) {
            return "";
        }
    }

    private static Socket send(String part, int port) throws IOException {
        var client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(10_000); // milliseconds, after which it has not ended
        client.getOutputStream().write(part.getBytes(US_ASCII));
        return client;
    }

    @Test
    void endWhenAnAnswerIsNotRead() throws Exception {
        try (var _ = send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n", server.port())) {
            assertThat(GAVE_UP_SENDING.await(10, SECONDS)).isTrue();
        }
    }
}
