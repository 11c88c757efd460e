package todomanager.user.todo;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.Security;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Opens connections to one server, each within 0.8 s.
final class Connector {
    /// Of the second that a call has. To look a name up and to connect took over half a second at
    /// times on a node whose processors had none to spare.
    private static final Duration DEADLINE = Duration.ofMillis(800);

    /// For one address. A cluster's takes a millisecond, and Linux gives a lost packet a second;
    /// one of a Service without endpoints may say nothing, since its refusals are limited in rate.
    private static final Duration HANDSHAKE_DEADLINE = Duration.ofMillis(75);

    /// The same for the only address of a server that has answered just now, such as a Service's:
    /// then it may be the processor that is busy. Two tries leave room in [#DEADLINE] for the name.
    private static final Duration PATIENT_HANDSHAKE_DEADLINE = Duration.ofMillis(250);

    private static final Duration JUST_NOW = Duration.ofSeconds(1);
    private static final int MOST_AT_ONCE = 128;

    static {
        // seconds; Java's own 30 and 10 would hold on to an address, or to there being none
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private final String authority;
    private final String host;
    private final int port;
    private final ConnectionPool pool;
    private final Semaphore permits = new Semaphore(MOST_AT_ONCE);
    private volatile long answered = System.nanoTime() - JUST_NOW.toNanos();

    /// @param server `http://HOST[:PORT]`
    /// @param pool takes the connections that come too late for their calls
    Connector(URI server, ConnectionPool pool) {
        this.authority = server.getRawAuthority();
        this.host = server.getHost();
        this.port = server.getPort() < 0 ? 80 : server.getPort();
        this.pool = pool;
    }

    /// Notes that the server is there.
    void hasAnswered() {
        answered = System.nanoTime();
    }

    /// How many connections are being opened.
    int connecting() {
        return MOST_AT_ONCE - permits.availablePermits();
    }

    /// Connects on a thread of its own, since nothing ends the look-up of a name; only so many, or
    /// the look-ups of a name server that does not answer would fill the memory.
    ///
    /// @param deadline of the call, by [System#nanoTime()]
    /// @throws ConnectException if there is no connection in time
    PooledConnection connect(long deadline) throws ConnectException {
        long until = Math.min(System.nanoTime() + DEADLINE.toNanos(), deadline);
        var connection = new CompletableFuture<PooledConnection>();
        if (!mayConnect(until)) {
            throw new ConnectException(authority + ": too many calls connect");
        }
        try {
            Thread.startVirtualThread(() -> connect(connection));
        } catch (OutOfMemoryError e) {
            permits.release();
            throw e;
        }
        long left = until - System.nanoTime();
        try {
            return connection.orTimeout(left, TimeUnit.NANOSECONDS).join();
        } catch (CompletionException e) {
            throw new ConnectException(authority + ": " + e.getCause());
        }
    }

    /// Waits for a permit: a call that failed at once would make room for the next one that does,
    /// and a thread of Java's scheduler that is never done with those starts no other that
    /// connects.
    private boolean mayConnect(long until) {
        try {
            return permits.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void connect(CompletableFuture<PooledConnection> connection) {
        try {
            var opened = new PooledConnection(open(), pool.now());
            boolean isInTime = connection.complete(opened);
            if (!isInTime) {
                pool.keepLast(opened);
            }
        } catch (IOException | RuntimeException e) {
            connection.completeExceptionally(e);
        } finally {
            permits.release();
        }
    }

    /// An address may be a Service's, which stands for several servers, one of which may be about
    /// to end: so the only address of a server that has answered just now is tried again.
    private Socket open() throws IOException {
        InetAddress[] addresses = InetAddress.getAllByName(host);
        boolean again = addresses.length == 1 && System.nanoTime() - answered < JUST_NOW.toNanos();
        Duration patience = again ? PATIENT_HANDSHAKE_DEADLINE : HANDSHAKE_DEADLINE;
        IOException failure = null;
        int tries = again ? 2 : addresses.length;
        for (int i = 0; i < tries; i++) {
            InetAddress address = addresses[i % addresses.length];
            var socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address, port), (int) patience.toMillis());
                return socket;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure == null ? new ConnectException("no address") : failure;
    }
}
