package todomanager.system.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.system.writing.Client;
import todomanager.testkit.Answer;
import todomanager.testkit.Http;
import todomanager.testkit.process.PostgreSqlServer;
import todomanager.testkit.process.ServiceProcess.Serving;

/// What is said while the database is away or silent, and what happens once it is back.
@Tag("system")
@Timeout(120)
class AwayIT {
    private static final Duration GENEROUS = Duration.ofSeconds(10);
    private static final String ITEM = "/lists/ana/home/items/milk";
    private static final String MILK = "{\"title\": \"Milk\"}";

    @TempDir private Path folder;

    private final SortedMap<Integer, Integer> statuses = new TreeMap<>();

    @ParameterizedTest
    @CsvSource({"KILL, 200", "STOP, 10"})
    void comesBackWithTheDatabase(String signal, int requests) throws Exception {
        try (var server = PostgreSqlServer.start(folder.resolve("data"))) {
            Stored.create(server);
            try (var todo = Stored.start(server);
                    var client = new Client(todo.uri())) {
                assertThat(client.send("PUT", ITEM, MILK).status()).isEqualTo(201);

                boolean isKilled = signal.equals("KILL");
                if (isKilled) {
                    server.kill();
                } else {
                    server.signal("STOP");
                }
                List<Duration> times = refusals(requests, todo, client);
                if (isKilled) {
                    server.restart();
                } else {
                    server.signal("CONT");
                }
                Duration back = firstSuccess(client);

                System.out.printf(
                        "PostgreSQL was away by %s for %d requests: answers %s, half of them within %d ms, the longest %d ms, readiness 200; the first success %d ms after it was back%n",
                        signal,
                        requests,
                        statuses,
                        times.get(times.size() / 2).toMillis(),
                        times.getLast().toMillis(),
                        back.toMillis());
                assertThat(back).isLessThan(GENEROUS);
                assertThat(client.send("PUT", ITEM, MILK).status()).isEqualTo(200);
                assertThat(todo.process().stop().output())
                        .noneMatch(line -> line.contains("SEVERE") || line.contains("\tat "));
            }
        }
    }

    /// @return how long they took, the shortest first
    private List<Duration> refusals(int requests, Serving todo, Client client) throws Exception {
        var times = new ArrayList<Duration>();
        for (int i = 0; i < requests; i++) {
            long begin = System.nanoTime();
            Answer answer =
                    i % 2 == 0
                            ? client.send("GET", "/lists/ana", "")
                            : client.send("PUT", ITEM, MILK);
            times.add(Duration.ofNanos(System.nanoTime() - begin));
            statuses.merge(answer.status(), 1, Integer::sum);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.headers()).containsKey("Retry-After");
        }
        for (String probe : List.of("ready", "live")) {
            var uri = todo.admin().resolve("/observe/health/" + probe);
            assertThat(Http.get(uri).statusCode()).isEqualTo(200);
        }
        times.sort(null);
        return times;
    }

    private static Duration firstSuccess(Client client) throws IOException {
        long begin = System.nanoTime();
        while (client.send("GET", "/lists/ana", "").status() != 200) {
            // until it is asked again
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
