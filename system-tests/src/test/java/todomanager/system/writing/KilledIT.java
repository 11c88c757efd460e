package todomanager.system.writing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.testkit.Answer;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// What is left of writes when todo-svc is killed amid them, again and again.
@Tag("system")
@Timeout(1500)
class KilledIT {
    private static final int KILLS = Integer.getInteger("kills", 80);
    private static final int AT_ONCE = 2; // services, so that one writes while another starts
    private static final int WRITERS = 8;
    private static final int LONGEST_WRITES = 200_000_000; // nanoseconds, from the first answer

    private static final String JAVA_OPTIONS =
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:-AOTAdapterCaching ";

    @TempDir private Path folder;

    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicInteger unansweredThatAreKept = new AtomicInteger();
    private final AtomicInteger amidAWrite = new AtomicInteger();

    @Test
    void keepsAllThatWasAcknowledged() throws Exception {
        long begin = System.nanoTime();
        String quickStart = trained(folder.resolve("cache.aot"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var services = new ArrayList<Future<?>>();
            for (int i = 0; i < AT_ONCE; i++) {
                Path data = Files.createDirectory(folder.resolve("" + i)).resolve("todo.json");
                services.add(threads.submit(() -> writeAndKill(data, quickStart)));
            }
            for (Future<?> service : services) {
                service.get();
            }
        }
        System.out.printf(
                "Killed %d times with %d writers, %d times amid the writing of the file: %d writes acknowledged, all kept; %d not answered, %d of them kept; %.0f s%n",
                KILLS,
                WRITERS,
                amidAWrite.get(),
                acknowledged.get(),
                unanswered.get(),
                unansweredThatAreKept.get(),
                (System.nanoTime() - begin) / 1e9);

        assertThat(acknowledged).hasValueGreaterThan(KILLS);
    }

    /// The options of Java for a start in half the time, from a cache of what another start has
    /// done.
    private String trained(Path cache) throws IOException {
        Path data = Files.createDirectory(folder.resolve("training")).resolve("todo.json");
        Files.writeString(data, document());
        try (var todo = start(data, JAVA_OPTIONS + "-XX:AOTCacheOutput=" + cache);
                var client = new Client(todo.uri())) {
            var writer = new Writer(0);
            for (int i = 0; i < 2 * Writer.MOST_ITEMS; i++) {
                writer.write(client);
            }
            writer.requireAllKept(client);
            todo.process().stop();
        }
        acknowledged.set(0);
        return JAVA_OPTIONS + "-XX:AOTCache=" + cache;
    }

    private Void writeAndKill(Path data, String javaOptions) throws Exception {
        Files.writeString(data, document());
        List<Writer> writers = IntStream.range(0, WRITERS).mapToObj(Writer::new).toList();
        for (int kill = 0; kill < KILLS / AT_ONCE; kill++) {
            try (var todo = start(data, javaOptions)) {
                requireAllKept(data, todo, writers);
                killAmidWrites(todo, writers);
            }
            if (Files.exists(data.resolveSibling(".todo.json.tmp"))) {
                amidAWrite.incrementAndGet();
            }
        }
        try (var todo = start(data, javaOptions)) {
            requireAllKept(data, todo, writers);
        }
        return null;
    }

    /// Of 100 KB, nearly all of which belongs to others.
    private static String document() {
        return IntStream.range(0, 100)
                .mapToObj(i -> "\"user-%d\": {\"home\": [\"%s\"]}".formatted(i, "x".repeat(500)))
                .map(user -> user + ", " + user.replace("user-", "others-"))
                .collect(Collectors.joining(",\n  ", "{\n  ", "\n}\n"));
    }

    private static Serving start(Path data, String javaOptions) throws IOException {
        var environment =
                Map.of(
                        "DATA_WRITABLE",
                        "true",
                        "DATA_PATH",
                        data.toString(),
                        "JDK_JAVA_OPTIONS",
                        javaOptions);
        return ServiceProcess.start("todo-svc", environment);
    }

    private static void requireAllKept(Path data, Serving todo, List<Writer> writers)
            throws IOException {
        try (var files = Files.list(data.getParent())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("todo.json", ".todo.json.lock");
        }
        JsonObject document = read(Files.readString(data));
        assertThat(document).hasSizeGreaterThanOrEqualTo(200);
        try (var client = new Client(todo.uri())) {
            for (Writer writer : writers) {
                writer.requireAllKept(client);
            }
        }
    }

    private static JsonObject read(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    private static void killAmidWrites(Serving todo, List<Writer> writers) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = new CountDownLatch(WRITERS);
            var writing = new ArrayList<Future<?>>();
            for (Writer writer : writers) {
                writing.add(threads.submit(() -> writer.writeUntilKilled(todo.uri(), first)));
            }
            first.await();
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(LONGEST_WRITES));
            todo.process().signal("KILL");
            todo.process().end();
            for (Future<?> one : writing) {
                one.get();
            }
        }
    }

    /// Adds items to a list of its own, and removes the oldest again.
    private final class Writer {
        private static final int MOST_ITEMS = 20;

        private final String items;
        private final Set<String> kept = new LinkedHashSet<>();
        private final Set<String> uncertain = new LinkedHashSet<>(); // as no answer came
        private int next;

        Writer(int number) {
            this.items = "/lists/writer-" + number + "/home/items";
        }

        Void writeUntilKilled(URI service, CountDownLatch first) {
            try (var client = new Client(service)) {
                while (true) {
                    write(client);
                    first.countDown();
                }
            } catch (IOException e) {
                first.countDown();
                unanswered.incrementAndGet();
                return null; // it was killed
            }
        }

        void write(Client client) throws IOException {
            put("item-" + next++, client);
            if (kept.size() > MOST_ITEMS) {
                remove(kept.iterator().next(), client);
            }
        }

        private void put(String id, Client client) throws IOException {
            uncertain.add(id);
            Answer answer =
                    client.send("PUT", items + '/' + id, "{\"title\": \"%s\"}".formatted(id));
            assertThat(answer.status()).isEqualTo(201);
            acknowledged.incrementAndGet();
            uncertain.remove(id);
            kept.add(id);
        }

        private void remove(String id, Client client) throws IOException {
            kept.remove(id);
            uncertain.add(id);
            assertThat(client.send("DELETE", items + '/' + id, "").status()).isEqualTo(204);
            acknowledged.incrementAndGet();
            uncertain.remove(id);
        }

        /// No more than what was not answered may be there or not.
        void requireAllKept(Client client) throws IOException {
            Answer answer = client.send("GET", items, "");
            Set<String> found =
                    answer.status() == 404 ? Set.of() : new LinkedHashSet<>(ids(answer.body()));
            for (String id : uncertain) {
                if (found.contains(id)) {
                    kept.add(id);
                    unansweredThatAreKept.incrementAndGet();
                }
            }
            uncertain.clear();
            assertThat(found).containsExactlyInAnyOrderElementsOf(kept);
        }

        private static List<String> ids(String items) {
            try (var reader = Json.createReader(new StringReader(items))) {
                return reader.readArray().getValuesAs(JsonObject.class).stream()
                        .map(item -> item.getString("id"))
                        .toList();
            }
        }
    }
}
