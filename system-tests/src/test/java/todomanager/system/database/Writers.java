package todomanager.system.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import todomanager.system.writing.Client;
import todomanager.testkit.Answer;

/// Clients that add items to lists, as long as they are let, and know what must be there.
final class Writers implements AutoCloseable {
    private static final long PAUSE = 100_000_000; // nanoseconds, of a client that was refused
    private static final int PATIENCE = 60; // seconds

    private final List<Writer> writers;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> writing = new ArrayList<>();
    private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
    private final AtomicLong longest = new AtomicLong();
    private volatile Turn turn;
    private volatile boolean isOver;

    /// In which each is to have a success with what it sends from the beginning of it on.
    private static final class Turn {
        private final long begin = System.nanoTime();
        private final AtomicLong first = new AtomicLong(Long.MAX_VALUE); // nanoseconds from then
        private final CountDownLatch left;

        Turn(int writers) {
            left = new CountDownLatch(writers);
        }

        void succeeded() {
            first.accumulateAndGet(System.nanoTime() - begin, Math::min);
            left.countDown();
        }
    }

    private enum State {
        ABSENT,
        THERE,
        UNKNOWN
    }

    /// @param name of their users, each of which has a number behind that
    Writers(URI service, int count, String name) {
        turn = new Turn(count);
        writers = IntStream.range(0, count).mapToObj(i -> new Writer(name + '-' + i)).toList();
        writers.forEach(writer -> writing.add(threads.submit(() -> writer.write(service))));
    }

    /// Begins to count anew whose write succeeds.
    void beginTurn() {
        turn = new Turn(writers.size());
    }

    /// Waits until a write of each has succeeded that was sent since the turn began.
    ///
    /// @return how long the first of them took from then on
    Duration awaitAll() throws InterruptedException {
        assertThat(turn.left.await(PATIENCE, TimeUnit.SECONDS)).as(toString()).isTrue();
        return Duration.ofNanos(turn.first.get());
    }

    void stop() throws Exception {
        isOver = true;
        for (Future<?> one : writing) {
            one.get(PATIENCE, TimeUnit.SECONDS);
        }
    }

    Duration longest() {
        return Duration.ofNanos(longest.get());
    }

    SortedMap<Integer, Integer> statuses() {
        return new TreeMap<>(statuses);
    }

    /// Each item that was acknowledged is there once, and none that was refused.
    void requireTruth(URI service) throws IOException {
        try (var client = new Client(service)) {
            for (Writer writer : writers) {
                writer.requireTruth(client);
            }
        }
    }

    @Override
    public void close() {
        isOver = true;
        threads.shutdownNow();
    }

    @Override
    public String toString() {
        return statuses().toString();
    }

    private final class Writer {
        private final String items;
        private final Map<String, State> states = new ConcurrentHashMap<>(); // by title

        Writer(String username) {
            items = "/lists/" + username + "/home/items";
        }

        Void write(URI service) throws IOException {
            try (var client = new Client(service)) {
                @Nullable Turn last = null; // in which it has had a success
                for (int i = 0; !isOver; i++) {
                    Turn current = turn;
                    if (!add("item-" + i, i % 2 == 0, client)) {
                        LockSupport.parkNanos(PAUSE);
                    } else if (current != last) {
                        current.succeeded();
                        last = current;
                    }
                }
                return null;
            }
        }

        /// @param isPut whether the client names the item, or else the service does
        private boolean add(String title, boolean isPut, Client client) throws IOException {
            String body = "{\"title\": \"%s\"}".formatted(title);
            long begin = System.nanoTime();
            Answer answer =
                    isPut
                            ? client.send("PUT", items + '/' + title, body)
                            : client.send("POST", items, body);
            longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
            statuses.merge(answer.status(), 1, Integer::sum);
            State state =
                    switch (answer.status()) {
                        case 201 -> State.THERE;
                        case 503, 507 -> State.ABSENT;
                        case 504 -> State.UNKNOWN;
                        default -> throw new AssertionError(answer);
                    };
            states.put(title, state);
            return state == State.THERE;
        }

        void requireTruth(Client client) throws IOException {
            List<String> found = Stored.titles(client, items);
            assertThat(found).doesNotHaveDuplicates().isSubsetOf(states.keySet());
            states.forEach((title, state) -> {
                if (state != State.UNKNOWN) {
                    boolean isThere = state == State.THERE;
                    assertThat(found.contains(title)).as(title).isEqualTo(isThere);
                }
            });
        }
    }
}
