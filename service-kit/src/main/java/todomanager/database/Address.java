package todomanager.database;

import static java.util.stream.Collectors.toMap;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import todomanager.database.Failure.Reason;
import todomanager.text.SafeText;

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

    /// What is wrong with a URL. The driver ignores parameters that it does not know.
    public static Optional<String> fault(String url) {
        if (!isUrl(url)) {
            return Optional.of(
                    "not the address of a database; give jdbc:postgresql://HOST:PORT/DATABASE");
        }
        List<String> names =
                Stream.of(url.replaceFirst("[^?]*[?]?", "").split("&"))
                        .map(parameter -> parameter.replaceFirst("(?s)=.*", ""))
                        .filter(name -> !name.isEmpty())
                        .toList();
        if (names.stream().anyMatch(name -> name.matches("(?i)(ssl)?password"))) {
            return Optional.of(
                    "has a password, which others can read; give a file as data.password.file");
        }
        if (names.stream().anyMatch("user"::equalsIgnoreCase)) {
            return Optional.of("has a user; give it as data.username");
        }
        Map<String, DriverPropertyInfo> known = known(url);
        return names.stream().flatMap(name -> fault(name, known.get(name)).stream()).findFirst();
    }

    /// Whether a driver takes it, and it has no `USER:PASSWORD@`, which the driver would take for a
    /// part of the host.
    private static boolean isUrl(String url) {
        try {
            return url.matches("(?s)jdbc:postgresql:[^@?]*(\\?.*)?")
                    && DriverManager.getDriver(url) != null;
        } catch (SQLException e) {
            return false;
        }
    }

    private static Map<String, DriverPropertyInfo> known(String url) {
        return UncheckedSql.of(() ->
                Stream.of(DriverManager.getDriver(url).getPropertyInfo(url, new Properties()))
                        .collect(toMap(info -> info.name, info -> info)));
    }

    private static Optional<String> fault(String name, @Nullable DriverPropertyInfo parameter) {
        if (parameter == null) {
            return Optional.of(
                    "has the parameter %s, which the driver does not know; check its spelling"
                            .formatted(SafeText.quoted(name)));
        }
        return parameter.choices == null || isOneOf(parameter)
                ? Optional.empty()
                : Optional.of(
                        "has no %s that the driver knows; give %s"
                                .formatted(name, String.join(", ", parameter.choices)));
    }

    /// Or several of them, as `requireAuth` may be.
    private static boolean isOneOf(DriverPropertyInfo parameter) {
        return Stream.of(parameter.value.split(","))
                .allMatch(value -> Stream.of(parameter.choices).anyMatch(value::equalsIgnoreCase));
    }

    /// A connection of its own, for work that may take long.
    Connection connect() throws SQLException {
        return connect(Map.of("connectTimeout", "5", "loginTimeout", "10"));
    }

    /// One that is there within a second or two, or not at all.
    Connection connectAtOnce() throws SQLException {
        return connect(Map.of("connectTimeout", "1", "socketTimeout", "1"));
    }

    private Connection connect(Map<String, String> timeOuts) throws SQLException {
        var properties = new Properties(); // over which the URL goes
        properties.putAll(timeOuts);
        properties.setProperty("user", username);
        properties.setProperty("password", requiredPassword());
        return DriverManager.getConnection(url, properties);
    }

    void configure(HikariConfig config) {
        config.setJdbcUrl(url);
        DEFAULTS.forEach(config::addDataSourceProperty);
        config.setCredentialsProvider(() -> Credentials.of(username, password()));
    }

    private String requiredPassword() throws SQLException {
        try {
            return readPassword();
        } catch (IOException e) {
            throw new Failure.Found(
                    Reason.ACCESS,
                    "the file of the password can't be read: check data.password.file ("
                            + SafeText.oneLine(e.toString())
                            + ")");
        }
    }

    /// The database says what it makes of none.
    String password() {
        try {
            return readPassword();
        } catch (IOException e) {
            return "";
        }
    }

    private String readPassword() throws IOException {
        return passwordFile.isPresent() ? Files.readString(passwordFile.get()).stripTrailing() : "";
    }

    /// Without what stands behind the path of the URL, which may be secret.
    @Override
    public String toString() {
        return url.replaceFirst("(?s)\\?.*", "");
    }

    /// Why the database there can't be used, in words for whoever runs the service.
    @SuppressWarnings("serial") // it never leaves the process
    public static final class Unusable extends RuntimeException {
        Unusable(Address address, SQLException cause) {
            super(address + ": " + new Failure(cause).sentence(), cause);
        }

        /// What is wrong and what to do.
        public String sentence() {
            return String.valueOf(getMessage());
        }
    }
}
