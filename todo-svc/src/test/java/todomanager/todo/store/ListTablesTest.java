package todomanager.todo.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import todomanager.database.Address;
import todomanager.database.Tables.Update;
import todomanager.database.Transfer;
import todomanager.database.Transfer.Mode;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;
import todomanager.testkit.process.Plans;
import todomanager.testkit.process.PostgreSql;
import todomanager.todo.list.Lists;

/// The tables with the lists of many users.
@Timeout(120)
class ListTablesTest {
    private static final int USERS = 3_000;
    private static final List<String> NAMES = List.of("home", "a/b %25\"\\", "買い物 😀");
    private static final List<String> ITEMS =
            List.of(
                    "\"Milk\"",
                    "\"Milk\"",
                    "\"\\\"é😀\\\\\\n\\u0000\\u2028\"",
                    "{\"title\": \"Bread\", \"completed\": true}",
                    "{\"title\": \"Tea\", \"due\": \"2026-12-01\"}",
                    "{\"title\": \"Rice\", \"order\": -95}",
                    "{\"title\": \"\", \"id\": \"x_1-\"}",
                    "{\"title\": \"All\", \"id\": \"y\", \"completed\": true, \"due\": \"2026-12-01\", \"order\": 7}");

    private static final ListTables TABLES = new ListTables();
    private static final String URL = PostgreSql.database();
    private static final Address ADDRESS = new Address(URL, PostgreSql.USERNAME, Optional.empty());

    private static final byte[] DOCUMENT = document().getBytes(UTF_8);

    /// Each list has other items than the one before.
    private static String document() {
        return IntStream.range(0, USERS)
                .mapToObj(i -> JsonNode.quoted(username(i)) + ": " + lists(i))
                .collect(joining(",\n", "{", "}"));
    }

    private static String username(int i) {
        return List.of("u", "é😀", "ﬀ/", "\"\\\n").get(i % 4) + i;
    }

    private static String lists(int user) {
        return IntStream.range(0, NAMES.size())
                .mapToObj(list -> {
                    int begin = (user + list) % ITEMS.size();
                    return JsonNode.quoted(NAMES.get((user + list) % NAMES.size()))
                            + ": ["
                            + String.join(", ", ITEMS.subList(begin, ITEMS.size()))
                            + "]";
                })
                .collect(joining(", ", "{", "}"));
    }

    @BeforeAll
    static void load() throws IOException {
        TABLES.schema().migrate(ADDRESS);
        long begin = System.nanoTime();
        assertThat(new Transfer(ADDRESS, TABLES).load(DOCUMENT, Mode.REPLACE)).isTrue();
        PostgreSql.execute(URL, "analyze");
        tell("import of the lists of " + USERS + " users", begin);
    }

    private static void tell(String what, long begin) {
        System.out.printf("%s: %d ms%n", what, (System.nanoTime() - begin) / 1_000_000);
    }

    @Test
    void keepAllThatADocumentHas() throws IOException {
        long begin = System.nanoTime();
        var exported = new ByteArrayOutputStream();
        new Transfer(ADDRESS, TABLES).export(exported);
        tell("export of the lists of " + USERS + " users", begin);

        Map<String, Lists> before = read(DOCUMENT);
        Map<String, Lists> after = read(exported.toByteArray());
        assertThat(after).hasSize(USERS).isEqualTo(before);
        before.forEach((user, lists) ->
                assertThat(after.get(user)).extracting(Lists::names).isEqualTo(lists.names()));
    }

    private static Map<String, Lists> read(byte... document) {
        var all = new LinkedHashMap<String, Lists>();
        JsonDocument.forEachMember(document, member -> all.put(member.name(), Lists.of(member)));
        return all;
    }

    @Test
    void readNothingButWhatIsAskedForByAnIndex() throws SQLException {
        Map<String, String> plans =
                Plans.of(
                        URL,
                        connection -> {
                            UserLists lists = ListTables.lockedLists(connection, "u0");
                            var _ = ListTables.lists(connection, "u0");
                            var _ = ListTables.names(connection, Optional.empty(), 10);
                            var _ =
                                    ListTables.names(
                                            connection, Optional.of(new ListKey("u0", "")), 10);
                            Update.executeAll(
                                    connection,
                                    lists.written(
                                                    lists.lists(),
                                                    changed(lists.lists().orElseThrow()))
                                            .updates());
                        });

        plans.forEach((statement, plan) -> System.out.println(statement + "\n" + plan));
        assertThat(plans).hasSize(7);
        plans.remove(
                plans.keySet().stream()
                        .filter(s -> s.startsWith("insert"))
                        .findFirst()
                        .orElseThrow());
        assertThat(plans.values())
                .allSatisfy(plan -> assertThat(plan).contains("Index").doesNotContain("Seq Scan"));
    }

    /// A list less, one more, and one that is another.
    private static Lists changed(Lists lists) {
        String first = lists.names().getFirst();
        return lists.add(first, ListStoreContract.item("Milk"))
                .lists()
                .remove(lists.names().getLast())
                .put("new");
    }
}
