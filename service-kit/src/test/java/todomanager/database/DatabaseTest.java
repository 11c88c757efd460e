package todomanager.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.helidon.http.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.database.Address.Unusable;
import todomanager.database.Database.Change;
import todomanager.database.Tables.Update;
import todomanager.http.Problem;
import todomanager.testkit.LogRecorder;
import todomanager.testkit.process.PostgreSql;

@Timeout(60)
class DatabaseTest {
    private static final int CONNECTIONS = 4;
    private static final int MOST_TRIES = 6;
    private static final Schema SCHEMA = ThingTables.SCHEMA;
    private static final String URL = PostgreSql.database();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Database database;

    @TempDir private Path folder;

    @BeforeAll
    static void open() {
        ThingTables.make(URL);
        database = new Database(ThingTables.address(URL), SCHEMA, CONNECTIONS);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void keepOne() {
        PostgreSql.execute(URL, "delete from thing; insert into thing values ('a', '1')");
    }

    @Test
    void changesNothingWhereTheWorkThrows() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() ->
                        change(connection -> {
                            execute(connection, "update thing set json = '2'");
                            throw new IllegalStateException("no");
                        }));

        assertThat(value()).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "23505"})
    void doesAgainWhatOthersCameBefore(String state) {
        var tries = new AtomicInteger();

        String done =
                change(connection -> {
                    execute(connection, "update thing set json = json || '+'");
                    if (tries.incrementAndGet() < 3) {
                        raise(connection, state);
                    }
                    return "done";
                });

        assertThat(done).isEqualTo("done");
        assertThat(value()).isEqualTo("1+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "23505"})
    void givesUpWhereOthersComeBeforeAlways(String state) {
        var tries = new AtomicInteger();

        requireProblem(
                Status.SERVICE_UNAVAILABLE_503,
                "Others change the same",
                () ->
                        change(connection -> {
                            execute(connection, "update thing set json = '2'");
                            tries.incrementAndGet();
                            return raise(connection, state);
                        }));

        assertThat(tries).hasValueBetween(2, MOST_TRIES);
        assertThat(value()).isEqualTo("1");
    }

    @Test
    void doesAgainWhatIsRefusedAtTheCommit() {
        var tries = new AtomicInteger();

        change(connection -> {
            if (tries.incrementAndGet() == 1) {
                execute(connection, "insert into deferred values (1), (1)");
            }
            return execute(connection, "update thing set json = json || '+'");
        });

        assertThat(tries).hasValue(2);
        assertThat(value()).isEqualTo("1+");
    }

    @Test
    void writesOneRowOrSeveral() {
        write(setTo(2, "a"));
        assertThat(value()).isEqualTo("2");

        write(setTo(3, "a"), setTo(4, "a"));
        assertThat(value()).isEqualTo("4");
    }

    @Test
    void writesNothingWhereOneRowIsGone() {
        for (var updates :
                List.of(List.of(setTo(2, "gone")), List.of(setTo(2, "a"), setTo(2, "gone")))) {
            requireProblem(
                    Status.SERVICE_UNAVAILABLE_503,
                    "Others change the same",
                    () -> write(updates.toArray(Update[]::new)));
        }
        assertThat(value()).isEqualTo("1");
    }

    @Test
    void writesAgainWhatOthersCameBefore() {
        var tries = new AtomicInteger();

        database.change(
                "change",
                "a",
                _ ->
                        new Change<>(
                                true,
                                List.of(setTo(2, tries.incrementAndGet() < 3 ? "gone" : "a"))));

        assertThat(tries).hasValue(3);
        assertThat(value()).isEqualTo("2");
    }

    /// The commit goes to the server with it.
    @Test
    void doesNotSayThatAnUpdateFailedWhichMayBeDone() {
        var tries = new AtomicInteger();

        requireProblem(
                Status.GATEWAY_TIMEOUT_504,
                "It is not known whether this was done",
                () ->
                        database.change(
                                "change",
                                "a",
                                connection -> {
                                    tries.incrementAndGet();
                                    end(backend(connection));
                                    return new Change<>(true, List.of(setTo(2, "a")));
                                }));

        assertThat(tries).hasValue(1);
    }

    @Test
    void saysThatAnUpdateFailedWhichTheServerRefuses() throws SQLException {
        try (Connection other = ThingTables.address(URL).connect()) {
            other.setAutoCommit(false);
            execute(other, "update thing set json = '3'");

            requireProblem(
                    Status.SERVICE_UNAVAILABLE_503,
                    "The database takes too long: nothing was changed",
                    () -> write(setTo(2, "a")));
        }
        assertThat(value()).isEqualTo("1");
    }

    @Test
    void endsWorkWhoseServerIsSilent() {
        String url = URL + "?socketTimeout=1&options=-c%20statement_timeout=0";
        try (var mine = new Database(ThingTables.address(url), SCHEMA, 1)) {
            requireProblem(
                    Status.SERVICE_UNAVAILABLE_503,
                    "The database can't be reached",
                    () -> mine.read("look", c -> execute(c, "select pg_sleep(50)")));

            assertThat(mine.<Boolean>read("look", c -> execute(c, "select 1"))).isTrue();
        }
    }

    @Test
    void endsWorkThatTakesTooLong() {
        requireProblem(
                Status.SERVICE_UNAVAILABLE_503,
                "The database takes too long",
                () -> change(connection -> execute(connection, "select pg_sleep(20)")));
    }

    @Test
    void endsWorkThatWaitsTooLongForOthers() throws SQLException {
        try (Connection other = ThingTables.address(URL).connect()) {
            other.setAutoCommit(false);
            execute(other, "update thing set json = '3'");

            requireProblem(
                    Status.SERVICE_UNAVAILABLE_503,
                    "The database takes too long",
                    () -> change(c -> execute(c, "update thing set json = '2'")));
        }
        assertThat(value()).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"53200", "53400", "55000", "57P04", "58030"})
    void doesNotTakeWhatAServerLacksForABug(String state) {
        requireProblem(
                Status.SERVICE_UNAVAILABLE_503,
                "The database can't be ",
                () -> change(connection -> raise(connection, state)));
    }

    /// And not that the service is busy, which more replicas would help.
    @Test
    void saysThatTheDatabaseIsSlowWhereNoConnectionIsFree() {
        try (var mine = new Database(ThingTables.address(URL), SCHEMA, 1)) {
            requireProblem(
                    Status.SERVICE_UNAVAILABLE_503,
                    "The database takes too long",
                    () ->
                            mine.read(
                                    "look", // and wait for the one connection meanwhile
                                    _ -> mine.read("look", c -> execute(c, "select 1"))));
        }
    }

    /// Nobody knows whether a server that has hung up at the commit has done it.
    @Test
    void doesNotSayThatACommitFailedWhichMayBeDone() {
        var tries = new AtomicInteger();

        requireProblem(
                Status.GATEWAY_TIMEOUT_504,
                "It is not known whether this was done",
                () ->
                        change(connection -> {
                            execute(connection, "update thing set json = '2'");
                            end(backend(connection));
                            return tries.incrementAndGet();
                        }));

        assertThat(tries).hasValue(1);
    }

    @Test
    void takesAnotherConnectionForOneThatHasEndedSinceTheLastRequest() {
        for (int i = 0; i < 3; i++) {
            end(database.read("look", DatabaseTest::backend));
            database.read("look", c -> execute(c, "select 1"));
            end(change(DatabaseTest::backend));
            change(c -> execute(c, "select 1"));
        }
    }

    @Test
    void readsAgainWhereTheConnectionEndsMeanwhile() {
        var tries = new AtomicInteger();

        String read =
                database.read(
                        "look",
                        connection -> {
                            if (tries.incrementAndGet() == 1) {
                                end(backend(connection));
                            }
                            return only(connection, "select json from thing");
                        });

        assertThat(read).isEqualTo("1");
        assertThat(tries).hasValue(2);
    }

    @Test
    void changesAgainWhereTheConnectionEndsBeforeTheCommit() {
        var tries = new AtomicInteger();

        change(connection -> {
            execute(connection, "update thing set json = json || '+'");
            if (tries.incrementAndGet() == 1) {
                end(backend(connection));
            }
            return execute(connection, "select 1");
        });

        assertThat(tries).hasValue(2);
        assertThat(value()).isEqualTo("1+");
    }

    @Test
    void letsNobodyStarve() throws Exception {
        int clients = 64;
        int each = 32; // if all get the same
        var start = new CountDownLatch(clients);
        var left = new AtomicInteger(clients * each);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reads =
                    IntStream.range(0, clients)
                            .mapToObj(_ ->
                                    threads.submit(() -> {
                                        start.countDown();
                                        start.await();
                                        int done = 0;
                                        while (left.getAndDecrement() > 0) {
                                            database.read("look", c -> execute(c, "select 1"));
                                            done++;
                                        }
                                        return done;
                                    }))
                            .toList();
            for (var read : reads) {
                assertThat(read.get()).isGreaterThan(each / 4);
            }
        }
    }

    @Test
    void hasDefaultsThatTheUrlGoesOver() {
        assertThat(database.<String>read("look", c -> only(c, "show statement_timeout")))
                .isEqualTo("800ms");
        assertThat(database.<String>read("look", c -> only(c, "show application_name")))
                .isEqualTo("todo-manager");

        String url = URL + "?options=-c%20statement_timeout=50s&ApplicationName=mine";
        try (var mine = new Database(ThingTables.address(url), SCHEMA, 1)) {
            assertThat(mine.<String>read("look", c -> only(c, "show statement_timeout")))
                    .isEqualTo("50s");
            assertThat(mine.<String>read("look", c -> only(c, "show application_name")))
                    .isEqualTo("mine");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    3 | has version 2 of the tables, and 3 is needed: run java -jar thing-svc.jar migrate
                    1 | has version 2 of the tables, and 1 is the newest that is known here: run a newer thing-svc
                    """)
    void refusesTablesOfAnotherVersion(int version, String says) {
        requireRefused(
                ThingTables.address(URL),
                new Schema("thing-svc", "thing", version),
                "the database " + says);
    }

    @Test
    void refusesADatabaseWithoutTables() {
        requireRefused(
                ThingTables.address(PostgreSql.database()),
                SCHEMA,
                "the database has version 0 of the tables, and 2 is needed: run java -jar thing-svc.jar migrate");
    }

    @Test
    void refusesADatabaseThatIsNotThere() {
        requireRefused(
                ThingTables.address(URL.replaceFirst("[^/]*$", "nope")),
                SCHEMA,
                "the database is not on its server: check data.url, or create it");
    }

    /// It may come later, as the services of a cluster start in any order.
    @Test
    void startsWhileItsServerIsAway() {
        String url = URL.replaceFirst(":\\d+/", ":1/");
        try (var log = new LogRecorder("todomanager");
                var away = new Database(ThingTables.address(url), SCHEMA, 1)) {
            away.requireUsable();

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains(url, ", each request tries again");
            for (int i = 0; i < 3; i++) {
                requireProblem(
                        Status.SERVICE_UNAVAILABLE_503,
                        "The database can't be reached: nothing was changed; try again in a moment.",
                        () -> away.read("look", c -> execute(c, "select 1")));
            }
        }
    }

    @Test
    void readsItsPasswordForEachConnection() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "one\n");
        var address = new Address(URL, PostgreSql.USERNAME, Optional.of(file));

        assertThat(address.password()).isEqualTo("one");
        Files.writeString(file, "two");
        assertThat(address.password()).isEqualTo("two");
        Files.delete(file);
        assertThat(address.password()).isEmpty();
    }

    private static void requireRefused(Address address, Schema schema, String says) {
        try (var unusable = new Database(address, schema, 1)) {
            assertThatExceptionOfType(Unusable.class)
                    .isThrownBy(unusable::requireUsable)
                    .withMessage(address + ": " + says);
            requireProblem(
                    Status.SERVICE_UNAVAILABLE_503,
                    "The database can't be used: nothing was changed; try again in a moment.",
                    () -> unusable.read("look", c -> execute(c, "select 1")));
        }
    }

    private static void requireProblem(Status status, String says, ThrowingCallable work) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(work)
                .satisfies(problem -> {
                    assertThat(problem.status()).isEqualTo(status);
                    assertThat(problem).hasMessageStartingWith(says);
                });
    }

    private static <R> R change(Database.Work<R> work) {
        return database.change("change", "a", c -> new Change<>(work.in(c), List.of()));
    }

    private static boolean write(Update... updates) {
        return database.change("change", "a", _ -> new Change<>(true, List.of(updates)));
    }

    private static Update setTo(int value, String key) {
        return Update.of("update thing set json = ? where key = ?", Integer.toString(value), key);
    }

    private static String value() {
        return database.<String>read("look", c -> only(c, "select json from thing"));
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return true;
        }
    }

    private static String only(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static boolean raise(Connection connection, String state) throws SQLException {
        return execute(
                connection, "do $$ begin raise exception using errcode = '" + state + "'; end $$");
    }

    private static String backend(Connection connection) throws SQLException {
        return only(connection, "select pg_backend_pid()");
    }

    /// Ends a connection, and waits until it has ended.
    private static void end(String backend) {
        PostgreSql.execute(URL, "select pg_terminate_backend(" + backend + ", 5000)");
    }
}
