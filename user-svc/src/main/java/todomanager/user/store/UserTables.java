package todomanager.user.store;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import todomanager.database.Database;
import todomanager.database.Schema;
import todomanager.database.TablePages.Row;
import todomanager.database.Tables;
import todomanager.database.Tables.Update;
import todomanager.json.JsonNode;

/// The table `todo_user`, which `schema/V1__users.sql` describes, and all statements on it.
public final class UserTables implements Tables {
    private static final Schema SCHEMA = new Schema("user-svc", "todo_user", 1);

    private static final String FIND = "select value from todo_user where username = ?";
    private static final String LOCK = FIND + " for no key update";
    private static final String PAGE =
            "select username, value from todo_user where username > ? order by username limit ?";
    private static final String FIRST_PAGE = PAGE.replace(">", ">=");
    private static final String ALL = "select username, value from todo_user order by username";
    private static final String INSERT =
            "insert into todo_user (id, value, username) values (?, ?, ?)";
    private static final String PUT =
            INSERT
                    + " on conflict (username) do update set id = excluded.id, value = excluded.value";
    private static final String UPDATE =
            "update todo_user set id = ?, value = ? where username = ?";
    private static final int FETCHED = 1_000; // rows of all that are in memory at once

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    static Optional<User> find(Connection connection, String username) throws SQLException {
        return user(connection, FIND, username);
    }

    /// The same, so that nobody else changes it until the transaction ends.
    static Optional<User> lock(Connection connection, String username) throws SQLException {
        return user(connection, LOCK, username);
    }

    private static Optional<User> user(Connection connection, String query, String username)
            throws SQLException {
        if (!Database.isKey(username)) {
            return Optional.empty(); // which no name of a new user is
        }
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, username);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(SCHEMA.read(username, rows.getString(1), User::of))
                        : Optional.empty();
            }
        }
    }

    static List<Row> page(Connection connection, Optional<String> after, int limit)
            throws SQLException {
        String query = after.isPresent() ? PAGE : FIRST_PAGE;
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, after.orElse(""));
            select.setInt(2, limit);
            try (ResultSet rows = select.executeQuery()) {
                var page = new ArrayList<Row>();
                while (rows.next()) {
                    String username = rows.getString(1);
                    String json = JsonNode.quoted(username) + ':' + rows.getString(2);
                    page.add(new Row(username, json));
                }
                return page;
            }
        }
    }

    static Optional<BigInteger> greatestId(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("select max(id) from todo_user")) {
            rows.next();
            return Optional.ofNullable(rows.getBigDecimal(1)).map(BigDecimal::toBigIntegerExact);
        }
    }

    /// Whether another user has the id.
    static boolean isTaken(Connection connection, BigInteger id, String username)
            throws SQLException {
        String query = "select from todo_user where id = ? and username <> ?";
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setBigDecimal(1, new BigDecimal(id));
            select.setString(2, username);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    static Update insert(String username, User user) {
        return update(INSERT, username, user);
    }

    static Update update(String username, User user) {
        return update(UPDATE, username, user);
    }

    private static Update update(String statement, String username, User user) {
        return Update.of(statement, new BigDecimal(user.id()), user.json(), username);
    }

    static Update delete(String username) {
        return Update.of("delete from todo_user where username = ?", username);
    }

    @Override
    public void put(Connection connection, JsonNode member) throws SQLException {
        User user = User.of(member);
        if (isTaken(connection, user.id(), member.name())) {
            member.required("id")
                    .ifPresent(id ->
                            id.fault("expected an id of its own, found that of another user"));
        } else {
            Update.executeAll(connection, List.of(update(PUT, member.name(), user)));
        }
    }

    @Override
    public void forEach(Connection connection, BiConsumer<String, String> reader)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ALL)) {
            select.setFetchSize(FETCHED);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    String username = rows.getString(1);
                    User user = SCHEMA.read(username, rows.getString(2), User::of);
                    reader.accept(username, user.text());
                }
            }
        }
    }
}
