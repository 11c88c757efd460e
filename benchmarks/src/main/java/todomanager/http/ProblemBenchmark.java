package todomanager.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportRequest;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import todomanager.telemetry.Span;

/// Renders the problem that a 404 is, head and body, up to where Helidon sends it: with a trace of
/// its own, as each request without one has, and counted as one that was refused.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@State(Scope.Benchmark)
public class ProblemBenchmark {
    private static final TransportRequest REQUEST =
            new Request("HTTP/1.1", "GET", "/users/nobody", ServerRequestHeaders.create());

    private final DirectHandler handler = ProblemDetails.beforeRouting().handler(EventType.OTHER);

    private record Request(
            String protocolVersion, String method, String path, ServerRequestHeaders headers)
            implements TransportRequest {}

    @Benchmark
    public void render(Blackhole hole) {
        new Span.PassedOn(null).carry(_ -> hole.consume(problem()));
    }

    private TransportResponse problem() {
        return handler.handle(
                REQUEST, EventType.OTHER, Status.NOT_FOUND_404, ServerResponseHeaders.create(), "");
    }
}
