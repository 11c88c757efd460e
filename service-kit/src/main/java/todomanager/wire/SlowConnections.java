package todomanager.wire;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the connections of a port, and ends that of a client that never finishes its request or
/// never reads its answer, as Helidon itself ends one that idles. What it does about the former is
/// to let the request finish first, however long that takes; it does so again each
/// `idle-connection-period`, and here the second time is final.
///
/// @param open how many there are now
public record SlowConnections(ServerConnectionSelector http1, AtomicInteger open)
        implements ServerConnectionSelector {
    @Override
    public int bytesToIdentifyConnection() {
        return http1.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http1.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http1.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new Connection(http1.connection(RequestContext.of(context)));
    }

    private final class Connection implements ServerConnection {
        private final ServerConnection http1;
        private volatile boolean asked;

        Connection(ServerConnection http1) {
            this.http1 = http1;
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            open.incrementAndGet();
            try {
                http1.handle(limit);
            } finally {
                open.decrementAndGet();
            }
        }

        @Override
        public Duration idleTime() {
            return http1.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            http1.close(interrupt || asked);
            asked = true;
        }
    }
}
