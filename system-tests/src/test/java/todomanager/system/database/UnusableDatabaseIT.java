package todomanager.system.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.system.writing.Client;
import todomanager.testkit.process.PostgreSqlServer;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// What is said of a database that can't be used, to whoever starts a service and in its log.
@Tag("system")
@Timeout(180)
class UnusableDatabaseIT {
    private static final String USER = "todo_svc";
    private static final String NO_CONNECTION =
            "takes no more connections: raise its max_connections, or lower data.connections";

    @TempDir private static Path folder;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static PostgreSqlServer server;

    /// Something that ends a failure, or begins it.
    private interface Step {
        void run() throws Exception;
    }

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgreSqlServer.start(folder.resolve("data"), "max_connections=6");
        Stored.create(server);
        server.execute(
                Stored.DATABASE,
                "create role %1$s login password 'right'; grant select, insert, update, delete on all tables in schema public to %1$s"
                        .formatted(USER));
        server.execute("postgres", "create database newer template todo");
        server.execute("postgres", "create database empty");
        server.execute(
                "newer",
                "insert into todo_svc_schema select 9, '2', 'next', 'SQL', 'V2__next.sql', 0, 'x', now(), 1, true");
        server.admit("host all %s all scram-sha-256".formatted(USER));
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    todo   | wrong | the database refuses the user or the password: check data.username and data.password.file
                    absent | right | the database is not on its server: check data.url, or create it
                    empty  | right | the database has version 0 of the tables, and 1 is needed: run java -jar todo-svc.jar migrate
                    newer  | right | the database has version 2 of the tables, and 1 is the newest that is known here: run a newer todo-svc
                    """)
    void serviceDoesNotStartBeforePeopleHaveMendedIt(
            String database, String password, String sentence) throws Exception {
        Path file = Files.writeString(folder.resolve("password"), password + '\n');
        String url = server.url(database);

        var end = ServiceProcess.run("todo-svc", Stored.environment(url, asUser(file)));

        assertThat(end.exitCode()).isEqualTo(78);
        assertThat(end.output()).containsExactly("todo-svc: " + url + ": " + sentence);
    }

    private static Map<String, String> asUser(Path password) {
        return Map.of("DATA_USERNAME", USER, "DATA_PASSWORD_FILE", password.toString());
    }

    @Test
    void serviceStartsThoughNoHostHasThatNameAsYet() throws Exception {
        requireStart(
                "jdbc:postgresql://nowhere.invalid/todo",
                "is on a host whose name does not resolve: check data.url");
    }

    @Test
    void serviceStartsBeforeTheServer() throws Exception {
        String down = "127.0.0.1:" + ServiceProcess.freePort();
        requireStart(
                "jdbc:postgresql://%s/todo".formatted(down),
                "failed: Connection to %s refused".formatted(down));
    }

    @Test
    void serviceStartsBeforeThereIsAConnectionForIt() throws Exception {
        List<Connection> taken = takeAll();
        try {
            requireStart(server.url("todo"), NO_CONNECTION);
        } finally {
            close(taken);
        }
    }

    private static void requireStart(String url, String why) throws Exception {
        try (Serving todo = Stored.start(url, asUser(rightPassword()));
                var client = new Client(todo.uri())) {
            assertThat(client.send("GET", "/lists/ana", "").status()).isEqualTo(503);

            assertThat(todo.process().stop().output())
                    .noneMatch(line -> line.contains("\tat "))
                    .filteredOn(line -> line.contains("the database " + why))
                    .singleElement()
                    .asString()
                    .contains(" WARNING 503 for ");
        }
    }

    private static Path rightPassword() throws IOException {
        return Files.writeString(folder.resolve("password"), "right\n");
    }

    @Test
    void logSaysWhatIsWrongWhileTheServiceRuns() throws Exception {
        var taken = new ArrayList<Connection>();
        Path password = rightPassword();
        try (Serving todo = Stored.start(server.url("todo"), asUser(password));
                var client = new Client(todo.uri())) {
            var said = new ArrayList<String>();
            said.add(
                    "refuses the user or the password: check data.username and data.password.file");
            requireFailure(
                    client,
                    () -> all("alter role %s password 'changed'".formatted(USER), hangUp()),
                    () -> Files.writeString(password, "changed\n"));
            said.add("is not on its server: check data.url, or create it");
            requireFailure(
                    client,
                    () -> all(hangUp(), "alter database todo rename to elsewhere"),
                    () -> all("alter database elsewhere rename to todo"));
            said.add(NO_CONNECTION);
            requireFailure(
                    client,
                    () -> {
                        all(hangUp());
                        taken.addAll(takeAll());
                    },
                    () -> close(taken));
            said.add("lacks a table: run migrate");
            requireFailure(
                    client,
                    () -> server.execute("todo", "alter table todo_list rename to other"),
                    () -> server.execute("todo", "alter table other rename to todo_list"));
            said.add("refuses the user a table: grant select, insert, update and delete");
            requireFailure(
                    client,
                    () -> server.execute("todo", "revoke select on todo_list from " + USER),
                    () -> server.execute("todo", "grant select on todo_list to " + USER));

            List<String> log = todo.process().stop().output();
            for (String sentence : said) {
                assertThat(log)
                        .filteredOn(line -> line.contains(" WARNING 503 for /lists/ana"))
                        .anySatisfy(line -> assertThat(line).contains("the database " + sentence));
            }
            assertThat(log).noneMatch(line -> line.contains("SEVERE") || line.contains("\tat "));
            System.out.println(
                    "Said of a database that can't be used, and used again once that is mended: "
                            + said);
        } finally {
            close(taken);
            all("alter role %s password 'right'".formatted(USER));
        }
    }

    private static void requireFailure(Client client, Step spoil, Step mend) throws Exception {
        spoil.run();
        assertThat(client.send("GET", "/lists/ana", "").status()).isEqualTo(503);
        mend.run();
        while (client.send("GET", "/lists/ana", "").status() == 503) {
            // until it is asked again
        }
        assertThat(client.send("GET", "/lists/ana", "").status()).isEqualTo(404);
    }

    private static String hangUp() {
        return "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = '%s'"
                .formatted(USER);
    }

    private static void all(String... statements) {
        for (String statement : statements) {
            server.execute("postgres", statement);
        }
    }

    /// Takes all connections that there are.
    private static List<Connection> takeAll() throws SQLException {
        var taken = new ArrayList<Connection>();
        try {
            while (true) {
                taken.add(DriverManager.getConnection(server.url("postgres"), "postgres", ""));
            }
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("53300");
            return taken;
        }
    }

    private static void close(List<Connection> connections) throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
