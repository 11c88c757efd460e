package todomanager.user;

import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import todomanager.http.Client;
import todomanager.http.Representation;
import todomanager.service.StartFailure;
import todomanager.user.store.Users;

/// One user among few or many, a name from anywhere in the document each time.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx3g"})
@State(Scope.Benchmark)
public class UserBenchmark {
    private static final byte[] UNKNOWN = Client.request("/users/nobody");

    @Param({"3", "1000", "1000000"})
    public int users;

    private String[] names;
    private byte[][] requests;
    private int next;

    private Users document;
    private Path file;
    private WebServer server;
    private Client client;
    private Client mistaken;

    /// Starts the service as Main does, but for signals and the metrics of the process.
    @Setup
    public void start() throws IOException, StartFailure {
        var made = new UsersDocument(users);
        byte[] json = made.json();
        names = made.names();
        requests =
                Stream.of(names)
                        .map(name -> Client.request("/users/" + name))
                        .toArray(byte[][]::new);
        document = Users.read(json);

        file = Files.write(Files.createTempFile("users", ".json"), json);
        System.setProperty("data.path", file.toString());
        System.setProperty("data.poll", "PT0S");
        System.setProperty("server.port", "0");
        System.setProperty("server.sockets.admin.port", "0");
        var builder = WebServer.builder();
        Main.SERVICE.configure(builder, Main.SERVICE.configuration());
        server = builder.build().start();
        client = new Client(server.port(), requests[0]);
        mistaken = new Client(server.port(), UNKNOWN);
    }

    @TearDown
    public void stop() throws IOException {
        client.close();
        mistaken.close();
        server.stop();
        Files.delete(file);
    }

    /// The lookup alone: what is found has its bytes and its entity tag, and nobody sends them.
    @Benchmark
    public Optional<Representation> find() {
        return document.members().find(names[turn()]);
    }

    /// The whole request, a client on loopback included, which waits for each answer: mostly system
    /// calls and threads that wake each other. What is allocated is all the service's.
    @Benchmark
    public byte[] answer() throws IOException {
        return client.send(requests[turn()], '2');
    }

    /// The same for a user who is unknown, so that a problem is the answer.
    @Benchmark
    public byte[] answerUnknown() throws IOException {
        return mistaken.send(UNKNOWN, '4');
    }

    private int turn() {
        next = (next + 1) % names.length;
        return next;
    }
}
