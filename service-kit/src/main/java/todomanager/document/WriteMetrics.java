package todomanager.document;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import todomanager.telemetry.Metrics;

/// What the admin port tells of writes: how many changes were written or failed, and of each time
/// that the file was replaced how long it took, with how many changes and bytes.
final class WriteMetrics {
    private final Counter successes = changes("success");
    private final Counter failures = changes("failure");
    private final Counter bytes =
            Metrics.counter("data.write.bytes", "Bytes written into the document's file");
    private final Timer time =
            Metrics.histogram("data.write")
                    .description("Replacements of the document's file, until they are on the disk")
                    .register(Metrics.REGISTRY);
    private final DistributionSummary group =
            DistributionSummary.builder("data.write.changes")
                    .description("Changes that one replacement of the file has written")
                    .register(Metrics.REGISTRY);
    private volatile long last; // milliseconds since 1970

    WriteMetrics() {
        Metrics.gauge(
                "data.last.write.timestamp.seconds",
                "When the document was last written well; 0 before the first time",
                () -> last / 1e3);
    }

    void wrote(int changes, int length, long nanoseconds) {
        successes.increment(changes);
        bytes.increment(length);
        group.record(changes);
        time.record(nanoseconds, TimeUnit.NANOSECONDS);
        last = System.currentTimeMillis();
    }

    void failed(int changes) {
        failures.increment(changes);
    }

    private static Counter changes(String result) {
        return Metrics.counter(
                "data.writes", "Changes of the document, by their result", "result", result);
    }
}
