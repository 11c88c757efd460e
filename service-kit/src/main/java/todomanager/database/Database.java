package todomanager.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import todomanager.database.Address.Unusable;
import todomanager.database.Failure.Reason;
import todomanager.database.Tables.Update;

/// A database as requests use it: nobody waits for long, and what is answered is true.
///
/// A pool of connections stands behind a fair semaphore, since of many virtual threads the pool
/// itself lets some wait forever. Changes of one key wait for each other before they take a
/// connection, so that a key whose row is locked costs the others one connection at most.
///
/// All failures are answered as a [Problem]: 503 or 507 for what surely was not done, 504 for what
/// may have been.
public final class Database implements AutoCloseable {
    private static final Logger LOG = System.getLogger("todomanager");

    private static final Duration DEADLINE = Duration.ofSeconds(1); // for the last try to begin
    private static final Duration LONGEST_CONNECT = Duration.ofMillis(800);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250); // while it is away
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);
    private static final int MOST_TRIES = 6;
    private static final long PAUSE = 5_000_000; // nanoseconds, before the second try
    private static final int KEYS = 8192; // so that few of those who write meet by chance
    private static final int LONGEST_KEY = 440; // characters, as an index has room for two of them

    private final Address address;
    private final Schema schema;
    private final HikariDataSource pool;
    private final Semaphore permits;
    private final Semaphore[] keys =
            IntStream.range(0, KEYS)
                    .mapToObj(_ -> new Semaphore(1, true))
                    .toArray(Semaphore[]::new);
    private final DatabaseMetrics metrics;
    private final AtomicReference<@Nullable Away> away = new AtomicReference<>();
    private volatile boolean isChecked;

    /// Something that is done in a connection.
    public interface Work<R> {
        R in(Connection connection) throws SQLException;
    }

    /// What a change has come to, and what is to be written for it.
    public record Change<R>(R result, List<Update> updates) {}

    /// Why there was no connection, and when to try again.
    private record Away(SQLException why, long nextLook) {
        Away(SQLException why) {
            this(why, System.nanoTime() + BETWEEN_LOOKS.toNanos());
        }

        /// While somebody looks, which ends within this time.
        Away lookedFor() {
            return new Away(why, System.nanoTime() + LONGEST_LOOK.toNanos());
        }
    }

    /// @param schema of the tables that it must have
    /// @param connections at most
    public Database(Address address, Schema schema, int connections) {
        this.address = address;
        this.schema = schema;
        this.permits = new Semaphore(connections, true);
        this.metrics =
                new DatabaseMetrics(permits, connections, () -> isChecked ? schema.version() : 0);
        var config = new HikariConfig();
        config.setPoolName("database");
        address.configure(config);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0); // or it would try to connect ever more rarely while it can't
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(LONGEST_CONNECT.toMillis());
        config.setValidationTimeout(LONGEST_CONNECT.toMillis() / 2);
        config.setExceptionOverride(new LeaveStandby());
        this.pool = new HikariDataSource(config);
    }

    /// Nothing can be changed on a standby, so its connections go.
    private static final class LeaveStandby implements SQLExceptionOverride {
        @java.lang.Override
        public SQLExceptionOverride.Override adjudicate(SQLException thrown) {
            return new Failure(thrown).isOfStandby()
                    ? SQLExceptionOverride.Override.MUST_EVICT
                    : SQLExceptionOverride.Override.CONTINUE_EVICT;
        }
    }

    /// What work throws that finds something changed under its hands, to be done again.
    public static SQLException conflict() {
        return new SQLException("others have changed it meanwhile", Failure.SERIALIZATION);
    }

    /// Whether a database can keep such a key. A row of any other can't be there.
    public static boolean isKey(String text) {
        return text.indexOf('\0') < 0 && text.length() <= LONGEST_KEY;
    }

    /// Looks at the tables. A database that can't be reached may come later, and so may a free
    /// connection, as in a rollout, where pods that are about to end still have theirs.
    ///
    /// @throws Unusable if people have to mend something first
    public void requireUsable() {
        try (Connection connection = address.connectAtOnce()) {
            schema.require(connection);
            isChecked = true;
            borrow().close(); // or the first request would wait for one
        } catch (SQLException e) {
            var unusable = new Unusable(address, e);
            switch (new Failure(e).reason()) {
                case CONNECTION, CONNECTIONS, TIMEOUT ->
                        LOG.log(
                                Level.WARNING,
                                "{0}, each request tries again",
                                unusable.sentence());
                default -> throw unusable;
            }
        }
    }

    /// Reads by one statement, which is a transaction of its own.
    ///
    /// @param name of the work in metrics
    public <R> R read(String name, Work<R> work) {
        return metrics.time(name, () -> complete(work, false, deadline()));
    }

    /// Changes what belongs to a key, in one transaction.
    ///
    /// @param work reads, and says what to write. It is done again where others have changed the
    ///   same meanwhile; if it throws, nothing is changed
    public <R> R change(String name, String key, Work<Change<R>> work) {
        return metrics.time(
                name,
                () -> {
                    long deadline = deadline();
                    Semaphore turn = keys[key.hashCode() & (KEYS - 1)];
                    enter(turn, deadline);
                    try {
                        return complete(
                                connection -> commit(connection, work.in(connection)),
                                true,
                                deadline);
                    } finally {
                        turn.release();
                    }
                });
    }

    private static long deadline() {
        return System.nanoTime() + DEADLINE.toNanos();
    }

    private <R> R complete(Work<R> work, boolean isChange, long deadline) {
        for (int tries = 1; ; tries++) {
            try {
                return attempt(work, isChange, deadline);
            } catch (SQLException e) {
                boolean mayBeDone = e instanceof CommitFailed;
                var failure = new Failure(e);
                if (failure.reason() == Reason.CONNECTION) {
                    // the others have mostly ended, too
                    pool.getHikariPoolMXBean().softEvictConnections();
                }
                if (mayBeDone
                        || tries == MOST_TRIES
                        || deadline - System.nanoTime() < 0
                        || !isWorthAnother(failure)) {
                    metrics.failed(failure);
                    throw failure.problem(mayBeDone);
                }
                metrics.retried(failure);
                if (failure.isConflict()) {
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(PAUSE << tries));
                }
            }
        }
    }

    private boolean isWorthAnother(Failure failure) {
        return failure.isConflict()
                || (failure.reason() == Reason.CONNECTION && away.get() == null);
    }

    private <R> R attempt(Work<R> work, boolean isChange, long deadline) throws SQLException {
        enter(permits, deadline);
        try (Connection connection = connect()) {
            connection.setAutoCommit(!isChange);
            return work.in(connection);
        } catch (UncheckedSql e) {
            throw e.failure();
        } finally {
            permits.release();
        }
    }

    /// The transaction may be committed though nobody says so.
    private static <R> R commit(Connection connection, Change<R> change) throws SQLException {
        boolean isOne = change.updates.size() == 1;
        if (!isOne) {
            Update.executeAll(connection, change.updates);
        }
        try {
            if (isOne) {
                change.updates.getFirst().executeAndCommit(connection);
            }
            connection.commit(); // which the driver leaves out where that was done
            return change.result;
        } catch (SQLException e) {
            throw new Failure(e).isOfConnection() ? new CommitFailed(e) : e;
        }
    }

    @SuppressWarnings("serial") // it never leaves the process
    private static final class CommitFailed extends SQLException {
        CommitFailed(SQLException cause) {
            super(cause);
        }
    }

    private void enter(Semaphore semaphore, long deadline) {
        try {
            if (semaphore.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var failure = new Failure(new SQLException("no turn within a second", Failure.NO_LOCK));
        metrics.failed(failure);
        throw failure.problem(false);
    }

    private Connection connect() throws SQLException {
        Away seen = away.get();
        if (seen != null) {
            look(seen);
        }
        Connection connection = borrow();
        if (!isChecked) {
            requireSchema(connection);
        }
        return connection;
    }

    /// While the database is away, one request at a time looks whether it is back; the others fail
    /// at once. It does not ask the pool, which waits though it is refused, and ever longer.
    private void look(Away seen) throws SQLException {
        if (System.nanoTime() - seen.nextLook < 0 || !away.compareAndSet(seen, seen.lookedFor())) {
            throw seen.why;
        }
        try {
            address.connectAtOnce().close();
            away.set(null);
            LOG.log(Level.INFO, "{0}: the database can be reached again", address);
        } catch (SQLException e) {
            away.set(new Away(e));
            throw e;
        }
    }

    private Connection borrow() throws SQLException {
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            if (pool.getHikariPoolMXBean().getTotalConnections() == 0) {
                away.set(new Away(e));
            }
            throw e;
        }
    }

    private void requireSchema(Connection connection) throws SQLException {
        try {
            schema.require(connection);
            isChecked = true;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public String toString() {
        return address.toString();
    }

    @Override
    public void close() {
        pool.close();
    }
}
