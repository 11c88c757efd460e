package todomanager.service;

import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.observe.health.HealthObserver;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Whether the service is started, ready and live. None of it depends on another service, whose
/// failure would take this one down too.
final class Health implements HttpFeature {
    private static final int PATIENCE = 500; // milliseconds

    private final AtomicInteger connections = new AtomicInteger();
    private volatile @Nullable WebServer started;
    private volatile boolean stopping;

    @Override
    public void setup(HttpRouting.Builder routing) {}

    @Override
    public void afterStart(WebServer server) {
        started = server;
    }

    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    /// The connections of the port that is probed.
    AtomicInteger connections() {
        return connections;
    }

    HealthObserver observer() {
        return HealthObserver.builder()
                .details(true)
                .addCheck(() -> status(started != null), HealthCheckType.STARTUP, "started")
                .addCheck(
                        () -> status(started != null && !stopping && listens()),
                        HealthCheckType.READINESS,
                        "ready")
                .addCheck(() -> status(listens()), HealthCheckType.LIVENESS, "live")
                .build();
    }

    /// Helidon gives a listener up for good when it can't accept a connection, for want of file
    /// descriptors, say, and tells nobody. Only a restart mends that. A server that is too busy to
    /// accept is another matter, which a restart makes worse.
    private boolean listens() {
        WebServer server = started;
        if (server == null || isFull(server)) {
            return true;
        }
        try (var probe = new Socket()) {
            var address = new InetSocketAddress(server.prototype().address(), server.port());
            probe.connect(address, PATIENCE);
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            // busy
        }
        return true;
    }

    /// Then it accepts nobody, and the probes would take the places of clients that wait for that.
    private boolean isFull(WebServer server) {
        int most = server.prototype().maxTcpConnections();
        return most > 0 && connections.get() >= most;
    }

    private static HealthCheckResponse status(boolean up) {
        return HealthCheckResponse.builder().status(up).build();
    }
}
