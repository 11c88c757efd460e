package todomanager.system.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.system.writing.Client;
import todomanager.testkit.Answer;
import todomanager.testkit.process.PostgreSqlServer;
import todomanager.testkit.process.ServiceProcess.Serving;

/// What becomes of one list that many change at once, by several services.
@Tag("system")
@Timeout(180)
class SharedListIT {
    private static final int CLIENTS = 64;
    private static final Duration WRITING = Duration.ofSeconds(10);
    private static final Duration COMPARING = Duration.ofSeconds(5);
    private static final String ITEMS = "/lists/ana/home/items";
    private static final String PRIZE = ITEMS + "/prize";

    @TempDir private Path folder;

    private final Set<String> kept = ConcurrentHashMap.newKeySet(); // titles that must be there
    private final Set<String> unknown = ConcurrentHashMap.newKeySet(); // and those that may
    private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
    private final AtomicLong longest = new AtomicLong();

    @Test
    void hasAllThatWasAcknowledged() throws Exception {
        try (var server = PostgreSqlServer.start(folder.resolve("data"))) {
            Stored.create(server);
            try (var one = Stored.start(server);
                    var two = Stored.start(server);
                    var three = Stored.start(server);
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<URI> services = Stream.of(one, two, three).map(Serving::uri).toList();

                write(services, threads);
                requireTruth(one.uri());
                compare(services, threads);
            }
        }
    }

    private void write(List<URI> services, ExecutorService threads) throws Exception {
        long end = System.nanoTime() + WRITING.toNanos();
        var writing = new ArrayList<Future<?>>();
        for (int i = 0; i < CLIENTS; i++) {
            var writer = new Writer("client-" + i);
            URI service = services.get(i % services.size());
            writing.add(threads.submit(() -> writer.write(service, end)));
        }
        for (Future<?> one : writing) {
            one.get();
        }
    }

    /// Adds items, and removes its oldest ones again.
    private final class Writer {
        private static final int MOST_ITEMS = 4;

        private final String name;
        private final Queue<String> own = new ArrayDeque<>();

        Writer(String name) {
            this.name = name;
        }

        Void write(URI service, long end) throws IOException {
            try (var client = new Client(service)) {
                for (int i = 0; System.nanoTime() < end; i++) {
                    put(name + '-' + i, client);
                    if (own.size() > MOST_ITEMS) {
                        remove(own.element(), client);
                    }
                }
            }
            kept.addAll(own);
            return null;
        }

        private void put(String title, Client client) throws IOException {
            switch (send(
                    client, "PUT", ITEMS + '/' + title, "{\"title\": \"%s\"}".formatted(title))) {
                case 201 -> own.add(title);
                case 504 -> unknown.add(title);
                default -> {} // refused
            }
        }

        private void remove(String title, Client client) throws IOException {
            switch (send(client, "DELETE", ITEMS + '/' + title, "")) {
                case 204 -> own.remove();
                case 504 -> unknown.add(own.remove());
                default -> {} // refused
            }
        }
    }

    private void requireTruth(URI service) throws IOException {
        try (var client = new Client(service)) {
            List<String> found = Stored.titles(client, ITEMS);
            assertThat(found).doesNotHaveDuplicates().containsAll(kept);
            kept.addAll(unknown);
            assertThat(kept).containsAll(found);
            print("%d items are there, as they must".formatted(found.size()), WRITING);
        }
    }

    /// All change an item on one condition, again and again.
    private void compare(List<URI> services, ExecutorService threads) throws Exception {
        long end = System.nanoTime() + COMPARING.toNanos();
        var clients = new ArrayList<Client>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Client(services.get(i % services.size())));
        }
        send(clients.getFirst(), "PUT", PRIZE, "{\"title\": \"none as yet\"}");
        int contests = 0;
        for (; System.nanoTime() < end; contests++) {
            Answer prize = clients.getFirst().send("GET", PRIZE, "");
            assertThat(prize.status()).isEqualTo(200);
            String condition = "If-Match: " + prize.headers().get("ETag");
            var writing = new ArrayList<Future<Integer>>();
            for (int i = 0; i < CLIENTS; i++) {
                Client client = clients.get(i);
                String body = "{\"title\": \"%s of %s\"}".formatted(i, contests);
                writing.add(threads.submit(() -> send(client, "PUT", PRIZE, body, condition)));
            }
            var answers = new ArrayList<Integer>();
            for (Future<Integer> one : writing) {
                answers.add(one.get());
            }
            requireOneWinner(answers);
        }
        for (Client client : clients) {
            client.close();
        }
        print("%d times with one If-Match for all".formatted(contests), COMPARING);
    }

    /// Nobody wins where the database takes too long for each.
    private static void requireOneWinner(List<Integer> answers) {
        List<Integer> won = answers.stream().filter(status -> status < 300).toList();
        assertThat(won).as(answers.toString()).hasSizeLessThanOrEqualTo(1);
        if (answers.contains(412) && !answers.contains(504)) {
            assertThat(won).as(answers.toString()).hasSize(1);
        }
    }

    private int send(Client client, String method, String path, String body, String... headers)
            throws IOException {
        long begin = System.nanoTime();
        Answer answer = client.send(method, path, body, headers);
        longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
        statuses.merge(answer.status(), 1, Integer::sum);
        assertThat(answer.status()).isIn(200, 201, 204, 412, 503, 504);
        return answer.status();
    }

    private void print(String what, Duration time) {
        System.out.printf(
                "%d clients wrote one list by 3 services for %d s: answers %s, the longest took %d ms; %s%n",
                CLIENTS,
                time.toSeconds(),
                new TreeMap<>(statuses),
                longest.get() / 1_000_000,
                what);
        statuses.clear();
        longest.set(0);
    }
}
