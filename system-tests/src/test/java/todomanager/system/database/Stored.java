package todomanager.system.database;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import todomanager.system.writing.Client;
import todomanager.testkit.Answer;
import todomanager.testkit.process.PostgreSql;
import todomanager.testkit.process.PostgreSqlServer;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.End;
import todomanager.testkit.process.ServiceProcess.Serving;

/// todo-svc with its lists in a database.
final class Stored {
    static final String DATABASE = "todo";

    private Stored() {}

    /// Makes the database and its tables.
    static void create(PostgreSqlServer server) throws IOException {
        server.execute(PostgreSql.USERNAME, "create database " + DATABASE);
        migrate(server);
    }

    static void migrate(PostgreSqlServer server) throws IOException {
        Map<String, String> environment = environment(server.url(DATABASE), Map.of());
        End end = ServiceProcess.run("todo-svc", environment, "migrate");
        assertThat(end.exitCode()).as(end.output().toString()).isZero();
    }

    static Serving start(PostgreSqlServer server) throws IOException {
        return start(server.url(DATABASE), Map.of());
    }

    /// @param more settings, as in the environment
    static Serving start(String url, Map<String, String> more) throws IOException {
        return ServiceProcess.start("todo-svc", environment(url, more));
    }

    static Map<String, String> environment(String url, Map<String, String> more) {
        var environment = new HashMap<String, String>();
        environment.put("DATA_STORE", "postgresql");
        environment.put("DATA_URL", url);
        environment.put("DATA_USERNAME", PostgreSql.USERNAME);
        environment.put("DATA_WRITABLE", "true");
        environment.putAll(more);
        return environment;
    }

    /// The titles of what is in a list.
    static List<String> titles(Client client, String items) throws IOException {
        Answer answer = client.send("GET", items, "");
        assertThat(answer.status()).isEqualTo(200);
        try (var reader = Json.createReader(new StringReader(answer.body()))) {
            return reader.readArray().getValuesAs(JsonObject.class).stream()
                    .map(item -> item.getString("title"))
                    .toList();
        }
    }
}
