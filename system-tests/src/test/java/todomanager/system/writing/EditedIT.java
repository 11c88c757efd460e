package todomanager.system.writing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.testkit.Answer;
import todomanager.testkit.process.ServiceProcess;

/// People who edit the document while others write it over HTTP as fast as they can.
@Tag("system")
@Timeout(180)
class EditedIT {
    private static final Duration TIME = Duration.parse(System.getProperty("edits", "PT60S"));
    private static final Duration BETWEEN_EDITS = Duration.ofMillis(200);
    private static final int WRITERS = 16;
    private static final int MOST_ITEMS = 40; // of a writer, in a list that may have 1,000

    /// An edit in a hundred or two comes between the service's last look at the file and its
    /// replacement, which the system has no means to make one step.
    private static final double MOST_EDITS_LOST = 0.05;

    /// On a slow machine each of the ten tries of a write may meet another edit.
    private static final double MOST_WRITES_REFUSED = 0.1;

    @TempDir private Path folder;

    private volatile boolean isOver;

    /// An item that was added, and when.
    private record Added(String id, long sent, long acknowledged) {}

    /// What a writer has been told.
    private record Told(Queue<Added> added, List<String> removed, Map<Integer, Integer> statuses) {}

    /// The person's editor has the document open for as long as it takes to type an item.
    @Test
    void losesNothingThatIsWrittenBesideAPersonsEdits() throws Exception {
        Path data = Files.writeString(folder.resolve("todo.json"), document());
        var environment = Map.of("DATA_WRITABLE", "true", "DATA_PATH", data.toString());
        var told = new ArrayList<Told>();
        int edits = 0;
        try (var todo = ServiceProcess.start("todo-svc", environment);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writing = new ArrayList<Future<Told>>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writing.add(threads.submit(() -> write("writer-" + writer, todo.uri())));
            }
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < TIME.toNanos()) {
                edit(++edits, data);
            }
            isOver = true;
            for (Future<Told> writer : writing) {
                told.add(writer.get());
            }
            double writes = todo.total("data_write_seconds_count");
            List<String> ids = takenUp(todo.uri());
            assertThat(todo.process().stop().output())
                    .noneMatch(line ->
                            line.contains(" SEVERE ") || line.matches(".* WARNING (?!503 ).*"));
            check(told, ids, edits - keptEdits(data), edits, writes);
        }
    }

    private static String document() {
        return IntStream.range(0, 100)
                .mapToObj(i -> "\"user-%d\": {\"home\": [\"%s\"]}".formatted(i, "x".repeat(1000)))
                .collect(
                        Collectors.joining(
                                ",\n  ",
                                "{\n  \"bo\": {\"home\": [\"last\"]},\n  \"ana\": {\"home\": []},\n  ",
                                "\n}\n"));
    }

    private Told write(String writer, URI service) throws IOException {
        var told = new Told(new ArrayDeque<>(), new ArrayList<>(), new HashMap<>());
        String items = "/lists/ana/home/items";
        try (var client = new Client(service)) {
            for (int i = 0; !isOver; i++) {
                String id = writer + "-" + i;
                long sent = System.nanoTime();
                Answer added = client.send("POST", items, "{\"title\": \"%s\"}".formatted(id));
                if (isDone(added, told)) {
                    told.added.add(new Added(id(added), sent, System.nanoTime()));
                }
                if (told.added.size() > MOST_ITEMS) {
                    String oldest = told.added.element().id();
                    if (isDone(client.send("DELETE", items + '/' + oldest, ""), told)) {
                        told.added.remove();
                        told.removed.add(oldest);
                    }
                }
            }
        }
        return told;
    }

    private static boolean isDone(Answer answer, Told told) {
        told.statuses.merge(answer.status(), 1, Integer::sum);
        return answer.status() != 503;
    }

    private static String id(Answer item) {
        try (var reader = Json.createReader(new StringReader(item.body()))) {
            return reader.readObject().getString("id");
        }
    }

    /// Puts an item before the others of another user, and saves that as editors do.
    private void edit(int number, Path data) throws IOException {
        String text = Files.readString(data);
        LockSupport.parkNanos(BETWEEN_EDITS.toNanos());
        String bo = "\"bo\": {\"home\": [";
        Path saved = folder.resolve("saved.json");
        Files.writeString(saved, text.replace(bo, bo + "\"edit-" + number + "\", "));
        Files.move(saved, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /// The ids of the items in their order, once the last edit is taken up.
    private static List<String> takenUp(URI service) throws IOException {
        try (var client = new Client(service)) {
            assertThat(client.send("PUT", "/lists/eve/home", "").status()).isEqualTo(201);
            String items = client.send("GET", "/lists/ana/home/items", "").body();
            try (var reader = Json.createReader(new StringReader(items))) {
                return reader.readArray().getValuesAs(JsonObject.class).stream()
                        .map(item -> item.getString("id"))
                        .toList();
            }
        }
    }

    private static int keptEdits(Path data) throws IOException {
        try (var reader = Json.createReader(Files.newBufferedReader(data))) {
            return (int)
                    reader
                            .readObject()
                            .getJsonObject("bo")
                            .getJsonArray("home")
                            .getValuesAs(JsonString::getString)
                            .stream()
                            .filter(title -> title.startsWith("edit-"))
                            .distinct()
                            .count();
        }
    }

    private static void check(
            List<Told> told, List<String> ids, int lostEdits, int edits, double writes) {
        var statuses = new TreeMap<Integer, Integer>();
        told.forEach(
                one -> one.statuses.forEach((code, n) -> statuses.merge(code, n, Integer::sum)));
        List<Added> added = told.stream().map(Told::added).flatMap(Collection::stream).toList();
        List<String> removed =
                told.stream().map(Told::removed).flatMap(Collection::stream).toList();
        System.out.printf(
                "%d writers beside a person: answers %s in %.0f writes of the file, %d items left of %d; %d edits, %d lost%n",
                WRITERS,
                statuses,
                writes,
                ids.size(),
                added.size() + removed.size(),
                edits,
                lostEdits);

        assertThat(statuses.keySet()).contains(201, 204).isSubsetOf(201, 204, 503);
        assertThat((double) statuses.getOrDefault(503, 0))
                .isLessThanOrEqualTo(MOST_WRITES_REFUSED * (added.size() + removed.size()));
        assertThat(ids).containsExactlyInAnyOrderElementsOf(added.stream().map(Added::id).toList());
        requireOrder(ids, added);
        assertThat(lostEdits).isLessThanOrEqualTo(Math.max(6, (int) (MOST_EDITS_LOST * edits)));
    }

    /// An item that was acknowledged before another was sent stands before that.
    private static void requireOrder(List<String> ids, List<Added> added) {
        Map<String, Added> byId = added.stream().collect(Collectors.toMap(Added::id, one -> one));
        long latestSent = 0;
        for (String id : ids) {
            Added item = byId.getOrDefault(id, added.getFirst());
            assertThat(item.acknowledged()).as(id).isGreaterThan(latestSent);
            latestSent = Math.max(latestSent, item.sent());
        }
    }
}
