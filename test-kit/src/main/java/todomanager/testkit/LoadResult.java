package todomanager.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What became of the requests of a load.
///
/// `failed` ones got no whole answer in time, or one that the check refused, which counts in
/// `latencies`, by status, all the same; `examples` says of the first few why. `unsent` ones were
/// due before the end, but no client was free.
public record LoadResult(
        SortedMap<Integer, List<Duration>> latencies,
        int sent,
        int failed,
        List<String> examples,
        int unsent,
        Duration time) {

    /// How long answers took: half of them, 99 of 100 and all of them no longer than these.
    public record Percentiles(Duration p50, Duration p99, Duration max) {
        private static Percentiles of(List<Duration> latencies) {
            List<Duration> sorted = latencies.stream().sorted().toList();
            long count = sorted.size();
            return new Percentiles(
                    sorted.get((int) Math.ceilDiv(count * 50, 100) - 1),
                    sorted.get((int) Math.ceilDiv(count * 99, 100) - 1),
                    sorted.getLast());
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "p50 %.1f ms, p99 %.1f ms, max %.1f ms",
                    p50.toNanos() / 1e6,
                    p99.toNanos() / 1e6,
                    max.toNanos() / 1e6);
        }
    }

    public int answers() {
        return all().size();
    }

    /// How many answers there are of each status.
    public SortedMap<Integer, Integer> counts() {
        var counts = new TreeMap<Integer, Integer>();
        latencies.forEach((status, latencies) -> counts.put(status, latencies.size()));
        return counts;
    }

    public double perSecond() {
        return answers() * 1e9 / time.toNanos();
    }

    /// Fails without an answer, so that none at all is never quick enough.
    public Percentiles percentiles() {
        return percentiles(all());
    }

    /// The same, of the answers with a status.
    public Percentiles percentiles(int status) {
        return percentiles(latencies.getOrDefault(status, List.of()));
    }

    private Percentiles percentiles(List<Duration> latencies) {
        if (latencies.isEmpty()) {
            throw new AssertionError("no such answer: " + this);
        }
        return Percentiles.of(latencies);
    }

    private List<Duration> all() {
        return latencies.values().stream().flatMap(List::stream).toList();
    }

    @Override
    public String toString() {
        String statuses =
                latencies.entrySet().stream()
                        .map(of -> of.getKey() + " ×" + of.getValue().size() + detail(of.getKey()))
                        .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%d answers in %.1f s (%.0f/s): %s%d failed%s%s%s",
                answers(),
                time.toNanos() / 1e9,
                perSecond(),
                statuses.isEmpty() ? "" : statuses + ", ",
                failed,
                failed > 0 ? " " + examples : "",
                unsent > 0 ? ", " + unsent + " unsent" : "",
                latencies.isEmpty() ? "" : "; " + percentiles());
    }

    private String detail(int status) {
        return latencies.size() > 1 ? " (" + percentiles(status) + ")" : "";
    }
}
