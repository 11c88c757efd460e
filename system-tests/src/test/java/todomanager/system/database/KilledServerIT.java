package todomanager.system.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.testkit.process.PostgreSqlServer;

/// What is left of writes when the database is killed amid them, again and again.
@Tag("system")
@Timeout(300)
class KilledServerIT {
    private static final int KILLS = Integer.getInteger("database.kills", 20);
    private static final int WRITERS = 64;
    private static final int LONGEST_WRITES = 200_000_000; // nanoseconds, from the first answers

    @TempDir private Path folder;

    @Test
    void whatIsAnsweredOfEachWriteIsTrue() throws Exception {
        long begin = System.nanoTime();
        var statuses = new TreeMap<Integer, Integer>();
        var longest = Duration.ZERO;
        var recovery = Duration.ZERO;
        var rounds = new ArrayList<Writers>();
        try (var server = PostgreSqlServer.start(folder.resolve("data"))) {
            Stored.create(server);
            try (var todo = Stored.start(server)) {
                for (int kill = 0; kill < KILLS; kill++) {
                    try (var writers = new Writers(todo.uri(), WRITERS, "round-" + kill)) {
                        writers.awaitAll();
                        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(LONGEST_WRITES));
                        server.kill();
                        server.restart();
                        writers.beginTurn();
                        recovery = max(recovery, writers.awaitAll());
                        writers.stop();
                        writers.statuses()
                                .forEach((status, n) -> statuses.merge(status, n, Integer::sum));
                        longest = max(longest, writers.longest());
                        rounds.add(writers);
                    }
                }
                for (Writers writers : rounds) {
                    writers.requireTruth(todo.uri());
                }
            }
        }
        print(statuses, longest, recovery, begin);

        assertThat(statuses.keySet()).contains(201).isSubsetOf(201, 503, 504);
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static void print(
            SortedMap<Integer, Integer> statuses, Duration longest, Duration recovery, long begin) {
        System.out.printf(
                "Killed PostgreSQL %d times with %d writers: answers %s, all of them true, none twice; the longest took %d ms, and the first write after a start succeeded within %d ms; %.0f s%n",
                KILLS,
                WRITERS,
                statuses,
                longest.toMillis(),
                recovery.toMillis(),
                (System.nanoTime() - begin) / 1e9);
    }
}
