package todomanager.user.todo;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Category;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;
import todomanager.telemetry.JfrEvents;
import todomanager.telemetry.Metrics;
import todomanager.telemetry.Span;

/// A call to todo-svc, as the metrics, the trace and Java's flight recorder are told of it.
@Name("todomanager.Call")
@Label("Call to todo-svc")
@Category("todo-manager")
@StackTrace(false)
@Registered(false)
final class TodoCall extends jdk.jfr.Event {
    private static final String SERVICE = "todo-svc";

    private static final Map<Series, Timer> TIMERS = new ConcurrentHashMap<>();

    private final transient URI service;
    private final transient String path;
    private final transient Span span = Span.current().call();
    private final transient long begin = System.nanoTime();

    @Label("Method")
    private final String method;

    @Label("Route")
    private final String route;

    @Label("Status, 0 for none")
    private int status;

    @Label("Outcome")
    private String outcome = Outcome.UNUSABLE.name();

    /// What a call comes to: an answer that says what is so, none since there is no connection,
    /// none in time, one of no use, and one that nothing can be done for now.
    enum Outcome {
        SUCCESS,
        UNREACHABLE,
        TIMEOUT,
        UNUSABLE,
        REFUSED
    }

    private record Series(String method, String route, int status, String outcome) {
        Timer timer() {
            return Metrics.histogram("http.client.requests")
                    .description("Calls to another service, each with its retry if it had one")
                    .tag("client.name", SERVICE)
                    .tag("method", method)
                    .tag("uri", route)
                    .tag("status", status == 0 ? "NONE" : Integer.toString(status))
                    .tag("outcome", outcome)
                    .register(Metrics.REGISTRY);
        }
    }

    /// @param route the template of the path
    /// @param path of what is called
    TodoCall(URI service, String method, String route, String path) {
        this.service = service;
        this.method = method;
        this.route = route;
        this.path = path;
        begin();
    }

    String traceparent() {
        return span.traceparent();
    }

    void answered(int status) {
        this.status = status;
    }

    void endedAs(Outcome outcome) {
        this.outcome = outcome.name();
    }

    void tell() {
        commit();
        TIMERS.computeIfAbsent(new Series(method, route, status, outcome), Series::timer)
                .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        if (span.isRecorded()) {
            span.set("http.request.method", method);
            span.set("url.full", service.resolve(path).toString());
            span.set("url.template", route);
            span.set("server.address", service.getHost());
            span.set("server.port", service.getPort() < 0 ? 80 : service.getPort());
            span.set("peer.service", SERVICE);
            if (status != 0) {
                span.set("http.response.status_code", status);
            }
        }
        boolean failed = !outcome.equals(Outcome.SUCCESS.name());
        if (failed) {
            span.set("error.type", outcome);
        }
        span.end(method + ' ' + route, failed);
    }

    /// Tells of the connections that calls use.
    static void observe(HttpClient client) {
        JfrEvents.register(TodoCall.class);
        var name = Tags.of("client.name", SERVICE);
        FunctionCounter.builder("http.client.retries", client, HttpClient::retries)
                .description("Calls that were made again, since a kept connection broke")
                .tags(name)
                .register(Metrics.REGISTRY);
        Gauge.builder("http.client.connections", client, HttpClient::idle)
                .description("Connections to another service")
                .tags(name.and("state", "idle"))
                .register(Metrics.REGISTRY);
        Gauge.builder("http.client.connections", client, HttpClient::connecting)
                .description("Connections to another service")
                .tags(name.and("state", "connecting"))
                .register(Metrics.REGISTRY);
    }
}
