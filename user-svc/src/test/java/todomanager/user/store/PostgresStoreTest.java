package todomanager.user.store;

import static java.io.OutputStream.nullOutputStream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import todomanager.database.Address;
import todomanager.database.Database;
import todomanager.database.Transfer;
import todomanager.database.Transfer.Mode;
import todomanager.json.InvalidDocument;
import todomanager.testkit.process.PostgreSql;
import todomanager.user.store.UserStore.Change;

class PostgresStoreTest extends UserStoreContract {
    private static final int CONNECTIONS = 4;

    private final UserTables tables = new UserTables();
    final Address address =
            new Address(PostgreSql.database(), PostgreSql.USERNAME, Optional.empty());
    private final List<AutoCloseable> open = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // before each test
    private UserStore store;

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

    @Test
    void saysWhichUserIsAtFaultWhomSomebodyWroteBySql() {
        PostgreSql.execute(address.url(), "insert into todo_user values ('ana', 1, '{name}')");

        for (ThrowingCallable read :
                List.<ThrowingCallable>of(
                        () -> store.change("ana", (user, _) -> new Change<>(user, "")),
                        () -> new Transfer(address, tables).export(nullOutputStream()))) {
            assertThatExceptionOfType(InvalidDocument.class)
                    .isThrownBy(read)
                    .withMessageStartingWith("todo_user of \"ana\":1:3:")
                    .withMessageEndingWith("unexpected \"a\"");
        }
    }

    @Test
    void saysWhichMemberHasTheIdOfAnotherUser() throws IOException {
        var transfer = new Transfer(address, tables);
        byte[] ana = "{\"ana\": {\"id\": 1, \"name\": \"A\", \"verified\": 0}}".getBytes(UTF_8);
        transfer.load(ana, Mode.REPLACE);

        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() ->
                        transfer.load(
                                new String(ana, UTF_8).replace("ana", "zoe").getBytes(UTF_8),
                                Mode.MERGE))
                .satisfies(invalid ->
                        assertThat(invalid.in("f.json").describe())
                                .isEqualTo(
                                        "f.json:1:16: /zoe/id: expected an id of its own, found that of another user"));
        assertThat(store.find("zoe").value()).isEmpty();
    }

    @Override
    UserStore store() {
        return store;
    }

    @Override
    UserStore reopened() {
        var database = new Database(address, tables.schema(), CONNECTIONS);
        open.add(database);
        return new PostgresStore(database, true);
    }
}
