package todomanager.user.todo;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.LongSupplier;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/// The idle connections to one server, the last one that was used first.
final class ConnectionPool {
    private static final int MOST = 128;
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(30);

    private final LinkedBlockingDeque<PooledConnection> idle = new LinkedBlockingDeque<>(MOST);
    private final LongSupplier nanoTime;

    /// @param nanoTime tells how long a connection has been idle
    ConnectionPool(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    int size() {
        return idle.size();
    }

    /// A connection for a call, or none: then the call needs a new one.
    ///
    /// @param isOnlyTry whether the call can't be made again on another
    @Nullable PooledConnection take(boolean isOnlyTry) {
        PooledConnection last = idle.pollFirst();
        if (last == null || last.isUsable(now(), isOnlyTry)) {
            return last;
        }
        giveUp(last, now());
        return null;
    }

    /// Keeps a connection for the next call.
    void keep(PooledConnection used) {
        used.idlesFrom(now());
        if (!idle.offerFirst(used)) {
            used.close(CloseMode.IMMEDIATE);
        }
    }

    /// Keeps a connection that came too late for its call, and has proved nothing as yet.
    void keepLast(PooledConnection unused) {
        if (!idle.offerLast(unused)) {
            unused.close(CloseMode.IMMEDIATE);
        }
    }

    /// Closes a connection that is of no use, and those that may be no better: they have been idle
    /// since before it was asked.
    void giveUp(PooledConnection broken, long asked) {
        broken.close(CloseMode.IMMEDIATE);
        for (PooledConnection old : idle) {
            if (old.idleTime(asked) >= 0 && idle.remove(old)) {
                old.close(CloseMode.IMMEDIATE);
            }
        }
    }

    /// Closes the connections of a time with more calls, before the server does: it can't make us
    /// free what a connection has here.
    void closeLongIdle() {
        long now = now();
        PooledConnection last = idle.peekLast();
        while (last != null && last.idleTime(now) > LONGEST_IDLE.toNanos()) {
            if (idle.remove(last)) {
                last.close(CloseMode.IMMEDIATE);
            }
            last = idle.peekLast();
        }
    }

    void close() {
        for (PooledConnection last = idle.poll(); last != null; last = idle.poll()) {
            last.close(CloseMode.GRACEFUL);
        }
    }
}
