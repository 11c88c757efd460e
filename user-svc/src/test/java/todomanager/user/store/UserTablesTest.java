package todomanager.user.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
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

/// The tables with many users.
@Timeout(120)
class UserTablesTest {
    private static final int USERS = 3_000;
    private static final List<String> MORE =
            List.of(
                    "",
                    ", \"z\": [1.50, {\"b\": null}], \"\": 1E5",
                    ", \"a\": {\"y\": \"\\u00e9\\\"\\u0000\", \"x\": {}}");

    private static final UserTables TABLES = new UserTables();
    private static final String URL = PostgreSql.database();
    private static final Address ADDRESS = new Address(URL, PostgreSql.USERNAME, Optional.empty());
    private static final byte[] DOCUMENT = document().getBytes(UTF_8);

    private static String document() {
        return IntStream.range(0, USERS)
                .mapToObj(i ->
                        "%s: {\"id\": %s, \"name\": \"é😀 %d\", \"verified\": %d%s}"
                                .formatted(
                                        JsonNode.quoted(username(i)),
                                        BigInteger.TWO.pow(i % 99).negate().add(id(i)),
                                        i,
                                        i % 2,
                                        MORE.get(i % MORE.size())))
                .collect(joining(",\n", "{", "}"));
    }

    /// Such that the ids of all differ.
    private static BigInteger id(int i) {
        return BigInteger.TWO.pow(100).multiply(BigInteger.valueOf(i));
    }

    private static String username(int i) {
        return List.of("u", "é😀", "ﬀ/", "\"\\\n").get(i % 4) + i;
    }

    @BeforeAll
    static void load() throws IOException {
        TABLES.schema().migrate(ADDRESS);
        long begin = System.nanoTime();
        assertThat(new Transfer(ADDRESS, TABLES).load(DOCUMENT, Mode.REPLACE)).isTrue();
        PostgreSql.execute(URL, "analyze");
        tell("import of " + USERS + " users", begin);
    }

    private static void tell(String what, long begin) {
        System.out.printf("%s: %d ms%n", what, (System.nanoTime() - begin) / 1_000_000);
    }

    @Test
    void keepAllThatADocumentHas() throws IOException {
        long begin = System.nanoTime();
        var exported = new ByteArrayOutputStream();
        new Transfer(ADDRESS, TABLES).export(exported);
        tell("export of " + USERS + " users", begin);

        assertThat(read(exported.toByteArray())).hasSize(USERS).isEqualTo(read(DOCUMENT));
    }

    /// The text of each, in which its members have their order.
    private static Map<String, String> read(byte... document) {
        var all = new LinkedHashMap<String, String>();
        JsonDocument.forEachMember(
                document, member -> all.put(member.name(), User.of(member).text()));
        return all;
    }

    @Test
    void readNothingButWhatIsAskedForByAnIndex() throws SQLException {
        Map<String, String> plans =
                Plans.of(
                        URL,
                        connection -> {
                            User user = UserTables.lock(connection, "u0").orElseThrow();
                            var _ = UserTables.find(connection, "u0");
                            var _ = UserTables.page(connection, Optional.empty(), 10);
                            var _ = UserTables.page(connection, Optional.of("u0"), 10);
                            var _ = UserTables.isTaken(connection, user.id(), "u0");
                            var _ = UserTables.greatestId(connection);
                            Update.executeAll(connection, List.of(UserTables.update("u0", user)));
                            Update.executeAll(connection, List.of(UserTables.delete("u0")));
                        });

        plans.forEach((statement, plan) -> System.out.println(statement + "\n" + plan));
        assertThat(plans).hasSize(8);
        assertThat(plans.values())
                .allSatisfy(plan -> assertThat(plan).contains("Index").doesNotContain("Seq Scan"));
    }
}
