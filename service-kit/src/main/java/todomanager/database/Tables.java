package todomanager.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BiConsumer;
import todomanager.json.JsonNode;

/// The tables of a service, in which each member of its document has a place.
public interface Tables {
    Schema schema();

    /// Whether a database can keep the member's name as a key; a fault where it can't.
    static boolean hasKey(JsonNode member) {
        boolean isKey = Database.isKey(member.name());
        if (!isKey) {
            member.fault(
                    "has a name that a database can't keep; choose a shorter one, without a zero byte");
        }
        return isKey;
    }

    /// Puts a member of a document in the place of what there is of that name; a fault where it
    /// can't be kept.
    void put(Connection connection, JsonNode member) throws SQLException;

    /// Reads all members in the order of their names, without holding them in memory.
    ///
    /// @param reader takes a name, and the value as it stands in a document
    void forEach(Connection connection, BiConsumer<String, String> reader) throws SQLException;
}
