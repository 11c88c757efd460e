package todomanager.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A todo-svc that answers what a test wants, byte by byte, and remembers what it was asked. It has
/// platform threads, since a load of the same process would keep virtual ones from their times.
public final class StubTodoService implements AutoCloseable {
    /// The revision that its answers bear.
    public static final String REVISION = "0123456789abcdef";

    private final ServerSocket server;
    private final Thread acceptor;
    private final Map<Socket, Thread> connections = new ConcurrentHashMap<>();
    private final AtomicInteger connectionsInAll = new AtomicInteger();
    private final List<String> requestLines = new CopyOnWriteArrayList<>();
    private final List<String> headers = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour = StubTodoService::hangUp;

    /// What it does about a request; an exception ends the connection.
    public interface Behaviour {
        void answer(Socket connection) throws IOException;
    }

    public StubTodoService() {
        try {
            server = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acceptor = Thread.ofPlatform().daemon().start(this::accept);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    public List<String> requestLines() {
        return requestLines;
    }

    /// The header lines of all requests.
    public List<String> headers() {
        return headers;
    }

    public void behaves(Behaviour behaviour) {
        this.behaviour = behaviour;
    }

    public void answers(String response) {
        behaves(connection -> write(connection, response));
    }

    /// Answers with a whole response and keeps the connection.
    public void answers(String status, String contentType, String body) {
        behaves(answer(status, contentType, body));
    }

    public static Behaviour answer(String status, String contentType, String body) {
        String response =
                "HTTP/1.1 "
                        + status
                        + "\r\nContent-Type: "
                        + contentType
                        + "\r\nX-Data-Revision: "
                        + REVISION
                        + "\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body;
        return connection -> write(connection, response);
    }

    public static void write(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /// Says no more, until the other side has had enough.
    public static void hang(Socket connection) throws IOException {
        connection.getInputStream().readAllBytes();
    }

    /// Lets time pass, unless the other side has had enough.
    public static boolean waits(Socket connection, Duration time) throws IOException {
        connection.setSoTimeout((int) time.toMillis());
        try {
            return connection.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            connection.setSoTimeout(0);
        }
    }

    /// Goes on with its headers for ever, a byte now and then.
    public static void dribble(Socket connection) throws IOException {
        write(connection, "HTTP/1.1 200 OK\r\nX: ");
        while (waits(connection, Duration.ofMillis(10))) {
            write(connection, "x");
        }
    }

    /// Goes on with its body for ever.
    public static void flood(Socket connection) throws IOException {
        write(
                connection,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (true) {
            write(connection, "1000\r\n" + " ".repeat(4096) + "\r\n");
        }
    }

    public static void hangUp(Socket connection) throws IOException {
        connection.close();
    }

    public static void reset(Socket connection) throws IOException {
        connection.setSoLinger(true, 0);
        connection.close();
    }

    /// How many connections there have been.
    public int connectionsInAll() {
        return connectionsInAll.get();
    }

    /// Says something unasked, on each connection that is open.
    public void say(String text) throws IOException {
        for (Socket connection : connections.keySet()) {
            write(connection, text);
        }
    }

    /// Closes the connections that are open, as a restart would, and reads no more from them.
    public void dropConnections() throws IOException {
        for (var connection : connections.entrySet()) {
            connection.getKey().close();
            join(connection.getValue());
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        join(acceptor);
        dropConnections();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                Thread thread = Thread.ofPlatform().daemon().unstarted(() -> serve(connection));
                connections.put(connection, thread);
                connectionsInAll.incrementAndGet();
                thread.start();
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var request =
                    new BufferedReader(
                            new InputStreamReader(connection.getInputStream(), ISO_8859_1));
            for (String line = request.readLine(); line != null; line = request.readLine()) {
                requestLines.add(line);
                for (line = request.readLine(); !line.isEmpty(); line = request.readLine()) {
                    headers.add(line);
                }
                behaviour.answer(connection);
            }
        } catch (IOException e) {
            // the other side, or the test, has closed it
        } finally {
            connections.remove(connection);
        }
    }
}
