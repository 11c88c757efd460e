package todomanager.kit;

import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.observe.health.HealthObserver;

/// Whether the service is started, ready and live. None of it depends on another service, whose
/// failure would take this one down too.
final class Health implements HttpFeature {
    private volatile boolean started;
    private volatile boolean stopping;
    private volatile boolean deaf;

    @Override
    public void setup(HttpRouting.Builder routing) {}

    @Override
    public void afterStart(WebServer server) {
        started = true;
    }

    /// Helidon gives a listener up for good when it can't accept a connection, for want of file
    /// descriptors, say. The process is of no use then, and only a restart mends it.
    @Override
    public void afterStop() {
        deaf = !stopping;
    }

    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    HealthObserver observer() {
        return HealthObserver.builder()
                .details(true)
                .addCheck(() -> status(started), HealthCheckType.STARTUP, "started")
                .addCheck(
                        () -> status(started && !stopping && !deaf),
                        HealthCheckType.READINESS,
                        "ready")
                .addCheck(() -> status(!deaf), HealthCheckType.LIVENESS, "live")
                .build();
    }

    private static HealthCheckResponse status(boolean up) {
        return HealthCheckResponse.builder().status(up).build();
    }
}
