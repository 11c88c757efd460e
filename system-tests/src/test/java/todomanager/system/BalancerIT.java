package todomanager.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.testkit.Load;
import todomanager.testkit.LoadResult;
import todomanager.testkit.StubTodoService;
import todomanager.testkit.process.Balancer;

@Tag("system")
@Timeout(60)
class BalancerIT {
    @TempDir private Path folder;

    private StubTodoService one;
    private StubTodoService other;

    @BeforeEach
    void start() {
        one = new StubTodoService();
        other = new StubTodoService();
        one.answers("200 OK", "text/plain", "ok");
        other.answers("200 OK", "text/plain", "ok");
    }

    @AfterEach
    void stop() throws IOException {
        one.close();
        other.close();
    }

    @Test
    void sharesRequestsOut() throws IOException {
        try (var balancer = before(one, other)) {
            balancer.awaitUp(2);
            LoadResult result = load(balancer, 100);

            assertThat(result.counts()).isEqualTo(Map.of(200, 100));
            assertThat(result.failed()).isZero();
            assertThat(requests(one)).hasSizeBetween(40, 60);
            assertThat(requests(other)).hasSize(100 - requests(one).size());
        }
    }

    @Test
    void sendsNothingToAServerUntilItIsReady() throws IOException {
        other.answers("503 Service Unavailable", "text/plain", "no");
        try (var balancer = before(one, other)) {
            balancer.awaitUp(1);
            assertThat(load(balancer, 20).counts()).isEqualTo(Map.of(200, 20));
            assertThat(requests(other)).isEmpty();

            other.answers("200 OK", "text/plain", "ok");
            balancer.awaitUp(2);
            assertThat(load(balancer, 20).counts()).isEqualTo(Map.of(200, 20));
            assertThat(requests(other)).isNotEmpty();
        }
    }

    @Test
    void startsBeforeItsServersAndOutlivesThem() throws IOException {
        other.close();
        try (var balancer = before(one, other)) {
            balancer.awaitUp(1);
            one.close();
            balancer.awaitUp(0);

            assertThat(load(balancer, 5).counts()).isEqualTo(Map.of(503, 5));
        }
    }

    @Test
    void sendsOnceWhatAServerHangsUpOn() throws IOException {
        other.behaves(StubTodoService::hangUp);
        var hangsUp = new Balancer.Server(other.uri().getPort(), one.uri().getPort());
        try (var balancer = new Balancer(folder, List.of(hangsUp, hangsUp))) {
            balancer.awaitUp(2);
            LoadResult result = load(balancer, 5);

            assertThat(result.failed() + result.counts().getOrDefault(502, 0)).isEqualTo(5);
            assertThat(requests(other)).hasSize(5).doesNotHaveDuplicates();
        }
    }

    @Test
    void endsItsProcess() throws IOException {
        var balancer = before(one, other);
        balancer.close();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() ->
                        new Socket(InetAddress.getLoopbackAddress(), balancer.uri().getPort())
                                .close());
    }

    private Balancer before(StubTodoService... services) throws IOException {
        return new Balancer(
                folder,
                List.of(services).stream()
                        .map(service -> service.uri().getPort())
                        .map(port -> new Balancer.Server(port, port))
                        .toList());
    }

    private static LoadResult load(Balancer balancer, int requests) {
        var plan =
                new Load.Plan(
                        balancer.uri().getPort(),
                        2,
                        requests,
                        Duration.ofSeconds(20),
                        number -> "/" + number);
        try (var load = Load.start(plan)) {
            return load.join();
        }
    }

    /// What a service was asked, but for its health.
    private static List<String> requests(StubTodoService service) {
        return service.requestLines().stream().filter(line -> !line.contains("/observe/")).toList();
    }
}
