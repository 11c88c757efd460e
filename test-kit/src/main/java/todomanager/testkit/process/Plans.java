package todomanager.testkit.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How a database goes about statements.
public final class Plans {
    /// In which a statement is explained without values for its parameters.
    private static final String MODE = "?preferQueryMode=simple";

    private final Set<String> statements = new LinkedHashSet<>();

    /// Something that makes statements.
    public interface Work {
        void in(Connection connection) throws SQLException;
    }

    private Plans() {}

    /// The plans of all statements of some work, whose changes are undone.
    public static Map<String, String> of(String url, Work work) throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(url + MODE, PostgreSql.USERNAME, "")) {
            connection.setAutoCommit(false);
            var plans = new Plans();
            work.in(plans.listening(Connection.class, connection));
            connection.rollback();
            return plans.explained(connection);
        }
    }

    /// The same connection, or a statement of it, whose statements are noted.
    private <T> T listening(Class<T> type, T of) {
        InvocationHandler handler =
                (_, method, arguments) -> {
                    if (arguments != null && arguments[0] instanceof String statement) {
                        statements.addAll(List.of(statement.split("; ")));
                    }
                    try {
                        Object result = method.invoke(of, arguments);
                        return method.getName().equals("createStatement")
                                ? listening(Statement.class, (Statement) result)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                };
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Map<String, String> explained(Connection connection) throws SQLException {
        var plans = new LinkedHashMap<String, String>();
        try (Statement explain = connection.createStatement()) {
            for (String statement : statements) {
                try (ResultSet rows =
                        explain.executeQuery(
                                "explain (generic_plan, costs off) " + numbered(statement))) {
                    var lines = new ArrayList<String>();
                    while (rows.next()) {
                        lines.add(rows.getString(1));
                    }
                    plans.put(statement, String.join("\n", lines));
                }
            }
        }
        return plans;
    }

    /// With parameters as the server knows them.
    private static String numbered(String statement) {
        String numbered = statement;
        for (int i = 1; numbered.contains("?"); i++) {
            numbered = numbered.replaceFirst("\\?", "\\$" + i);
        }
        return numbered;
    }
}
