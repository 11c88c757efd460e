package todomanager.todo.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import todomanager.database.Tables.Update;
import todomanager.http.Representation;
import todomanager.http.Revision;
import todomanager.json.JsonNode;
import todomanager.todo.list.Lists;

/// A user's lists as rows of `todo_list`, in their order.
///
/// @param rows by the names of the lists
record UserLists(String owner, Map<String, Row> rows) {
    private static final String INSERT =
            "insert into todo_list (owner, name, position, version, items) values (?, ?, ?, ?, ?)";
    private static final String UPDATE =
            "update todo_list set position = ?, version = ?, items = ? where owner = ? and name = ? and version = ?";
    private static final String DELETE =
            "delete from todo_list where owner = ? and name = ? and version = ?";

    /// One list.
    ///
    /// @param items as in a document
    record Row(int position, long version, String items) {
        /// Begins anywhere, or a list that is removed and made again would have a version twice.
        static Row first(int position, String items) {
            return new Row(
                    position, ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2), items);
        }

        Row next(int position, String items) {
            return new Row(position, version + 1, items);
        }
    }

    /// @param updates of rows that others may have changed, or added, after the lock
    record Written(UserLists lists, List<Update> updates) {}

    static UserLists of(String owner, ResultSet rows) throws SQLException {
        var lists = new UserLists(owner, new LinkedHashMap<>());
        while (rows.next()) {
            lists.add(rows);
        }
        return lists;
    }

    /// Adds a row of name, position, version and items.
    void add(ResultSet row) throws SQLException {
        rows.put(row.getString(1), new Row(row.getInt(2), row.getLong(3), row.getString(4)));
    }

    Optional<Lists> lists() {
        return rows.isEmpty() ? Optional.empty() : Optional.of(read(Lists::of));
    }

    Optional<Representation> titles() {
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(TodoLists.titles(read(Lists::written)));
    }

    private <R> R read(Function<JsonNode, R> reader) {
        var json = new StringBuilder();
        rows.forEach((name, row) -> {
            json.append(json.isEmpty() ? '{' : ',').append(JsonNode.quoted(name));
            json.append(':').append(row.items);
        });
        return ListTables.SCHEMA.read(owner, json.append('}').toString(), reader);
    }

    /// Follows from the names of the lists and their versions.
    Revision revision() {
        MessageDigest sha256 = Revision.sha256();
        rows.forEach((name, row) -> {
            sha256.update(name.getBytes(UTF_8));
            sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(0, row.version));
        });
        return Revision.of(sha256);
    }

    /// The rows as they are from a change on, and what writes that. A list keeps its row, and its
    /// position where it can.
    ///
    /// @param were the lists that these are
    Written written(Optional<Lists> were, Lists now) {
        Set<String> changed = now.changedSince(were.orElse(Lists.NONE));
        List<String> names = now.names();
        var written = new LinkedHashMap<String, Row>();
        var updates = new ArrayList<Update>();
        rows.forEach((name, row) -> {
            if (!names.contains(name)) {
                updates.add(Update.of(DELETE, owner, name, row.version));
            }
        });
        int place = 0;
        for (String name : names) {
            Row before = rows.get(name);
            Row row;
            if (before == null) {
                row = Row.first(place, now.text(name));
                updates.add(Update.of(INSERT, owner, name, row.position, row.version, row.items));
            } else if (before.position < place || changed.contains(name)) {
                row = before.next(Math.max(before.position, place), now.text(name));
                updates.add(
                        Update.of(
                                UPDATE,
                                row.position,
                                row.version,
                                row.items,
                                owner,
                                name,
                                before.version));
            } else {
                row = before;
            }
            written.put(name, row);
            place = row.position + 1;
        }
        return new Written(new UserLists(owner, written), updates);
    }
}
