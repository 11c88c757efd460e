package todomanager.system.writing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.stream.Stream;
import todomanager.testkit.Answer;

/// A client that keeps its connection, and sends each request once.
public final class Client implements AutoCloseable {
    private static final int PATIENCE = 20_000; // milliseconds; whoever waits longer has failed

    private final Socket socket;
    private final InputStream in;

    public Client(URI service) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), service.getPort());
        socket.setSoTimeout(PATIENCE);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /// Sends a request with a body in JSON, or without one where it is empty.
    ///
    /// @param headers lines of more headers
    public Answer send(String method, String path, String body, String... headers)
            throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        String head =
                "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n"
                        .formatted(
                                method,
                                path,
                                bytes.length,
                                Stream.of(headers)
                                        .map(header -> header + "\r\n")
                                        .collect(joining()));
        socket.getOutputStream().write((head + body).getBytes(UTF_8));
        return Answer.read(in);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
