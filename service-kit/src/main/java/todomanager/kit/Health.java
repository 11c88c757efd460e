package todomanager.kit;

import io.helidon.health.HealthCheckResponse;
import io.helidon.health.HealthCheckType;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.observe.health.HealthObserver;

/// Whether the service is started, ready and live; the process answers, so it is live. None of it
/// depends on another service, whose failure would take this one down too.
final class Health implements HttpFeature {
    private volatile boolean started;

    @Override
    public void setup(HttpRouting.Builder routing) {}

    @Override
    public void afterStart(WebServer server) {
        started = true;
    }

    HealthObserver observer() {
        return HealthObserver.builder()
                .details(true)
                .addCheck(this::serving, HealthCheckType.STARTUP, "started")
                .addCheck(this::serving, HealthCheckType.READINESS, "ready")
                .build();
    }

    private HealthCheckResponse serving() {
        return HealthCheckResponse.builder().status(started).build();
    }
}
