package todomanager.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import todomanager.json.JsonNode;

/// The tables of a service, in which each member of its document has a place.
public interface Tables {
    /// A statement that writes a row. That it finds none means that others have changed it
    /// meanwhile.
    record Update(String sql, List<?> parameters) {
        private static final int NONE = 0; // rows

        public static Update of(String sql, Object... parameters) {
            return new Update(sql, List.of(parameters));
        }

        /// Does them all; those of one kind, if they stand together, in one go.
        public static void executeAll(Connection connection, List<Update> updates)
                throws SQLException {
            for (int i = 0; i < updates.size(); ) {
                String sql = updates.get(i).sql;
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    for (; i < updates.size() && updates.get(i).sql.equals(sql); i++) {
                        updates.get(i).fill(statement);
                        statement.addBatch();
                    }
                    if (Arrays.stream(statement.executeBatch()).anyMatch(rows -> rows == NONE)) {
                        throw Database.conflict();
                    }
                }
            }
        }

        /// Does it, and ends the transaction in the same trip to the server.
        void executeAndCommit(Connection connection) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql + "; commit")) {
                fill(statement);
                statement.execute();
                if (statement.getUpdateCount() == NONE) {
                    throw Database.conflict();
                }
            }
        }

        private void fill(PreparedStatement statement) throws SQLException {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
        }
    }

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
