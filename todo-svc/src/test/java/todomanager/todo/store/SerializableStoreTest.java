package todomanager.todo.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.Status;
import org.junit.jupiter.api.BeforeEach;
import todomanager.http.Problem;
import todomanager.testkit.process.PostgreSql;

/// The same where transactions fail that others would only wait for, as they do in databases that
/// know nothing else.
class SerializableStoreTest extends PostgresStoreTest {
    @BeforeEach
    @Override
    void openStore() {
        PostgreSql.makeSerializable(address.url());
        super.openStore();
    }

    /// Whoever meets others too often is asked to try again, and does.
    @Override
    void insist(Runnable change) {
        while (true) {
            try {
                change.run();
                return;
            } catch (Problem e) {
                assertThat(e.status()).isEqualTo(Status.SERVICE_UNAVAILABLE_503);
            }
        }
    }
}
