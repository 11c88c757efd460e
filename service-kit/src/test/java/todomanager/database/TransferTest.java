package todomanager.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.database.Address.Unusable;
import todomanager.database.Transfer.Mode;
import todomanager.json.InvalidDocument;
import todomanager.json.JsonDocument;
import todomanager.testkit.process.PostgreSql;

@Timeout(60)
class TransferTest {
    private static final String URL = PostgreSql.database();
    private static final Transfer TRANSFER =
            new Transfer(ThingTables.address(URL), new ThingTables());

    @BeforeAll
    static void makeTables() {
        ThingTables.make(URL);
    }

    @BeforeEach
    void keepTwo() {
        PostgreSql.execute(
                URL, "delete from thing; insert into thing values ('a', '1'), ('b', '2')");
    }

    @Test
    void replacesWhatIsThere() throws IOException {
        assertThat(load("{\"c\": [3], \"b\": 20}", Mode.REPLACE)).isTrue();

        assertThat(exported()).isEqualTo("{\n  \"b\": 20,\n  \"c\": [3]\n}\n");
    }

    @Test
    void keepsWhatTheDocumentDoesNotHave() throws IOException {
        assertThat(load("{\"c\": [3], \"b\": 20}", Mode.MERGE)).isTrue();

        assertThat(exported()).isEqualTo("{\n  \"a\": 1,\n  \"b\": 20,\n  \"c\": [3]\n}\n");
    }

    @Test
    void leavesWhatIsThereAlone() throws IOException {
        assertThat(load("{\"c\": 3}", Mode.IF_ABSENT)).isFalse();
        assertThat(exported()).isEqualTo("{\n  \"a\": 1,\n  \"b\": 2\n}\n");

        PostgreSql.execute(URL, "delete from thing");
        assertThat(load("{\"c\": 3}", Mode.IF_ABSENT)).isTrue();
        assertThat(exported()).isEqualTo("{\n  \"c\": 3\n}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REPLACE", "MERGE"})
    void takesAllOfADocumentOrNothing(Mode mode) throws IOException {
        PostgreSql.execute(
                URL, "alter table thing add constraint small check (json <> '99') not valid");
        try {
            assertThatExceptionOfType(Unusable.class)
                    .isThrownBy(() -> load("{\"c\": 3, \"a\": 4, \"d\": 99}", mode))
                    .withMessageStartingWith(URL + ": ");
            assertThat(exported()).isEqualTo("{\n  \"a\": 1,\n  \"b\": 2\n}\n");
        } finally {
            PostgreSql.execute(URL, "alter table thing drop constraint small");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\u0000b", "LONG"})
    void saysWhichMemberHasANameThatADatabaseCantKeep(String name) throws IOException {
        String member = name.replace("LONG", "é".repeat(1_000));
        String document = "{\"c\": 3,\n \"" + member + "\": 4}";

        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() -> load(document, Mode.REPLACE))
                .satisfies(invalid ->
                        assertThat(invalid.in("f.json").describe())
                                .startsWith("f.json:2:")
                                .endsWith(
                                        ": has a name that a database can't keep; choose a shorter one, without a zero byte"));
        assertThat(exported()).isEqualTo("{\n  \"a\": 1,\n  \"b\": 2\n}\n");
    }

    /// Those who want to write wait behind it, and would not wait for long.
    @Test
    void doesNotWaitForATransactionThatGoesOn() throws Exception {
        try (Connection other = ThingTables.address(URL).connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("update thing set json = '3' where key = 'a'");

            assertThatExceptionOfType(Unusable.class)
                    .isThrownBy(() -> load("{\"c\": 3}", Mode.MERGE))
                    .withMessage(
                            URL
                                    + ": the database takes too long: see its pg_stat_activity for load, and for transactions that go on");
        }
        assertThat(exported()).isEqualTo("{\n  \"a\": 1,\n  \"b\": 2\n}\n");
    }

    @Test
    void exportsADocumentThatIsRead() throws IOException {
        String json = "{\"\": 1, \"a\\\"\\n\": [1.50], \"é😀\": {\"b\": null}}";
        load(json, Mode.REPLACE);

        JsonDocument.forEachMember(exported().getBytes(UTF_8), _ -> {});
        assertThat(exported())
                .isEqualTo("{\n  \"\": 1,\n  \"a\\\"\\n\": [1.50],\n  \"é😀\": {\"b\": null}\n}\n");
        load("{}", Mode.REPLACE);
        assertThat(exported()).isEqualTo("{}\n");
    }

    @Test
    void saysThatADocumentCantBeWritten() {
        var full =
                new OutputStream() {
                    @Override
                    public void write(int octet) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };

        assertThatIOException()
                .isThrownBy(() -> TRANSFER.export(full))
                .withMessage("No space left on device");
    }

    @Test
    void refusesTablesOfAnotherVersion() {
        PostgreSql.execute(URL, "update thing_svc_schema set success = true");
        try {
            assertThatExceptionOfType(Unusable.class)
                    .isThrownBy(TRANSFER::requireUsable)
                    .withMessage(
                            URL
                                    + ": the database has version 3 of the tables, and 2 is the newest that is known here: run a newer thing-svc");
            assertThatExceptionOfType(Unusable.class).isThrownBy(() -> load("{}", Mode.REPLACE));
        } finally {
            PostgreSql.execute(URL, "update thing_svc_schema set success = version < '3'");
        }
    }

    private static boolean load(String document, Mode mode) throws IOException {
        return TRANSFER.load(document.getBytes(UTF_8), mode);
    }

    private static String exported() throws IOException {
        var out = new ByteArrayOutputStream();
        TRANSFER.export(out);
        return out.toString(UTF_8);
    }
}
