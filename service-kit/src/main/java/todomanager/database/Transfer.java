package todomanager.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.BiConsumer;
import todomanager.database.Address.Unusable;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;

/// Takes the data of a service from a document into its tables, and back: all of it at once, or
/// none.
public record Transfer(Address address, Tables tables) {

    /// What becomes of what is in the tables before.
    public enum Mode {
        /// All of it goes.
        REPLACE,

        /// What the document does not have stays.
        MERGE,

        /// If there is anything, all of it stays, and the document is left alone.
        IF_ABSENT
    }

    /// Looks at the tables.
    ///
    /// @throws Unusable if they can't be used
    public void requireUsable() throws IOException {
        transact(connection -> true);
    }

    private interface Work<R> {
        R in(Connection connection) throws SQLException, IOException;
    }

    /// Writes a document of all that is in the tables.
    ///
    /// @throws Unusable if the database can't be read
    public void export(OutputStream out) throws IOException {
        var writer = new MemberWriter(out);
        transact(connection -> {
            tables.forEach(connection, writer);
            return true;
        });
        writer.end();
    }

    /// The format of a document that is written here.
    private static final class MemberWriter implements BiConsumer<String, String> {
        private final OutputStream out;
        private String separator = "{\n  ";

        MemberWriter(OutputStream out) {
            this.out = out;
        }

        @Override
        public void accept(String name, String value) {
            try {
                out.write((separator + JsonNode.quoted(name) + ": " + value).getBytes(UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            separator = ",\n  ";
        }

        void end() throws IOException {
            out.write((separator.startsWith("{") ? "{}\n" : "\n}\n").getBytes(UTF_8));
        }
    }

    /// Puts the members of a document into the tables.
    ///
    /// @param document that was checked
    /// @return whether they are there now; not where there was something before that stays
    /// @throws todomanager.json.InvalidDocument if a database can't keep a member
    /// @throws Unusable if the database can't be written
    public boolean load(byte[] document, Mode mode) throws IOException {
        String table = tables.schema().table();
        return transact(connection -> {
            try (Statement statement = connection.createStatement()) {
                // what others wrote meanwhile would be lost; they may read. They wait behind this
                // lock, so it is given up before they give up
                statement.execute(
                        "set local lock_timeout = 400; lock table %s in share row exclusive mode; set local lock_timeout to default"
                                .formatted(table));
                if (mode == Mode.IF_ABSENT
                        && statement.executeQuery("select from " + table + " limit 1").next()) {
                    return false;
                }
                if (mode == Mode.REPLACE) {
                    statement.executeUpdate("delete from " + table);
                }
            }
            putAll(connection, document);
            return true;
        });
    }

    private void putAll(Connection connection, byte[] document) {
        JsonDocument.forEachMember(
                document,
                member ->
                        UncheckedSql.of(() -> {
                            if (Tables.hasKey(member)) {
                                tables.put(connection, member);
                            }
                            return member;
                        }));
    }

    private <R> R transact(Work<R> work) throws IOException {
        try (Connection connection = address.connect()) {
            tables.schema().require(connection);
            connection.setAutoCommit(false);
            R result = work.in(connection);
            connection.commit();
            return result;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (UncheckedSql e) {
            throw new Unusable(address, e.failure());
        } catch (SQLException e) {
            throw new Unusable(address, e);
        }
    }
}
