package todomanager.wire;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what a client sends, as Helidon asks for it, with each request line as it should be.
///
/// Helidon finds the end of the request line, takes so many bytes, reads headers and then the body.
/// Of a chunked body it takes a line, so many bytes, and two bytes without a look at them.
@SuppressWarnings("removal") // of the constructor, in place of which there is none to inherit
final class RequestReader extends DataReader {
    private static final int MOST_TRAILERS = 100;
    private static final int LONGEST_LINE = 4_096; // bytes, of a chunked body
    private static final Pattern LINE =
            Pattern.compile("[\\t\\x20-\\x7E\\uFFFD]*"); // U+FFFD: no ASCII
    private static final Pattern CHUNK_SIZE =
            Pattern.compile("0*([0-9A-Fa-f]{1,7})[ \\t]*(?:;.*)?");

    private boolean betweenRequests = true;
    private boolean inRequestLine;
    private boolean beforeChunk;
    private boolean behindLastChunk;
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
        inRequestLine = betweenRequests;
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

    /// A line of a chunked body: the size of a chunk, without the extensions that nobody knows
    /// here, or the empty line behind the last chunk and its trailer, which nobody reads (RFC 9112,
    /// section 7.1).
    @Override
    public String readLine() {
        String line = line();
        if (behindLastChunk) {
            for (int i = 0; i < MOST_TRAILERS && !line.isEmpty(); i++) {
                line = line();
            }
            behindLastChunk = false;
            require(line.isEmpty());
            return line;
        }
        Matcher size = CHUNK_SIZE.matcher(line);
        require(size.matches());
        behindLastChunk = Integer.parseInt(size.group(1), 16) == 0;
        beforeChunk = !behindLastChunk;
        return size.group(1);
    }

    /// Not of any length, as Helidon's are: one line could take all memory there is.
    private String line() {
        int end = super.findNewLine(LONGEST_LINE);
        require(end < LONGEST_LINE);
        String line = readAsciiString(end);
        skip(2);
        require(LINE.matcher(line).matches());
        return line;
    }

    @Override
    public BufferData readBuffer(int length) {
        BufferData chunk = super.readBuffer(length);
        require(!beforeChunk || startsWithNewLine());
        beforeChunk = false;
        return chunk;
    }

    /// Where a body that is malformed ends, and the next request begins, nobody knows.
    private static void require(boolean wellFormed) {
        if (!wellFormed) {
            throw new CloseConnectionException("a chunked body is malformed");
        }
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
