package todomanager.database;

import static java.util.Map.entry;

import io.helidon.http.Status;
import java.io.FileNotFoundException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import todomanager.http.Problem;
import todomanager.text.SafeText;

/// What a failure of the database means, by its SQLSTATE.
final class Failure {
    static final String SERIALIZATION = "40001";
    static final String NO_LOCK = "55P03";
    private static final String STANDBY = "25006";

    /// Of a state, or of those that begin so.
    private static final Map<String, Reason> REASONS =
            Map.ofEntries(
                    entry(SERIALIZATION, Reason.SERIALIZATION),
                    entry("40P01", Reason.DEADLOCK),
                    entry("23505", Reason.DUPLICATE),
                    entry(NO_LOCK, Reason.TIMEOUT),
                    entry("57014", Reason.TIMEOUT),
                    entry("25P04", Reason.TIMEOUT),
                    entry("08", Reason.CONNECTION),
                    entry("0A000", Reason.CONNECTION), // it has a plan of older tables
                    entry("25P03", Reason.CONNECTION),
                    entry("55000", Reason.CONNECTION), // the database takes none
                    entry("57P", Reason.CONNECTION),
                    entry("58", Reason.CONNECTION), // of the server's system
                    entry(STANDBY, Reason.CONNECTION),
                    entry("53", Reason.CONNECTIONS),
                    entry("53100", Reason.DISK),
                    entry("08004", Reason.ACCESS), // there is no password to give
                    entry("28000", Reason.ACCESS),
                    entry("28P01", Reason.ACCESS),
                    entry("3D000", Reason.ACCESS),
                    entry("42501", Reason.ACCESS),
                    entry("42P01", Reason.SCHEMA));

    private final SQLException exception;
    private final String state;
    private final Reason reason;

    /// Why something failed, as metrics tell it apart.
    enum Reason {
        /// Others have changed the same meanwhile; what is tried again sees that.
        SERIALIZATION,
        DEADLOCK,
        DUPLICATE,

        /// A statement took too long, or waited too long for others.
        TIMEOUT,

        /// There is none, or it has ended; another may be of use.
        CONNECTION,

        /// The server takes no more, or has no means for more.
        CONNECTIONS,
        DISK,

        /// The user, the password, their rights or the certificate are not enough.
        ACCESS,

        /// The tables are not there, or of another version.
        SCHEMA,

        /// A bug.
        OTHER
    }

    /// What is found by looking, and not by the driver.
    @SuppressWarnings("serial") // it never leaves the process
    static final class Found extends SQLException {
        private final Reason reason;

        /// @param sentence says what is wrong and what to do
        Found(Reason reason, String sentence) {
            super(sentence);
            this.reason = reason;
        }
    }

    /// @param thrown by the driver, or by the pool because of that
    Failure(SQLException thrown) {
        this.exception = thrown.getCause() instanceof SQLException cause ? cause : thrown;
        this.state = Optional.ofNullable(exception.getSQLState()).orElse("08000");
        this.reason = reason(exception, state);
    }

    private static Reason reason(SQLException exception, String state) {
        if (exception instanceof Found found) {
            return found.reason;
        }
        if (isCausedBy(exception, GeneralSecurityException.class)
                || isCausedBy(exception, FileNotFoundException.class)) {
            return Reason.ACCESS; // for a certificate, which people have to mend
        }
        return Stream.of(state, state.substring(0, 3), state.substring(0, 2))
                .map(REASONS::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Reason.OTHER);
    }

    private static boolean isCausedBy(Throwable thrown, Class<?> type) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .anyMatch(type::isInstance);
    }

    Reason reason() {
        return reason;
    }

    boolean isConflict() {
        return switch (reason) {
            case SERIALIZATION, DEADLOCK, DUPLICATE -> true;
            default -> false;
        };
    }

    /// Whether nobody has said what became of the statement, since the connection has ended.
    boolean isOfConnection() {
        return state.startsWith("08") || state.startsWith("57P");
    }

    boolean isOfStandby() {
        return state.equals(STANDBY);
    }

    /// What is wrong and what to do, for whoever runs the service.
    String sentence() {
        if (exception instanceof Found) {
            return String.valueOf(exception.getMessage());
        }
        return "the database "
                + switch (state) {
                    case "28P01", "28000" ->
                            "refuses the user or the password: check data.username and data.password.file";
                    case "3D000" -> "is not on its server: check data.url, or create it";
                    case "42P01" -> "lacks a table: run migrate";
                    case "42501" ->
                            "refuses the user a table: grant select, insert, update and delete, or to migrate, create on its schema"
                                    + " (%s)".formatted(said());
                    case "53100" -> "has no room left on its disk";
                    case "53300" ->
                            "takes no more connections: raise its max_connections, or lower data.connections";
                    case NO_LOCK, "57014" ->
                            "takes too long: see its pg_stat_activity for load, and for transactions that go on";
                    case "57P03" -> "is starting or stopping";
                    case STANDBY ->
                            "can only be read there: add targetServerType=primary to data.url, or turn its default_transaction_read_only off";
                    default -> otherSentence();
                };
    }

    private String otherSentence() {
        if (isCausedBy(exception, GeneralSecurityException.class)) {
            return "has a certificate that is not trusted: check sslrootcert and sslmode in data.url";
        }
        if (exception instanceof SQLTransientConnectionException) {
            return "gave no connection in time: is it up, and can it be reached?"; // says the pool
        }
        return exception.getCause() instanceof UnknownHostException
                ? "is on a host whose name does not resolve: check data.url"
                : "failed: " + said();
    }

    private String said() {
        return SafeText.oneLine(String.valueOf(exception.getMessage()));
    }

    /// What a client is told of it.
    ///
    /// @param mayBeDone whether what was asked for may be done all the same
    RuntimeException problem(boolean mayBeDone) {
        var cause = new SQLException(sentence(), state, exception);
        if (mayBeDone) {
            return new Problem(
                    Status.GATEWAY_TIMEOUT_504,
                    "It is not known whether this was done: ask for it, and try again if it was not.",
                    cause);
        }
        return switch (reason) {
            case SERIALIZATION, DEADLOCK, DUPLICATE -> notDone("Others change the same", cause);
            case TIMEOUT -> notDone("The database takes too long", cause);
            case CONNECTION -> notDone("The database can't be reached", cause);
            case CONNECTIONS, ACCESS, SCHEMA -> notDone("The database can't be used", cause);
            case DISK ->
                    new Problem(
                            Status.INSUFFICIENT_STORAGE_507,
                            "The database has no room left: nothing was changed; try again later.",
                            cause);
            case OTHER -> new IllegalStateException(exception);
        };
    }

    private static Problem notDone(String why, SQLException cause) {
        return new Problem(
                Status.SERVICE_UNAVAILABLE_503,
                why + ": nothing was changed; try again in a moment.",
                cause);
    }
}
