package todomanager.user.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import todomanager.database.Address;
import todomanager.database.Database;
import todomanager.testkit.process.PostgreSql;

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
