package todomanager.system.writing;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.testkit.Answer;
import todomanager.testkit.process.Balancer;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// What user-svc says of the writes that it relays, while todo-svc is stopped and started again.
@Tag("system")
@Timeout(180)
class RelayedIT {
    private static final int CLIENTS = 16;
    private static final int WRITES = 1_000;
    private static final int STOP = 300; // the write with which todo-svc is told to stop
    private static final int GONE = 500; // the write that waits until it has ended
    private static final int BACK = 700; // the write that waits until it is back

    private static final String LISTS = "/users/aniket/lists";
    private static final String ITEMS = LISTS + "/home/items";

    @TempDir private Path folder;

    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final CountDownLatch back = new CountDownLatch(1);
    private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();

    /// An item that is there and open, as an answer says.
    private record Item(String title, String id) {}

    /// What may be found of an item.
    private enum State {
        ABSENT,
        OPEN,
        COMPLETED
    }

    @ParameterizedTest
    @CsvSource({"TERM, true", "KILL, true", "TERM, false", "KILL, false"})
    void whatIsAnsweredOfEachWriteIsTrue(String signal, boolean isBalanced) throws Exception {
        Path data = Files.writeString(folder.resolve("todo.json"), "{}\n");
        var server = new Balancer.Server(ServiceProcess.freePort(), ServiceProcess.freePort());
        try (var todo = start(data, server);
                var balancer = new Balancer(folder, List.of(server));
                var user = startUserService(isBalanced ? balancer.uri() : todo.uri());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writing = new ArrayList<Future<Map<String, Set<State>>>>();
            for (int i = 0; i < CLIENTS; i++) {
                var writer = new Writer("client-" + i);
                writing.add(threads.submit(() -> writer.write(user.uri())));
            }
            try (var again = restart(todo, signal, data, server, user.uri())) {
                var possible = new HashMap<String, Set<State>>();
                for (var one : writing) {
                    possible.putAll(one.get());
                }
                JsonArray served = items(user.uri());
                again.process().stop();
                JsonArray kept =
                        read(Files.readString(data)).getJsonObject("aniket").getJsonArray("home");
                print(signal + (isBalanced ? " behind a balancer" : ""), possible, kept);

                assertThat(statuses.keySet())
                        .contains(200, 201, 204, isBalanced ? 504 : 503)
                        .isSubsetOf(200, 201, 204, 503, 504);
                requirePossible(served, possible);
                requirePossible(kept, possible);
            }
        }
    }

    /// Stops todo-svc amid the writes, and starts another one on its port once it has ended.
    private Serving restart(
            Serving todo, String signal, Path data, Balancer.Server server, URI user)
            throws Exception {
        try {
            stop.await();
            todo.process().signal(signal);
            todo.process().end();
            gone.countDown();
            Serving again = start(data, server);
            try (var client = new Client(user)) {
                while (client.send("GET", LISTS, "").status() != 200) {
                    // until it is asked again
                }
            }
            return again;
        } finally {
            gone.countDown(); // also if that failed, or nobody would end
            back.countDown();
        }
    }

    private static Serving start(Path data, Balancer.Server server) throws IOException {
        return ServiceProcess.start(
                "todo-svc",
                Map.of(
                        "DATA_WRITABLE", "true",
                        "DATA_PATH", data.toString(),
                        "SERVER_PORT", Integer.toString(server.port()),
                        "SERVER_SOCKETS_ADMIN_PORT", Integer.toString(server.adminPort())));
    }

    private static Serving startUserService(URI todo) throws IOException {
        return ServiceProcess.start("user-svc", Map.of("TODO_URI", todo.toString()));
    }

    /// One that has items of its own in a list that all have.
    private final class Writer {
        private final String name;
        private final Map<String, Set<State>> possible = new HashMap<>(); // by title
        private final Queue<Item> open = new ArrayDeque<>();

        Writer(String name) {
            this.name = name;
        }

        Map<String, Set<State>> write(URI user) throws Exception {
            try (var client = new Client(user)) {
                for (int turn = 0; ; turn++) {
                    int number = next.getAndIncrement();
                    if (number >= WRITES) {
                        return possible;
                    }
                    if (number == STOP) {
                        stop.countDown();
                    }
                    if (number >= GONE) {
                        gone.await();
                    }
                    if (number >= BACK) {
                        back.await();
                    }
                    write(turn, client);
                }
            }
        }

        private void write(int turn, Client client) throws IOException {
            String title = name + '-' + turn;
            String body = "{\"title\": \"%s\"}".formatted(title);
            switch (open.isEmpty() ? turn % 2 : turn % 4) {
                case 0 -> added(title, client.send("POST", ITEMS, body));
                case 1 -> added(title, client.send("PUT", ITEMS + '/' + title, body));
                case 2 -> {
                    Item item = open.remove();
                    String path = ITEMS + '/' + item.id;
                    Answer answer = client.send("PATCH", path, "{\"completed\": true}");
                    changed(item.title, State.OPEN, State.COMPLETED, answer);
                }
                default -> {
                    Item item = open.remove();
                    Answer answer = client.send("DELETE", ITEMS + '/' + item.id, "");
                    changed(item.title, State.OPEN, State.ABSENT, answer);
                }
            }
        }

        private void added(String title, Answer answer) {
            changed(title, State.ABSENT, State.OPEN, answer);
            if (Set.of(State.OPEN).equals(possible.get(title))) {
                open.add(new Item(title, read(answer.body()).getString("id")));
            }
        }

        /// Whatever is no success, and does not say that it was not done, leaves both possible.
        private void changed(String title, State before, State after, Answer answer) {
            statuses.merge(answer.status(), 1, Integer::sum);
            possible.put(
                    title,
                    switch (answer.status()) {
                        case 200, 201, 204 -> Set.of(after);
                        case 503 -> Set.of(before);
                        default -> Set.of(before, after);
                    });
        }
    }

    private static JsonArray items(URI user) throws IOException {
        try (var client = new Client(user)) {
            return read(client.send("GET", LISTS + "/home", "").body()).getJsonArray("items");
        }
    }

    private static JsonObject read(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    private static void requirePossible(JsonArray items, Map<String, Set<State>> possible) {
        Map<String, State> found = states(items); // fails where a title is there twice
        assertThat(possible.keySet()).containsAll(found.keySet());
        possible.forEach((title, states) ->
                assertThat(states).as(title).contains(found.getOrDefault(title, State.ABSENT)));
    }

    private static Map<String, State> states(JsonArray items) {
        return items.stream().collect(Collectors.toMap(RelayedIT::title, RelayedIT::state));
    }

    private static String title(JsonValue item) {
        return item instanceof JsonString title
                ? title.getString()
                : item.asJsonObject().getString("title");
    }

    private static State state(JsonValue item) {
        boolean isCompleted =
                item instanceof JsonObject object && object.getBoolean("completed", false);
        return isCompleted ? State.COMPLETED : State.OPEN;
    }

    private void print(String how, Map<String, Set<State>> possible, JsonArray kept) {
        long unknown = possible.values().stream().filter(states -> states.size() > 1).count();
        System.out.printf(
                "todo-svc restarted by %s amid %d relayed writes of %d clients: answers %s, %d items kept, of %d it is not known%n",
                how, WRITES, CLIENTS, new TreeMap<>(statuses), kept.size(), unknown);
    }
}
