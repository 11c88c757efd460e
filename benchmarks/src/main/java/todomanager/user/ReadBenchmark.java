package todomanager.user;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import todomanager.user.store.Users;

/// Reads a document of 100,000 users, as the start and each reload do: parses and checks it,
/// renders each user and makes the table where they are found. The file, and its hash that is the
/// revision, are left out.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@State(Scope.Benchmark)
public class ReadBenchmark {
    private byte[] json;

    @Setup
    public void write() {
        json = new UsersDocument(100_000).json();
    }

    @Benchmark
    public Users read() {
        return Users.read(json);
    }
}
