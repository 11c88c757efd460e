package todomanager.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

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
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Function<Request, Behaviour> behaviour = _ -> StubTodoService::hangUp;

    /// A whole request.
    ///
    /// @param line its first
    /// @param body a character for each byte
    public record Request(String line, List<String> headers, String body) {
        public String method() {
            return line.substring(0, line.indexOf(' '));
        }

        /// The value of a header; empty where there is none.
        public String header(String name) {
            return headers.stream()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

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

    /// All requests that it has read to their ends.
    public List<Request> requests() {
        return requests;
    }

    /// The header lines of all requests.
    public List<String> headers() {
        return headers;
    }

    public void behaves(Behaviour behaviour) {
        behavesBy(_ -> behaviour);
    }

    /// Behaves to each request as to that one.
    public void behavesBy(Function<Request, Behaviour> behaviour) {
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

    /// Refuses further connections.
    public void stopListening() throws IOException {
        server.close();
        join(acceptor);
    }

    @Override
    public void close() throws IOException {
        stopListening();
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
                Request read = read(line, request);
                requests.add(read);
                behaviour.apply(read).answer(connection);
            }
        } catch (IOException e) {
            // the other side, or the test, has closed it
        } finally {
            connections.remove(connection);
        }
    }

    private Request read(String line, BufferedReader in) throws IOException {
        var lines = new ArrayList<String>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            lines.add(header);
        }
        headers.addAll(lines);
        var head = new Request(line, List.copyOf(lines), "");
        String length = head.header("Content-Length");
        var body = new char[length.isEmpty() ? 0 : Integer.parseInt(length)];
        for (int read = 0; read < body.length; ) {
            int more = in.read(body, read, body.length - read);
            if (more < 0) {
                throw new EOFException("the connection ends in the body");
            }
            read += more;
        }
        return new Request(line, head.headers(), new String(body));
    }

    private static String line(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new EOFException("the connection ends in the headers");
        }
        return line;
    }
}
