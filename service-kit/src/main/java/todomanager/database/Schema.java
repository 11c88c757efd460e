package todomanager.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Function;
import todomanager.database.Address.Unusable;
import todomanager.database.Failure.Reason;
import todomanager.json.InvalidDocument;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;
import todomanager.text.SafeText;

/// The tables of a service, as the files in `schema` of its jar make them one after the other.
///
/// @param service whose tables they are
/// @param table that has a row for whatever there is
/// @param version that the service works with: of the last of those files
public record Schema(String service, String table, int version) {
    private static final String NO_SUCH_TABLE = "42P01";

    /// Brings the tables of a database up to this version. Others who do the same wait meanwhile.
    ///
    /// @return how many files were run for that
    /// @throws Unusable if the database can't be reached, or lets the user make no tables
    public int migrate(Address address) {
        int run = new Migration(address, history()).run();
        try (Connection connection = address.connect()) {
            require(connection);
            return run;
        } catch (SQLException e) {
            throw new Unusable(address, e);
        }
    }

    /// @throws SQLException if the tables are of another version than this, or can't be read
    void require(Connection connection) throws SQLException {
        int found = find(connection);
        if (found != version) {
            throw new Failure.Found(Reason.SCHEMA, wrong(found));
        }
        String query = "select from " + table + " limit 1";
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.execute();
        }
    }

    private String wrong(int found) {
        return found < version
                ? "the database has version %d of the tables, and %d is needed: run java -jar %s.jar migrate"
                        .formatted(found, version, service)
                : "the database has version %d of the tables, and %d is the newest that is known here: run a newer %s"
                        .formatted(found, version, service);
    }

    private int find(Connection connection) throws SQLException {
        String query = "select max(version::int) from " + history() + " where success";
        try (PreparedStatement select = connection.prepareStatement(query);
                ResultSet rows = select.executeQuery()) {
            return rows.next() ? rows.getInt(1) : 0;
        } catch (SQLException e) {
            if (NO_SUCH_TABLE.equals(e.getSQLState())) {
                return 0;
            }
            throw e;
        }
    }

    /// Reads the JSON of a row, or of all rows of a key.
    ///
    /// @throws InvalidDocument that names the key, if others have written what is none
    public <R> R read(String key, String json, Function<JsonNode, R> reader) {
        try {
            return JsonDocument.read(json.getBytes(UTF_8)).as(reader);
        } catch (InvalidDocument e) {
            throw e.in(table + " of " + SafeText.quoted(key));
        }
    }

    private String history() {
        return service.replace('-', '_') + "_schema";
    }
}
