package todomanager.wire;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads what a client sends, as Helidon asks for it, with each request line as it should be.
///
/// Helidon finds the end of the request line, takes so many bytes, reads headers and then the body,
/// of which it takes lines without a limit.
@SuppressWarnings("removal") // of the constructor, in place of which there is none to inherit
final class RequestReader extends DataReader {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private boolean betweenRequests = true;
    private boolean inRequestLine;
    private @Nullable HttpPrologue prologue;

    /// @param socket has what the client sends
    RequestReader(DataReader socket) {
        super(() -> next(socket));
    }

    private static byte[] next(DataReader socket) {
        socket.ensureAvailable();
        return socket.readBytes(socket.available());
    }

    static RequestReader of(ConnectionContext connection) {
        return (RequestReader) connection.dataReader();
    }

    /// Empty lines before a request are skipped (RFC 9112, section 2.2).
    @Override
    public int findNewLine(int max) {
        inRequestLine = betweenRequests && max != NO_LIMIT;
        while (inRequestLine && startsWithNewLine()) {
            skip(2);
        }
        return super.findNewLine(max);
    }

    @Override
    public byte[] readBytes(int length) {
        byte[] bytes = super.readBytes(length);
        return inRequestLine ? RequestLine.normalized(bytes) : bytes;
    }

    void began(HttpPrologue request) {
        betweenRequests = false;
        inRequestLine = false;
        prologue = request;
    }

    /// Behind the headers, there are the body and the next request.
    HttpPrologue headersEnded() {
        betweenRequests = true;
        return Objects.requireNonNull(prologue);
    }
}
