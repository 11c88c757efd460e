package todomanager.system.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.system.writing.Client;
import todomanager.system.writing.Mounts;
import todomanager.testkit.process.PostgreSqlServer;

/// What is said of writes while the disk of the database is full.
@Tag("system")
@Timeout(120)
class FullDiskIT {
    private static final int MOST_WRITES = 1_000;
    private static final int ITEMS = 20;

    @TempDir private Path folder;

    @Test
    void writesAgainOnceThereIsRoom() throws Exception {
        Path data = folder.resolve("data");
        PostgreSqlServer.initialize(data);
        Path mounted = Files.createDirectory(folder.resolve("mounted"));
        String mount =
                "mount -t tmpfs -o size=160m,mode=700 none %2$s && cp -a %1$s/. %2$s"
                        .formatted(data, mounted);
        try (var server = PostgreSqlServer.start(Mounts.launcher(mount), mounted)) {
            Stored.create(server);
            try (var todo = Stored.start(server);
                    var client = new Client(todo.uri())) {
                assertThat(put(0, client)).isEqualTo(201);
                Path filler =
                        Path.of("/proc/" + server.pid() + "/root" + mounted.resolve("filler"));
                fill(filler);
                var answers = new TreeMap<Integer, Integer>();
                for (int i = 1; i < MOST_WRITES && answers.getOrDefault(507, 0) < ITEMS; i++) {
                    answers.merge(put(i, client), 1, Integer::sum);
                }
                assertThat(client.send("GET", "/lists/user-0", "").status()).isEqualTo(200);
                Files.delete(filler);
                System.out.println("While the disk of PostgreSQL is full: writes " + answers);

                assertThat(answers.keySet()).contains(507).isSubsetOf(201, 507);
                assertThat(put(MOST_WRITES, client)).isEqualTo(201);
            }
        }
    }

    /// Adds an item that can't be compressed.
    private static int put(int number, Client client) throws IOException {
        var random = new Random(number);
        var title = new StringBuilder();
        while (title.length() < 400) {
            title.append(Long.toString(random.nextLong() >>> 1, 36));
        }
        String item = "/lists/user-%d/home/items/one".formatted(number);
        return client.send("PUT", item, "{\"title\": \"%s\"}".formatted(title)).status();
    }

    /// Takes all the room that there is.
    private static void fill(Path filler) throws IOException {
        try (var out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            // no more
        }
    }
}
