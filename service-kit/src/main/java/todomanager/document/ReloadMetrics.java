package todomanager.document;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;
import todomanager.http.Revision;
import todomanager.telemetry.JfrEvents;
import todomanager.telemetry.Metrics;

/// What the admin port and Java's flight recorder tell of the document: whether the last look at
/// its file ended well, when that was and how long it took, how often which end came about, and the
/// revision that is served.
final class ReloadMetrics {
    private final Counter successes = reloads("success");
    private final Counter failures = reloads("failure");
    private @Nullable Revision served;
    private @Nullable Gauge info;
    private volatile boolean successful;
    private volatile long time; // milliseconds since 1970
    private volatile long duration; // nanoseconds
    private long begin;
    private Reload event = new Reload();

    @Name("todomanager.Reload")
    @Label("Reload of the document")
    @Category("todo-manager")
    @StackTrace(false)
    @Registered(false)
    static final class Reload extends Event {
        @Label("Successful")
        boolean successful;

        @Label("Revision that is served")
        String revision = "";
    }

    /// The document is about to be read for the first time.
    ReloadMetrics() {
        JfrEvents.register(Reload.class);
        Metrics.gauge(
                "data.last.reload.successful",
                "1 if the file's content is what is served, 0 if it is bad",
                () -> successful ? 1 : 0);
        Metrics.gauge(
                "data.last.reload.timestamp.seconds",
                "When a change of the document was last read, well or not",
                () -> time / 1e3);
        Metrics.gauge(
                "data.last.reload.duration.seconds",
                "How long it took to read, check and render the document",
                () -> duration / 1e9);
        begin();
    }

    /// The file is about to be looked at.
    void begin() {
        begin = System.nanoTime();
        event = new Reload();
        event.begin();
    }

    void succeeded(Revision revision) {
        successes.increment();
        serves(revision);
        end(true);
    }

    /// The document that is served is that of this revision from now on.
    void serves(Revision revision) {
        if (!revision.equals(served)) {
            Gauge old = info;
            info = info(revision);
            if (old != null) {
                Metrics.REGISTRY.remove(old);
            }
            served = revision;
        }
    }

    void failed() {
        failures.increment();
        end(false);
    }

    private void end(boolean successful) {
        this.successful = successful;
        time = System.currentTimeMillis();
        duration = System.nanoTime() - begin;
        event.successful = successful;
        event.revision = served == null ? "" : served.value();
        event.commit();
    }

    private static Counter reloads(String result) {
        return Metrics.counter(
                "data.reloads", "Readings of the document, by their result", "result", result);
    }

    private static Gauge info(Revision revision) {
        return Gauge.builder("data.document.info", () -> 1)
                .description("The revision that is served")
                .tag("revision", revision.value())
                .register(Metrics.REGISTRY);
    }
}
