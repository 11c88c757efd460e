package todomanager.system.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.system.writing.Client;
import todomanager.testkit.Answer;
import todomanager.testkit.Load;
import todomanager.testkit.LoadResult;
import todomanager.testkit.process.PostgreSql;
import todomanager.testkit.process.PostgreSqlServer;

/// What others notice while a list is locked in the database, by whoever that is.
@Tag("system")
@Timeout(120)
class LockedListIT {
    private static final int CLIENTS = 16;
    private static final int OTHERS = 4;
    private static final int REFUSALS = 50;
    private static final String ITEM = "/lists/locked/home/items/";

    @TempDir private Path folder;

    private final Map<String, Integer> refusals = new ConcurrentHashMap<>(); // by what they say
    private final AtomicLong longest = new AtomicLong();

    @Test
    void keepsNobodyElseWaiting() throws Exception {
        try (var server = PostgreSqlServer.start(folder.resolve("data"))) {
            Stored.create(server);
            try (var todo = Stored.start(server);
                    var client = new Client(todo.uri());
                    var others = new Writers(todo.uri(), OTHERS, "other")) {
                assertThat(put(client, "before").status()).isEqualTo(201);
                others.awaitAll();
                LoadResult reads;
                try (var _ = lock(server);
                        var load = Load.start(reads(todo.uri()))) {
                    refuseAll(todo.uri());
                    others.beginTurn();
                    others.awaitAll();
                    reads = load.stop();
                }
                others.stop();
                System.out.printf(
                        "%d clients wrote a list that was locked: refused %s, the longest after %d ms; meanwhile reads of it %s, writes of others %s, the longest %d ms%n",
                        CLIENTS,
                        new TreeMap<>(refusals),
                        longest.get() / 1_000_000,
                        reads,
                        others.statuses(),
                        others.longest().toMillis());

                assertThat(put(client, "after").status()).isEqualTo(201);
                assertThat(Stored.titles(client, "/lists/locked/home/items"))
                        .containsExactly("before", "after");
                assertThat(reads.counts()).containsOnlyKeys(200);
                assertThat(reads.failed()).isZero();
                assertThat(others.statuses()).containsOnlyKeys(201);
                others.requireTruth(todo.uri());
            }
        }
    }

    private static Answer put(Client client, String title) throws IOException {
        return client.send("PUT", ITEM + title, "{\"title\": \"%s\"}".formatted(title));
    }

    /// Locks the list until the connection is closed.
    private static Connection lock(PostgreSqlServer server) throws Exception {
        String url = server.url(Stored.DATABASE);
        Connection holder = DriverManager.getConnection(url, PostgreSql.USERNAME, "");
        holder.setAutoCommit(false);
        try (Statement select = holder.createStatement()) {
            select.execute("select from todo_list where owner = 'locked' for update");
        }
        return holder;
    }

    private static Load.Plan reads(URI service) {
        return new Load.Plan(
                service.getPort(), 4, 1_000_000, Duration.ofSeconds(60), _ -> "/lists/locked");
    }

    private void refuseAll(URI service) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writing = new ArrayList<Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                writing.add(threads.submit(() -> refuse(service)));
            }
            for (Future<?> one : writing) {
                one.get();
            }
        }
    }

    private Void refuse(URI service) throws IOException {
        try (var client = new Client(service)) {
            for (int i = 0; i < REFUSALS / CLIENTS; i++) {
                long begin = System.nanoTime();
                Answer answer = put(client, "meanwhile");
                longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.headers()).containsKey("Retry-After");
                refusals.merge(
                        answer.body().replaceAll(".*\"detail\":\"(.*?)[:.].*\n", "$1"),
                        1,
                        Integer::sum);
            }
            return null;
        }
    }
}
