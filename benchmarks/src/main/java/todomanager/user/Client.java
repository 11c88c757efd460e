package todomanager.user;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sends GET requests over one connection, all of them answered with the same number of bytes, so
/// that it has nothing to parse or allocate: what is allocated is the service's.
final class Client implements AutoCloseable {
    private static final Pattern LENGTH =
            Pattern.compile("(?i)\r\nContent-Length: *(\\d+)\r\n.*\r\n\r\n", Pattern.DOTALL);
    private static final int STATUS = "HTTP/1.1 ".length();

    private final Socket socket;
    private final byte[] answer;

    /// @param example of the requests, sent to learn the length of an answer
    Client(int port, byte[] example) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(example);
        var head = new StringBuilder();
        Matcher length = LENGTH.matcher(head);
        do {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("no answer but " + head);
            }
            head.append((char) next);
        } while (!length.reset().find());
        int body = Integer.parseInt(length.group(1));
        socket.getInputStream().skipNBytes(body);
        answer = new byte[head.length() + body];
    }

    static byte[] request(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(ISO_8859_1);
    }

    /// The whole answer, until the next one takes its place.
    byte[] get(byte[] request, char status) throws IOException {
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
