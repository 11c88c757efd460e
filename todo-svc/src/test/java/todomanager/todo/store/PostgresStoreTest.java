package todomanager.todo.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import todomanager.database.Address;
import todomanager.database.Database;
import todomanager.testkit.process.PostgreSql;

class PostgresStoreTest extends ListStoreContract {
    private static final int CONNECTIONS = 4;

    private final ListTables tables = new ListTables();
    private final Address address =
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

    @Test
    void keepsTheOrderOfListsThroughChangesOfAllKinds() {
        change("ana", lists -> lists.put("b").put("c").put("a"));
        change("ana", lists -> lists.rename("c", "z"));
        assertThat(lists("ana").names()).containsExactly("b", "z", "a");

        change("ana", lists -> lists.remove("b").put("b"));
        assertThat(lists("ana").names()).containsExactly("z", "a", "b");
    }
}
