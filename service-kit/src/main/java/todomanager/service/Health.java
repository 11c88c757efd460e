package todomanager.service;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import todomanager.http.Representation;
import todomanager.http.Resource;

/// Whether the service is started, ready and live. None of it depends on another service, whose
/// failure would take this one down too.
final class Health implements HttpService {
    private static final int PATIENCE = 500; // milliseconds

    private final AtomicInteger connections = new AtomicInteger();
    private volatile @Nullable WebServer server;
    private volatile boolean stopping;

    void started(WebServer started) {
        server = started;
    }

    boolean isStarted() {
        return server != null;
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

    /// All checks together, and each by itself.
    @Override
    public void routing(HttpRules rules) {
        var checks = new LinkedHashMap<String, BooleanSupplier>();
        checks.put("started", this::isStarted);
        checks.put("ready", () -> isStarted() && !stopping && listens());
        checks.put("live", this::listens);
        rules.any("/health", new Resource(_ -> outcome(checks)));
        checks.forEach((name, check) ->
                rules.any("/health/" + name, new Resource(_ -> outcome(Map.of(name, check)))));
    }

    /// `{"status":"UP","checks":[{"name":"ready","status":"UP"}]}`; 503 where a check is not up.
    private static Representation outcome(Map<String, BooleanSupplier> checks) {
        var outcomes = new LinkedHashMap<String, Boolean>();
        checks.forEach((name, check) -> outcomes.put(name, check.getAsBoolean()));
        boolean allUp = !outcomes.containsValue(false);
        return Representation.json(
                        json -> {
                            json.writeStartObject().write("status", status(allUp));
                            json.writeStartArray("checks");
                            outcomes.forEach((name, isUp) -> writeOutcome(json, name, isUp));
                            json.writeEnd().writeEnd();
                        })
                .with(allUp ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
    }

    private static void writeOutcome(JsonGenerator json, String name, boolean isUp) {
        json.writeStartObject().write("name", name).write("status", status(isUp)).writeEnd();
    }

    private static String status(boolean isUp) {
        return isUp ? "UP" : "DOWN";
    }

    /// Helidon gives a listener up for good when it can't accept a connection, for want of file
    /// descriptors, say, and tells nobody. Only a restart mends that. A server that is too busy to
    /// accept is another matter, which a restart makes worse.
    private boolean listens() {
        WebServer started = server;
        if (started == null || isFull(started)) {
            return true;
        }
        try (var probe = new Socket()) {
            var address = new InetSocketAddress(started.prototype().address(), started.port());
            probe.connect(address, PATIENCE);
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            // busy
        }
        return true;
    }

    /// Then it accepts nobody, and the probes would take the places of clients that wait for that.
    private boolean isFull(WebServer started) {
        int most = started.prototype().maxTcpConnections();
        return most > 0 && connections.get() >= most;
    }
}
