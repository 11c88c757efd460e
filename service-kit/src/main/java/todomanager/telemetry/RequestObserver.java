package todomanager.telemetry;

import io.helidon.http.HttpPrologue;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import todomanager.text.UriPath;

/// Tells of each request: how long it took in the metrics, what became of it in the log, and both
/// in its span.
///
/// Whatever a client sends, there is a bounded number of meters: they are told apart by the
/// template of the route, by methods that are known, and by the status.
public final class RequestObserver implements Filter {
    private static final String NO_ROUTE = "NOT_FOUND"; // as Micrometer calls it, and the next too
    private static final String OTHER = "UNKNOWN";
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT");

    private static final Counter SHED = // there from the start, or the first ones would not count
            Metrics.counter(
                    "http.server.requests.shed",
                    "Requests answered 503 at once, since too many were in progress");
    private static final AtomicInteger ACTIVE = new AtomicInteger();
    private static final Map<Series, Timer> TIMERS = new ConcurrentHashMap<>();

    private final Function<ServerRequest, Span> tracing;
    private final boolean logs;

    private record Series(String route, String method, int status) {
        Timer timer() {
            return Metrics.histogram("http.server.requests")
                    .description("Requests, from their heads to the end of their answers")
                    .tag("uri", route)
                    .tag("method", method)
                    .tag("status", Integer.toString(status))
                    .tag("outcome", outcome(status))
                    .register(Metrics.REGISTRY);
        }

        private static String outcome(int status) {
            return switch (Status.create(status).family()) {
                case SUCCESSFUL -> "SUCCESS";
                case REDIRECTION -> "REDIRECTION";
                case CLIENT_ERROR -> "CLIENT_ERROR";
                case SERVER_ERROR -> "SERVER_ERROR";
                default -> OTHER;
            };
        }
    }

    /// @param tracing begins the span of a request
    /// @param logs whether each request has a line in the log
    public RequestObserver(Function<ServerRequest, Span> tracing, boolean logs) {
        this.tracing = tracing;
        this.logs = logs;
        Gauge.builder("http.server.requests.active", ACTIVE::get)
                .description("Requests in progress")
                .register(Metrics.REGISTRY);
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        long begin = System.nanoTime();
        tracing.apply(request)
                .carry(span -> {
                    ACTIVE.incrementAndGet();
                    try {
                        chain.proceed();
                    } finally {
                        ACTIVE.decrementAndGet();
                        tell(request, response, span, System.nanoTime() - begin);
                    }
                });
    }

    private void tell(
            RoutingRequest request, RoutingResponse response, Span span, long nanoseconds) {
        HttpPrologue prologue = request.prologue();
        String route = route(request);
        String known = prologue.method().text();
        String method = METHODS.contains(known) ? known : OTHER;
        int status = response.status().code();
        TIMERS.computeIfAbsent(new Series(route, method, status), Series::timer)
                .record(nanoseconds, TimeUnit.NANOSECONDS);
        if (logs || span.isRecorded()) {
            String path = UriPath.logged(prologue.uriPath().rawPath());
            if (logs) {
                new AccessLine(method, route, path, status, response.bytesWritten(), nanoseconds)
                        .log();
            }
            span.set("http.request.method", method);
            span.set("http.route", route);
            span.set("url.path", path);
            span.set("url.scheme", "http");
            span.set("http.response.status_code", status);
        }
        span.end(method + ' ' + route, status >= 500);
    }

    private static String route(ServerRequest request) {
        return request.matchingPattern().orElse(NO_ROUTE);
    }

    /// Counts one that is answered 503 since the service is busy.
    public static void shed() {
        SHED.increment();
    }

    /// Counts one that has not become a request: it ended before there was a route.
    public static void refused(Status status) {
        Metrics.counter(
                        "http.server.requests.refused",
                        "Invalid requests, refused before routing",
                        "status",
                        status.codeText())
                .increment();
    }
}
