package todomanager.todo.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import todomanager.database.Schema;
import todomanager.database.TablePages.Row;
import todomanager.database.Tables;
import todomanager.database.Tables.Update;
import todomanager.json.JsonNode;
import todomanager.todo.list.Lists;

/// The table `todo_list`, which `schema/V1__lists.sql` describes, and all statements on it.
public final class ListTables implements Tables {
    static final Schema SCHEMA = new Schema("todo-svc", "todo_list", 1);

    private static final String LISTS =
            "select name, position, version, items from todo_list where owner = ? order by position, name";

    /// Whoever waits for a lock sees what was there before that, and not what was added meanwhile;
    /// so the lists are read by a statement of its own. Both go to the server at once.
    private static final String LOCKED_LISTS =
            "select from todo_list where owner = ? order by name for no key update; " + LISTS;

    private static final String NAMES =
            "select owner, name from todo_list where (owner, name) > (?, ?) order by owner, name limit ?";
    private static final String FIRST_NAMES = NAMES.replace(">", ">=");
    private static final String ALL =
            "select name, position, version, items, owner from todo_list order by owner, position, name";
    private static final int FETCHED = 1_000; // rows of all that are in memory at once

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    static UserLists lists(Connection connection, String owner) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LISTS)) {
            select.setString(1, owner);
            try (ResultSet rows = select.executeQuery()) {
                return UserLists.of(owner, rows);
            }
        }
    }

    /// The same, so that nobody else changes them until the transaction ends.
    static UserLists lockedLists(Connection connection, String owner) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOCKED_LISTS)) {
            select.setString(1, owner);
            select.setString(2, owner);
            select.execute();
            select.getMoreResults();
            try (ResultSet rows = select.getResultSet()) {
                return UserLists.of(owner, rows);
            }
        }
    }

    /// @param after owner and name; none to begin with
    static List<Row> names(Connection connection, Optional<ListKey> after, int limit)
            throws SQLException {
        String query = after.isPresent() ? NAMES : FIRST_NAMES;
        ListKey key = after.orElse(ListKey.LEAST);
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, key.owner());
            select.setString(2, key.name());
            select.setInt(3, limit);
            try (ResultSet rows = select.executeQuery()) {
                var names = new ArrayList<Row>();
                while (rows.next()) {
                    var found = new ListKey(rows.getString(1), rows.getString(2));
                    names.add(new Row(found.toString(), JsonNode.quoted(found.name())));
                }
                return names;
            }
        }
    }

    /// A user without lists leaves no row.
    @Override
    public void put(Connection connection, JsonNode member) throws SQLException {
        Lists lists = Lists.of(member);
        if (member.members().values().stream().allMatch(Tables::hasKey)) {
            UserLists before = lockedLists(connection, member.name());
            Update.executeAll(connection, before.written(before.lists(), lists).updates());
        }
    }

    @Override
    public void forEach(Connection connection, BiConsumer<String, String> reader)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ALL)) {
            select.setFetchSize(FETCHED);
            try (ResultSet rows = select.executeQuery()) {
                var lists = new UserLists("", new LinkedHashMap<>());
                while (rows.next()) {
                    String owner = rows.getString(5);
                    if (!owner.equals(lists.owner())) {
                        export(lists, reader);
                        lists = new UserLists(owner, new LinkedHashMap<>());
                    }
                    lists.add(rows);
                }
                export(lists, reader);
            }
        }
    }

    private static void export(UserLists lists, BiConsumer<String, String> reader) {
        lists.lists().ifPresent(all -> reader.accept(lists.owner(), all.text()));
    }
}
