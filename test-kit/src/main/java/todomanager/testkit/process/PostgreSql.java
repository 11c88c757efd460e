package todomanager.testkit.process;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/// A PostgreSQL server, which the tests of a module share; each takes a database of its own.
public final class PostgreSql {
    public static final String USERNAME = "postgres";

    /// Kept, or what is set of them would be forgotten.
    private static final List<Logger> QUIET =
            Stream.of("io.zonky", "org.flywaydb", "com.zaxxer").map(Logger::getLogger).toList();

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private PostgreSql() {}

    /// Runs already, or starts with the first database that is made.
    private static final class Shared {
        static final int PORT =
                Optional.ofNullable(Integer.getInteger("postgresql.port")).orElseGet(Shared::start);

        private static int start() {
            quiet();
            try {
                return EmbeddedPostgres.builder()
                        .setPGStartupWait(Duration.ofMinutes(2))
                        .start() // it ends with this Java
                        .getPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Has nothing be said of what is no failure.
    static void quiet() {
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
    }

    /// Makes an empty database.
    ///
    /// @return its URL
    public static String database() {
        long process = ProcessHandle.current().pid(); // another may use the server, too
        String name = "test_%d_%d".formatted(process, DATABASES.incrementAndGet());
        execute(url(USERNAME), "create database " + name);
        return url(name);
    }

    /// Does something in a database, as its owner.
    public static void execute(String url, String statement) {
        try (Connection connection = DriverManager.getConnection(url, USERNAME, "");
                Statement execution = connection.createStatement()) {
            execution.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    /// From its next connection on, transactions fail that would only wait for each other.
    public static void makeSerializable(String url) {
        execute(
                url,
                "alter database %s set default_transaction_isolation = 'serializable'"
                        .formatted(url.replaceFirst(".*/", "")));
    }

    private static String url(String database) {
        return "jdbc:postgresql://localhost:" + Shared.PORT + "/" + database;
    }
}
