package todomanager.kit;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Tag;
import io.helidon.service.registry.Services;
import java.util.List;

/// What the admin port tells of the document: whether the last look at its file ended well, when
/// that was, how often which end came about, and the revision that is served.
final class ReloadMetrics {
    private static final String DOCUMENT = "data_document_info";

    private final MeterRegistry registry = Services.get(MeterRegistry.class);
    private final Counter successes = reloads("success");
    private final Counter failures = reloads("failure");
    private Revision served;
    private volatile boolean successful;
    private volatile long time; // milliseconds since 1970

    ReloadMetrics(Revision revision) {
        register(
                Gauge.builder("data_last_reload_successful", () -> successful ? 1 : 0)
                        .description("1 if the file's content is what is served, 0 if it is bad"));
        register(
                Gauge.builder("data_last_reload_timestamp_seconds", () -> time / 1e3)
                        .description("When a change of the file was last read, well or not"));
        served = revision;
        info(revision);
        succeeded(revision);
    }

    void succeeded(Revision revision) {
        successes.increment();
        end(true);
        if (!revision.equals(served)) {
            info(revision);
            registry.remove(DOCUMENT, List.of(tag(served)));
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
    }

    private Counter reloads(String result) {
        return registry.getOrCreate(
                Counter.builder("data_reloads")
                        .description("Readings of the document, by their result")
                        .addTag(Tag.create("result", result)));
    }

    private void info(Revision revision) {
        registry.getOrCreate(
                Gauge.builder(DOCUMENT, () -> 1)
                        .description("The revision that is served")
                        .addTag(tag(revision)));
    }

    private static Tag tag(Revision revision) {
        return Tag.create("revision", revision.value());
    }

    /// In the place of a gauge of that name, which would go on telling of another document.
    private void register(Gauge.Builder<?> gauge) {
        registry.remove(gauge.name(), List.of());
        registry.getOrCreate(gauge);
    }
}
