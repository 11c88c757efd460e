package todomanager.kit;

import io.helidon.webserver.http.ServerRequest;

/// Where spans begin.
interface Tracing {
    /// Begins the span of a request.
    Span request(ServerRequest request);

    /// Without a collector, traces are passed on.
    static Span passOn(ServerRequest request) {
        return new Span.PassedOn(Traceparent.of(request).orElseGet(Traceparent::random));
    }
}
