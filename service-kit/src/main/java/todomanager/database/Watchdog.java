package todomanager.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import todomanager.database.Database.Work;

/// Ends connections whose server is silent, in the place of their sockets' time-out: each read with
/// that would cost a virtual thread a timer, and a query a quarter of its processor time.
final class Watchdog implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private final Map<Connection, Long> deadlines = new ConcurrentHashMap<>();
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("database-watchdog").daemon().factory());

    Watchdog() {
        var _ =
                looks.scheduleWithFixedDelay(
                        this::look, 0, BETWEEN_LOOKS.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Does the work, which may take as long in all as the socket's time-out is; that is back where
    /// the connection goes back to the pool.
    <R> R watch(Connection connection, Work<R> work) throws SQLException {
        int patience = connection.getNetworkTimeout();
        if (patience == 0) {
            return work.in(connection);
        }
        connection.setNetworkTimeout(Runnable::run, 0);
        deadlines.put(connection, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patience));
        try {
            return work.in(connection);
        } finally {
            deadlines.remove(connection);
        }
    }

    private void look() {
        deadlines.forEach((connection, deadline) -> {
            if (System.nanoTime() - deadline > 0 && deadlines.remove(connection, deadline)) {
                abort(connection);
            }
        });
    }

    /// So what waits for it fails.
    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException e) {
            // it has ended already; with more than this, nobody would look again
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
