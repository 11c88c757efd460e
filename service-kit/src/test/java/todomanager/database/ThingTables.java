package todomanager.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import todomanager.database.TablePages.Row;
import todomanager.json.JsonNode;
import todomanager.testkit.process.PostgreSql;

/// Things of any JSON by their keys, for what is the same of all tables.
public final class ThingTables implements Tables {
    static final Schema SCHEMA = new Schema("thing-svc", "thing", 2);

    static Address address(String url) {
        return new Address(url, PostgreSql.USERNAME, Optional.empty());
    }

    /// Makes the tables in an empty database.
    public static void make(String url) {
        PostgreSql.execute(
                url,
                """
                create table thing (key text collate "C" primary key, json text not null);
                create table deferred (id int unique deferrable initially deferred);
                create table thing_svc_schema (version text, success boolean);
                insert into thing_svc_schema values ('1', true), ('2', true), ('3', false);
                """);
    }

    static List<Row> page(Connection connection, Optional<String> after, int limit)
            throws SQLException {
        String than = after.isPresent() ? ">" : ">=";
        String query = "select key, json from thing where key " + than + " ? order by key limit ?";
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, after.orElse(""));
            select.setInt(2, limit);
            try (ResultSet rows = select.executeQuery()) {
                var page = new ArrayList<Row>();
                while (rows.next()) {
                    page.add(new Row(rows.getString(1), rows.getString(2)));
                }
                return page;
            }
        }
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public void put(Connection connection, JsonNode member) throws SQLException {
        String upsert =
                "insert into thing values (?, ?) on conflict (key) do update set json = excluded.json";
        try (PreparedStatement put = connection.prepareStatement(upsert)) {
            put.setString(1, member.name());
            put.setString(2, member.line());
            put.executeUpdate();
        }
    }

    @Override
    public void forEach(Connection connection, BiConsumer<String, String> reader)
            throws SQLException {
        for (Row row : page(connection, Optional.empty(), Integer.MAX_VALUE)) {
            reader.accept(row.key(), row.json());
        }
    }
}
