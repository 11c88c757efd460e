package todomanager.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sends requests over one connection, all of them answered with the same number of bytes, so that
/// it has nothing to parse or allocate: what is allocated is the service's.
public final class Client implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: *(\\d+)\r\n");
    private static final int STATUS = "HTTP/1.1 ".length();

    private final Socket socket;
    private final byte[] answer;

    /// @param example of the requests, sent to learn the length of an answer
    public Client(int port, byte[] example) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(example);
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("no answer but " + head);
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        int body = length.find() ? Integer.parseInt(length.group(1)) : 0; // as with 204
        socket.getInputStream().skipNBytes(body);
        answer = new byte[head.length() + body];
    }

    public static byte[] request(String path) {
        return request("GET", path, "");
    }

    /// A request with a body of JSON, or with none where that is empty.
    public static byte[] request(String method, String path, String body) {
        String ofBody =
                body.isEmpty()
                        ? ""
                        : "Content-Type: application/json\r\nContent-Length: %d\r\n"
                                .formatted(body.length());
        return "%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n%s"
                .formatted(method, path, ofBody, body)
                .getBytes(ISO_8859_1);
    }

    /// The whole answer, until the next one takes its place.
    public byte[] send(byte[] request, char status) throws IOException {
        socket.getOutputStream().write(request);
        int read = socket.getInputStream().readNBytes(answer, 0, answer.length);
        if (read < answer.length || answer[0] != 'H' || answer[STATUS] != status) {
            throw new IOException("not the answer: " + new String(answer, ISO_8859_1));
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
