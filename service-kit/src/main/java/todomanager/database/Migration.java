package todomanager.database;

import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import todomanager.database.Address.Unusable;

/// Brings the tables of a service up to date. Java loads Flyway with this class, and not before.
///
/// @param history the table that tells what was done
record Migration(Address address, String history) {

    /// @return how many files were run
    /// @throws Unusable if the database can't be reached, or lets the user make no tables
    int run() {
        try {
            address.connect().close(); // which says more clearly what is wrong than Flyway does
            return Flyway.configure()
                    .dataSource(address.url(), address.username(), address.password())
                    .locations("classpath:schema")
                    .table(history)
                    .baselineOnMigrate(true) // beside the tables of the other service
                    .baselineVersion("0")
                    .load()
                    .migrate()
                    .migrationsExecuted;
        } catch (SQLException e) {
            throw new Unusable(address, e);
        } catch (FlywayException e) {
            throw new Unusable(address, cause(e));
        }
    }

    private static SQLException cause(FlywayException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                return e;
            }
        }
        return new SQLException(failure.getMessage(), failure);
    }
}
