package todomanager.database;

import java.sql.SQLException;

/// Why a database can't be used, in words for whoever runs the service.
@SuppressWarnings("serial") // it never leaves the process
public final class Unusable extends RuntimeException {
    Unusable(Address address, SQLException cause) {
        super(address + ": " + new Failure(cause).sentence(), cause);
    }

    /// What is wrong and what to do.
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
