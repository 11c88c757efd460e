package todomanager.todo.store;

import static java.io.OutputStream.nullOutputStream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.database.Address;
import todomanager.database.Address.Unusable;
import todomanager.database.Database;
import todomanager.database.Transfer;
import todomanager.database.Transfer.Mode;
import todomanager.json.InvalidDocument;
import todomanager.testkit.process.PostgreSql;
import todomanager.todo.list.Lists;
import todomanager.todo.store.ListStore.Change;

class PostgresStoreTest extends ListStoreContract {
    private static final int CONNECTIONS = 4;

    private final ListTables tables = new ListTables();
    final Address address =
            new Address(PostgreSql.database(), PostgreSql.USERNAME, Optional.empty());
    private final List<AutoCloseable> open = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // before each test
    private ListStore store;

    @BeforeEach
    void openStore() {
        tables.schema().migrate(address);
        store = reopened();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Override
    ListStore store() {
        return store;
    }

    @Override
    ListStore reopened() {
        var database = new Database(address, tables.schema(), CONNECTIONS);
        open.add(database);
        return new PostgresStore(database, true);
    }

    /// Each replica has its own turns, so that the database alone keeps their changes apart.
    @Test
    void losesNoChangeOfTwoReplicas() throws Exception {
        var replicas = List.of(store, reopened());
        int many = 100;
        try (var threads = Executors.newFixedThreadPool(8)) {
            var changes =
                    IntStream.range(0, many)
                            .mapToObj(i ->
                                    threads.submit(() ->
                                            insist(() -> {
                                                var _ =
                                                        replicas.get(i % 2)
                                                                .change(
                                                                        "ana",
                                                                        lists ->
                                                                                added(
                                                                                        lists,
                                                                                        "#" + i));
                                            })))
                            .toList();
            for (var change : changes) {
                change.get();
            }
        }

        assertThat(lists("ana").items("home")).hasSize(many).doesNotHaveDuplicates();
    }

    private static Change<String> added(Optional<Lists> lists, String title) {
        return new Change<>(lists.orElse(Lists.NONE).add("home", item(title)).lists(), title);
    }

    @Test
    void keepsTheOrderOfListsThroughChangesOfAllKinds() {
        change("ana", lists -> lists.put("b").put("c").put("a"));
        change("ana", lists -> lists.rename("c", "z"));
        assertThat(lists("ana").names()).containsExactly("b", "z", "a");

        change("ana", lists -> lists.remove("b").put("b"));
        assertThat(lists("ana").names()).containsExactly("z", "a", "b");
    }

    @Test
    void isNotMadeWhereThereIsATableThatNobodyKnowsTheVersionOf() {
        String url = PostgreSql.database();
        PostgreSql.execute(url, "create table todo_list ()");

        assertThatExceptionOfType(Unusable.class)
                .isThrownBy(() ->
                        tables.schema()
                                .migrate(new Address(url, PostgreSql.USERNAME, Optional.empty())))
                .withMessage(
                        url
                                + ": the database failed: ERROR: relation \"todo_list\" already exists");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"%s\": []}", "{\"\\u0000\": []}"})
    void saysWhichListHasANameThatADatabaseCantKeep(String lists) {
        String text = "{\"ana\": {\"a\": []},\n \"bo\": " + lists.formatted("é".repeat(441)) + "}";
        var transfer = new Transfer(address, tables);

        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() -> transfer.load(text.getBytes(UTF_8), Mode.REPLACE))
                .satisfies(invalid ->
                        assertThat(invalid.in("f.json").describe())
                                .startsWith("f.json:2:")
                                .contains(": /bo/")
                                .endsWith("choose a shorter one, without a zero byte"));
        assertThat(store.lists("ana").value()).isEmpty();
    }

    @Test
    void saysWhoseItemsAreAtFaultThatSomebodyWroteBySql() {
        PostgreSql.execute(
                address.url(),
                "insert into todo_list values ('ana', 'home', 0, 1, '[\"Tidy up\", Rest]')");

        for (ThrowingCallable read :
                List.<ThrowingCallable>of(
                        () -> store.titles("ana"),
                        () -> change("ana", lists -> lists.put("b")),
                        () -> new Transfer(address, tables).export(nullOutputStream()))) {
            assertThatExceptionOfType(InvalidDocument.class)
                    .isThrownBy(read)
                    .withMessageStartingWith("todo_list of \"ana\":1:")
                    .withMessageEndingWith("unexpected \"R\"");
        }
    }

    /// The driver does not count rows then.
    @Test
    void takesADocumentByInsertsOfManyRows() throws IOException {
        var rewriting =
                new Address(
                        address.url() + "?reWriteBatchedInserts=true",
                        PostgreSql.USERNAME,
                        Optional.empty());

        new Transfer(rewriting, tables)
                .load("{\"ana\": {\"a\": [], \"b\": [], \"c\": []}}".getBytes(UTF_8), Mode.REPLACE);

        assertThat(lists("ana").names()).containsExactly("a", "b", "c");
    }

    /// As long as they may be, of characters that compress badly.
    @Test
    void keepsTheLongestNamesThatThereMayBe() throws IOException {
        String owner = longName(1);
        String name = longName(2);
        String text = "{\"" + owner + "\": {\"" + name + "\": []}}";

        assertThat(new Transfer(address, tables).load(text.getBytes(UTF_8), Mode.REPLACE)).isTrue();
        assertThat(lists(owner).names()).containsExactly(name);
        assertThat(Database.isKey(name + '一')).isFalse();
    }

    private static String longName(int seed) {
        return new Random(seed)
                .ints(440, 0x4e00, 0x9fff)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
