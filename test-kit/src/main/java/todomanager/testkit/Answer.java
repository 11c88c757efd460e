package todomanager.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A whole HTTP/1.1 answer to a GET, read to its last byte and no further.
public record Answer(int status, SortedMap<String, String> headers, String body) {
    private static final Pattern LINE = Pattern.compile("(.*)\r\n");
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3}) .*");
    private static final Pattern HEADER = Pattern.compile("([^:\\s]+):\\s*(.*?)\\s*");
    private static final Pattern CONTENT_LENGTH = Pattern.compile("\\d{1,9}");
    private static final int LONGEST_LINE = 16_384; // bytes
    private static final int MOST_HEADERS = 100;

    /// Reads one that has a Content-Length, or a status that has no body.
    public static Answer read(InputStream in) throws IOException {
        int status = Integer.parseInt(matching(STATUS_LINE, line(in)).group(1));
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        int lines = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            Matcher header = matching(HEADER, line);
            headers.merge(header.group(1), header.group(2), (one, other) -> one + ", " + other);
            if (++lines > MOST_HEADERS) {
                throw new ProtocolException("too many headers");
            }
        }
        return new Answer(
                status, Collections.unmodifiableSortedMap(headers), body(in, status, headers));
    }

    /// Whether the server closes the connection after it.
    public boolean isLast() {
        return headers.getOrDefault("Connection", "").equalsIgnoreCase("close");
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        while (line.length() < LONGEST_LINE) {
            int read = in.read();
            if (read < 0) {
                throw new EOFException("the connection ends after \"" + line + '"');
            }
            line.append((char) read);
            if (read == '\n') {
                return matching(LINE, line).group(1);
            }
        }
        throw new ProtocolException("too long a line");
    }

    private static Matcher matching(Pattern pattern, CharSequence line) throws IOException {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new ProtocolException("malformed: \"" + line.toString().strip() + '"');
        }
        return matcher;
    }

    private static String body(InputStream in, int status, Map<String, String> headers)
            throws IOException {
        if (status == 204 || status == 304) {
            return "";
        }
        String length = headers.getOrDefault("Content-Length", "");
        if (!CONTENT_LENGTH.matcher(length).matches() || headers.containsKey("Transfer-Encoding")) {
            throw new ProtocolException("no single length: " + headers);
        }
        byte[] body = in.readNBytes(Integer.parseInt(length));
        if (body.length < Integer.parseInt(length)) {
            throw new EOFException("the connection ends in the body: " + headers);
        }
        return new String(body, UTF_8);
    }
}
