package todomanager.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// Where a database is, and as whom it is used.
///
/// @param url `jdbc:postgresql://HOST[:PORT][,…]/DATABASE[?…]`
/// @param passwordFile is read for each connection, so that the password can change
public record Address(String url, String username, Optional<Path> passwordFile) {

    /// What the driver is told, unless the URL says otherwise, of connections for requests, whose
    /// clients don't wait for long. A statement must end before its socket is given up, or it would
    /// run on in the database.
    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "connectTimeout", "1", // seconds
                    "socketTimeout", "2",
                    "options", "-c statement_timeout=800 -c lock_timeout=500", // milliseconds
                    "tcpKeepAlive", "true",
                    "logServerErrorDetail", "false", // which has what people wrote
                    "ApplicationName", "todo-manager");

    /// Whether a driver takes the URL, and it has no `USER:PASSWORD@`, which the driver would take
    /// for a part of the host.
    public static boolean isUrl(String url) {
        try {
            return url.matches("(?s)jdbc:postgresql:[^@?]*(\\?.*)?")
                    && DriverManager.getDriver(url) != null;
        } catch (SQLException e) {
            return false;
        }
    }

    /// A connection of its own, for work that may take long.
    Connection connect() throws SQLException {
        return connect(Map.of("connectTimeout", "5"));
    }

    /// One that is there within a second or two, or not at all.
    Connection connectAtOnce() throws SQLException {
        return connect(Map.of("connectTimeout", "1", "socketTimeout", "1"));
    }

    private Connection connect(Map<String, String> timeOuts) throws SQLException {
        var properties = new Properties(); // over which the URL goes
        properties.putAll(timeOuts);
        properties.setProperty("user", username);
        properties.setProperty("password", password());
        return DriverManager.getConnection(url, properties);
    }

    void configure(HikariConfig config) {
        config.setJdbcUrl(url);
        DEFAULTS.forEach(config::addDataSourceProperty);
        config.setCredentialsProvider(() -> Credentials.of(username, password()));
    }

    /// The database says what it makes of one that can't be read.
    String password() {
        return passwordFile.map(Address::read).orElse("");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).stripTrailing();
        } catch (IOException e) {
            return "";
        }
    }

    /// Without what stands behind the path of the URL, which may be secret.
    @Override
    public String toString() {
        return url.replaceFirst("(?s)\\?.*", "");
    }
}
