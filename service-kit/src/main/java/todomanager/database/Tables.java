package todomanager.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BiConsumer;
import todomanager.json.JsonNode;

/// The tables of a service, in which each member of its document has a place.
public interface Tables {
    Schema schema();

    boolean isEmpty(Connection connection) throws SQLException;

    void clear(Connection connection) throws SQLException;

    /// Puts a member of a document in the place of what there is of that name.
    void put(Connection connection, JsonNode member) throws SQLException;

    /// Reads all members in the order of their names, without holding them in memory.
    ///
    /// @param reader takes a name, and the value as it stands in a document
    void forEach(Connection connection, BiConsumer<String, String> reader) throws SQLException;
}
