package todomanager.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/// The meters of this process, named as Micrometer names those that it brings along.
///
/// Helidon's own count requests, but neither by route nor by status, nor how long they take.
public final class Metrics {
    /// Of what [#REGISTRY] is scraped to.
    public static final String MEDIA_TYPE = "text/plain; version=0.0.4";

    public static final PrometheusMeterRegistry REGISTRY =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private static final Duration[] BUCKETS =
            LongStream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500)
                    .mapToObj(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private Metrics() {}

    /// A timer whose times can be added up over instances.
    public static Timer.Builder histogram(String name) {
        return Timer.builder(name).serviceLevelObjectives(BUCKETS);
    }

    /// A counter, which is there from its first call on.
    ///
    /// @param tags names and values, in turns
    public static Counter counter(String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(REGISTRY);
    }

    /// A gauge in the place of one of that name, which would go on telling of something else.
    public static void gauge(String name, String description, Supplier<Number> value) {
        REGISTRY.find(name).meters().forEach(REGISTRY::remove);
        Gauge.builder(name, value).description(description).register(REGISTRY);
    }

    /// How many connections a port has, and how many it takes.
    public static void observeConnections(Supplier<Number> open, int most) {
        Gauge.builder("http.server.connections", open)
                .description("Connections of clients")
                .register(REGISTRY);
        Gauge.builder("http.server.connections.max", () -> most)
                .description("The most connections of clients; further ones wait")
                .register(REGISTRY);
    }

    /// What Java and the operating system know of the process.
    @SuppressWarnings("resource") // they end with the process
    public static void observeProcess(String service, String version) {
        Gauge.builder("build.info", () -> 1)
                .description("The version that runs")
                .tag("application", service)
                .tag("version", version)
                .register(REGISTRY);
        new JvmInfoMetrics().bindTo(REGISTRY);
        new JvmMemoryMetrics().bindTo(REGISTRY);
        new JvmThreadMetrics().bindTo(REGISTRY);
        ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(collector ->
                        !collector.getName().endsWith("Cycles")) // ZGC's, which pause little
                .forEach(Metrics::observe);
        new ProcessorMetrics().bindTo(REGISTRY);
        new UptimeMetrics().bindTo(REGISTRY);
        new FileDescriptorMetrics().bindTo(REGISTRY);
    }

    /// Micrometer's JvmGcMetrics has Java tell it of each collection, which wakes a thread: under
    /// load, more than a hundredth of the processor time. These are asked when they are scraped,
    /// but know neither the causes nor the longest pause.
    private static void observe(GarbageCollectorMXBean collector) {
        FunctionTimer.builder(
                        "jvm.gc.pause",
                        collector,
                        GarbageCollectorMXBean::getCollectionCount,
                        GarbageCollectorMXBean::getCollectionTime,
                        TimeUnit.MILLISECONDS)
                .description("Time spent in collections of garbage")
                .tag("gc", collector.getName())
                .register(REGISTRY);
    }
}
