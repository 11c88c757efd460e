package todomanager.database;

import java.sql.SQLException;

/// Carries a failure of the database through code that knows of none.
@SuppressWarnings("serial") // it never leaves the process
public final class UncheckedSql extends RuntimeException {
    private final SQLException failure;

    private UncheckedSql(SQLException failure) {
        super(failure);
        this.failure = failure;
    }

    /// Something that may fail.
    public interface Work<R> {
        R result() throws SQLException;
    }

    /// Does the work.
    ///
    /// @throws UncheckedSql in the place of what it throws
    public static <R> R of(Work<R> work) {
        try {
            return work.result();
        } catch (SQLException e) {
            throw new UncheckedSql(e);
        }
    }

    SQLException failure() {
        return failure;
    }
}
