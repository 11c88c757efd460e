package todomanager.service;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.request;
import static todomanager.testkit.Wire.statuses;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.testkit.LogRecorder;

@Timeout(30)
class GracefulStopTest {
    private final CountDownLatch isAsked = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private TestService service;

    @BeforeEach
    void start() {
        service = new TestService(folder, rules -> rules.any("/wait", new Resource(_ -> await())));
    }

    private Representation await() {
        try {
            isAsked.countDown();
            gate.await();
            return Representation.text("finished");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        gate.countDown();
        service.close();
    }

    @Test
    void letsARequestInProgressFinishAndListensNoMore() throws Exception {
        var answer = new FutureTask<>(() -> service.wire().send(request("GET", "/wait", "")));
        Thread.ofPlatform().start(answer);
        isAsked.await();
        try (var log = new LogRecorder("todomanager")) {
            Thread stop = Thread.ofPlatform().start(service.stop(Duration.ZERO)::stop);
            while (listens()) {
                Thread.onSpinWait();
            }
            assertThat(stop.isAlive()).isTrue();
            gate.countDown();
            stop.join();

            assertThat(answer.get())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("finished");
            assertThat(log.lines())
                    .containsExactly(
                            "people-svc is told to stop: not ready, serves on for PT0S, then finishes within PT20S",
                            "people-svc has stopped");
        }
    }

    private boolean listens() throws IOException {
        try (var client = new Socket(InetAddress.getLoopbackAddress(), service.wire().port())) {
            return client.isConnected();
        } catch (SocketException e) {
            return false;
        }
    }

    @Test
    void servesOnWhileItDrainsThoughItIsNotReady() {
        Thread.ofPlatform().daemon().start(service.stop(Duration.ofHours(1))::stop);
        while (isReady()) {
            Thread.onSpinWait();
        }

        // a connection's next answer is its last
        assertThat(service.wire().send(request("GET", "/people/ana", "")))
                .startsWith("HTTP/1.1 200 ")
                .contains("\r\nConnection: close\r\n")
                .endsWith(TestService.ANA);
    }

    private boolean isReady() {
        String ready = service.admin().exchange("GET", "/observe/health/ready");
        return statuses(ready).contains("200");
    }

    @Test
    void endsBesideAClientThatIsSilent() throws Exception {
        try (var silent = new Socket(InetAddress.getLoopbackAddress(), service.wire().port())) {
            assertThat(silent.isConnected()).isTrue();
            service.stop(Duration.ZERO).stop();

            assertThat(listens()).isFalse();
        }
    }
}
