package todomanager.user.todo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import todomanager.http.Representation;

/// Checks what todo-svc answered and renders it anew, with its entity tag. The call that brought
/// it, and sending it, are left out; that the same need not be checked twice too.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@State(Scope.Benchmark)
public class ListsBenchmark {
    @Param({"1", "10", "1000"})
    public int lists;

    private byte[] json;

    @Setup
    public void write() {
        String text =
                IntStream.range(0, lists)
                        .mapToObj(i ->
                                "\"list-%d\":[\"Complete homework\",\"Prepare for test\"]"
                                        .formatted(i))
                        .collect(Collectors.joining(",", "{", "}\n"));
        json = text.getBytes(UTF_8);
    }

    @Benchmark
    public Representation check() {
        return TodoClient.check(json);
    }
}
