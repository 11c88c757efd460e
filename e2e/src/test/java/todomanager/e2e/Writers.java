package todomanager.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Users who each add one item after the other to a list of their own, by a service on a port of
/// this machine.
final class Writers implements AutoCloseable {
    private static final int COUNT = 4;
    private static final int MOST = 1_000; // items of a list
    private static final Duration PACE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10); // with an answer
    private static final int NO_ANSWER = 0;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String base;
    private final AtomicBoolean isStopped = new AtomicBoolean();
    private final List<Writer> writers;
    private final List<Thread> threads;

    /// @param name of the users, before their numbers
    private Writers(int port, String name) throws IOException, InterruptedException {
        base = "http://127.0.0.1:" + port + "/users/";
        writers = IntStream.range(0, COUNT).mapToObj(k -> new Writer(name + k)).toList();
        for (Writer writer : writers) {
            int status = put(writer.user, "{\"name\": \"Ana\"}");
            if (status != 201) {
                throw new AssertionError(writer.user + ": " + status);
            }
        }
        threads = writers.stream().map(Thread::startVirtualThread).toList();
    }

    static Writers start(int port, String name) throws IOException, InterruptedException {
        return new Writers(port, name);
    }

    private final class Writer implements Runnable {
        private final String user;
        private final SortedMap<Integer, Integer> statuses = new ConcurrentSkipListMap<>();
        private final SortedMap<Long, String> written = new ConcurrentSkipListMap<>();

        Writer(String user) {
            this.user = user;
        }

        @Override
        public void run() {
            for (int number = 0; number < MOST && !isStopped.get(); number++) {
                String item = "x" + number;
                int status = status(user + "/lists/home/items/" + item);
                statuses.merge(status, 1, Integer::sum);
                if (status == 200 || status == 201) {
                    written.put(System.nanoTime(), item);
                }
                LockSupport.parkNanos(PACE.toNanos());
            }
        }
    }

    private int status(String path) {
        try {
            return put(path, "{\"title\": \"Water\"}");
        } catch (IOException e) {
            return NO_ANSWER;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private int put(String path, String body) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(body));
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    /// How many items are acknowledged so far.
    int written() {
        return writers.stream().mapToInt(writer -> writer.written.size()).sum();
    }

    Result stop() throws InterruptedException {
        isStopped.set(true);
        var result = new Result(new TreeMap<>(), new TreeMap<>(), new ArrayList<>());
        for (int k = 0; k < COUNT; k++) {
            threads.get(k).join();
            Writer writer = writers.get(k);
            writer.statuses.forEach((status, n) -> result.statuses.merge(status, n, Integer::sum));
            result.written.put(writer.user, List.copyOf(writer.written.values()));
            result.times.addAll(writer.written.keySet());
        }
        result.times.sort(Long::compare);
        return result;
    }

    /// @param statuses how many answers there were of each, 0 for none
    /// @param written the ids of the items that are acknowledged, by user
    /// @param times at which they were, in nanoseconds
    record Result(
            SortedMap<Integer, Integer> statuses,
            SortedMap<String, List<String>> written,
            List<Long> times) {

        /// The longest time in which nothing was acknowledged.
        Duration longestGap() {
            return Duration.ofNanos(
                    IntStream.range(1, times.size())
                            .mapToLong(k -> times.get(k) - times.get(k - 1))
                            .max()
                            .orElseThrow());
        }

        @Override
        public String toString() {
            return "%d writes acknowledged, by status %s, for %d ms none"
                    .formatted(times.size(), statuses, longestGap().toMillis());
        }
    }

    @Override
    public void close() {
        isStopped.set(true);
        client.close();
    }
}
