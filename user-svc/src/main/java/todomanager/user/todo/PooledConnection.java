package todomanager.user.todo;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

/// A connection that can tell whether its server has said more than it was asked: the next call on
/// the connection would take that for its answer.
final class PooledConnection extends DefaultBHttpClientConnection {
    private static final int MOST_INTERIM_ANSWERS = 10;
    private static final Duration TRUSTED = Duration.ofSeconds(1);
    private static final Http1Config LIMITS =
            Http1Config.custom()
                    .setBufferSize(4_096) // bytes, three times for a connection
                    .setMaxLineLength(8_192)
                    .setMaxHeaderCount(100)
                    .build();

    private final Socket socket;
    private @Nullable SessionInputBuffer input;
    private int interimAnswers;
    private volatile long idleSince; // nanoseconds

    PooledConnection(Socket socket, long now) throws IOException {
        super(LIMITS);
        this.socket = socket;
        this.idleSince = now;
        bind(socket);
    }

    @Override
    protected InputStream createContentInputStream(
            long length, SessionInputBuffer buffer, InputStream stream) {
        input = buffer;
        return super.createContentInputStream(length, buffer, stream);
    }

    /// An endless row of interim answers (RFC 9110, section 15.2) would keep a processor busy.
    @Override
    public ClassicHttpResponse receiveResponseHeader() throws HttpException, IOException {
        try {
            var response = super.receiveResponseHeader();
            interimAnswers = response.getCode() < 200 ? interimAnswers + 1 : 0;
            if (interimAnswers <= MOST_INTERIM_ANSWERS) {
                return response;
            }
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("no such status", e);
        }
        throw new ProtocolException("over " + MOST_INTERIM_ANSWERS + " interim answers");
    }

    void idlesFrom(long now) {
        idleSince = now;
    }

    /// In nanoseconds, until now.
    long idleTime(long now) {
        return now - idleSince;
    }

    /// As far as is known without asking the socket, which is a system call.
    boolean hasSaidMore() {
        return input == null
                ? getEndpointDetails().getReceivedBytesCount() > 0
                : input.length() > 0;
    }

    /// To ask whether the server has hung up takes a millisecond, so a connection that was in use
    /// just now is not asked.
    ///
    /// @param isAsked whether it is asked all the same
    boolean isUsable(long now, boolean isAsked) {
        try {
            boolean isTrusted = !isAsked && idleTime(now) <= TRUSTED.toNanos();
            return (isTrusted || !isStale()) && isQuiet();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isQuiet() throws IOException {
        return !hasSaidMore() && socket.getInputStream().available() == 0;
    }
}
