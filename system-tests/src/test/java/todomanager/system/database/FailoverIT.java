package todomanager.system.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.system.writing.Client;
import todomanager.testkit.process.PostgreSqlServer;
import todomanager.testkit.process.ServiceProcess.Serving;

/// What becomes of writes when a database is lost, and its standby takes over.
@Tag("system")
@Timeout(120)
class FailoverIT {
    private static final int WRITERS = 16;
    private static final Duration GENEROUS = Duration.ofSeconds(20);

    @TempDir private Path folder;

    @Test
    void losesNothingThatWasAcknowledged() throws Exception {
        try (var primary = PostgreSqlServer.start(folder.resolve("primary"))) {
            Stored.create(primary);
            try (var standby = primary.startStandby(folder.resolve("standby"));
                    var todo = Stored.start(ofBoth(primary, standby), Map.of());
                    var writers = new Writers(todo.uri(), WRITERS, "writer")) {
                writers.awaitAll();
                requireNoWrites(standby);

                primary.kill();
                writers.beginTurn();
                standby.promote();
                Duration first = writers.awaitAll();
                writers.stop();

                writers.requireTruth(todo.uri());
                System.out.printf(
                        "Killed PostgreSQL and promoted its standby under %d writers: answers %s, all of them true; the first write after %d ms%n",
                        WRITERS, writers.statuses(), first.toMillis());
                assertThat(first).isLessThan(GENEROUS);
                assertThat(writers.statuses().keySet()).isSubsetOf(201, 503, 504);
            }
        }
    }

    private static String ofBoth(PostgreSqlServer one, PostgreSqlServer other) {
        return one.url(Stored.DATABASE).replace("/" + Stored.DATABASE, "," + other.host() + '/')
                + Stored.DATABASE
                + "?targetServerType=primary";
    }

    /// Where the standby is all that it knows, todo-svc serves what is there.
    private static void requireNoWrites(PostgreSqlServer standby) throws Exception {
        try (Serving todo = Stored.start(standby);
                var client = new Client(todo.uri())) {
            assertThat(client.send("GET", "/lists/writer-0", "").status()).isEqualTo(200);
            String item = "/lists/writer-0/home/items/meanwhile";
            assertThat(client.send("PUT", item, "{\"title\": \"x\"}").status()).isEqualTo(503);
            assertThat(todo.process().stop().output())
                    .filteredOn(line -> line.contains(" WARNING 503 for "))
                    .singleElement()
                    .asString()
                    .contains("can only be read there: add targetServerType=primary to data.url");
        }
    }
}
