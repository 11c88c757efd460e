package todomanager.database;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import todomanager.database.Failure.Reason;
import todomanager.telemetry.Metrics;

/// What the admin port tells of a database: the version of its tables, its connections, who waits
/// for one, how long each kind of work takes, and what was tried again or failed for which reason.
final class DatabaseMetrics {
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();
    private final Map<Reason, Counter> retries =
            counters("database.retries", "Transactions that were tried again, by the reason");
    private final Map<Reason, Counter> failures =
            counters("database.failures", "Requests that failed for the database, by the reason");

    /// @param permits of connections that are not in use
    /// @param version of the tables, 0 as long as nobody has seen them
    DatabaseMetrics(Semaphore permits, int most, Supplier<Number> version) {
        Metrics.gauge(
                "database.schema.version",
                "The version of the tables; 0 as long as they were not seen",
                version);
        Metrics.gauge(
                "database.connections.active",
                "Connections to the database that are in use",
                () -> most - permits.availablePermits());
        Metrics.gauge(
                "database.connections.max", "The most connections to the database", () -> most);
        Metrics.gauge(
                "database.connections.pending",
                "Requests that wait for a connection to the database",
                permits::getQueueLength);
    }

    /// Does the work, timed.
    <R> R time(String name, Supplier<R> work) {
        return timers.computeIfAbsent(name, DatabaseMetrics::timer).record(work);
    }

    void retried(Failure failure) {
        count(retries, failure);
    }

    void failed(Failure failure) {
        count(failures, failure);
    }

    private static void count(Map<Reason, Counter> counters, Failure failure) {
        Objects.requireNonNull(counters.get(failure.reason())).increment();
    }

    private static Timer timer(String name) {
        return Metrics.histogram("database.work")
                .description("Reads and changes in the database, with what they wait for")
                .tag("name", name)
                .register(Metrics.REGISTRY);
    }

    private static Map<Reason, Counter> counters(String name, String description) {
        var counters = new EnumMap<Reason, Counter>(Reason.class);
        for (Reason reason : Reason.values()) {
            String tag = reason.toString().toLowerCase(Locale.ROOT);
            counters.put(reason, Metrics.counter(name, description, "reason", tag));
        }
        return counters;
    }
}
