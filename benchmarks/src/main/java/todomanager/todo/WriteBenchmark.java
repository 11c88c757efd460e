package todomanager.todo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Collections.nCopies;
import static java.util.stream.Collectors.joining;

import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;
import todomanager.http.Client;
import todomanager.service.StartFailure;

/// Writes a second into a document of 100 KB. Compare those of one run, since a disk has its hours:
/// [#write] with [#bare], which is what a disk takes for that and no service goes below;
/// [#writeBy64] with [#write]; [#add] to a long list with that to a short one; and the times of
/// [#read] beside 50 writes a second with those beside none.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@State(Scope.Benchmark)
public class WriteBenchmark {
    private static final int CLIENTS = 64;
    private static final int READERS = 16;
    private static final Duration CALIBRATION = Duration.ofSeconds(2);
    private static final String WORDS = "what is to be done, in as many words as most are";

    private final byte[] json = document();

    private Path folder;
    private WebServer server;

    /// A user for each client and the [Adder]'s, each with a list of 10 items but one of 1,000.
    private static byte[] document() {
        return Stream.concat(
                        IntStream.range(0, CLIENTS).mapToObj(i -> user("user-" + i, 10)),
                        Stream.of(user("adder-10", 10), user("adder-1000", 999)))
                .collect(joining(",\n  ", "{\n  ", "\n}\n"))
                .getBytes(UTF_8);
    }

    private static String user(String name, int items) {
        return IntStream.range(1, items)
                .mapToObj(i -> "\"%03d: %s\"".formatted(i, WORDS))
                .collect(
                        joining(
                                ",\n      ",
                                "\"%s\": {\n    \"home\": [\n      ".formatted(name),
                                ",\n      {\"id\": \"x\", \"title\": \"0\"}\n    ]\n  }"));
    }

    /// Starts the service as Main does, but for signals and the metrics of the process. Its
    /// document is beside the benchmarks' jar, as the folder for temporary files may be no disk at
    /// all.
    @Setup
    public void start() throws IOException, StartFailure, URISyntaxException {
        var jar = WriteBenchmark.class.getProtectionDomain().getCodeSource().getLocation();
        folder = Files.createTempDirectory(Path.of(jar.toURI()).getParent(), "writes");
        System.setProperty("data.path", Files.write(folder.resolve("todo.json"), json).toString());
        System.setProperty("server.port", "0");
        System.setProperty("server.sockets.admin.port", "0");
        var builder = WebServer.builder();
        Main.SERVICE.configure(builder, Main.SERVICE.configuration());
        server = builder.build().start();
    }

    @TearDown
    public void stop() throws IOException {
        server.stop();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /// Gives the item of a user's list one title and another.
    private static final class Titles implements AutoCloseable {
        private byte[] next;
        private byte[] other;
        private final Client client;

        Titles(int port, int user) throws IOException {
            String path = "/lists/user-%d/home/items/x".formatted(user);
            next = Client.request("PUT", path, "{\"title\": \"1\"}");
            other = Client.request("PUT", path, "{\"title\": \"2\"}");
            client = new Client(port, other);
        }

        byte[] write() throws IOException {
            byte[] request = next;
            next = other;
            other = request;
            return client.send(request, '2');
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    /// A client that writes the list of a user of its own.
    @State(Scope.Thread)
    public static class Writer {
        private Titles titles;

        @Setup
        public void connect(WriteBenchmark service, ThreadParams thread) throws IOException {
            titles = new Titles(service.server.port(), thread.getThreadIndex());
        }

        @TearDown
        public void disconnect() throws IOException {
            titles.close();
        }
    }

    /// Adds an item to a list, and removes it again, so that the list stays as long as it is.
    @State(Scope.Thread)
    public static class Adder {
        private static final String MILK = "7QnT_8NH18NguCx2";

        @Param({"10", "1000"})
        public int items;

        private byte[] add;
        private byte[] remove;
        private Client adding;
        private Client removing;

        @Setup
        public void connect(WriteBenchmark service) throws IOException {
            String path = "/lists/adder-%d/home/items".formatted(items);
            add = Client.request("POST", path, "{\"title\": \"Milk\"}");
            remove = Client.request("DELETE", path + '/' + MILK, "");
            adding = new Client(service.server.port(), add);
            removing = new Client(service.server.port(), remove);
        }

        @TearDown
        public void disconnect() throws IOException {
            adding.close();
            removing.close();
        }

        byte[] add() throws IOException {
            adding.send(add, '2');
            return removing.send(remove, '2');
        }
    }

    /// Reads one user's lists, on a beat that all readers together keep to.
    @State(Scope.Thread)
    public static class Reader {
        private static final byte[] READ = Client.request("/lists/user-0");

        private Client client;
        private long next;

        @Setup
        public void connect(WriteBenchmark service) throws IOException {
            client = new Client(service.server.port(), READ);
            next = System.nanoTime();
        }

        @TearDown
        public void disconnect() throws IOException {
            client.close();
        }

        /// A reader that is late makes up for it.
        @Setup(Level.Invocation)
        public void await(Others others) {
            next += others.gap;
            LockSupport.parkNanos(next - System.nanoTime());
        }

        byte[] read() throws IOException {
            return client.send(READ, '2');
        }
    }

    /// What goes on beside a read: a client that writes, and other readers, so many that the
    /// service has half of the load that it bears.
    @State(Scope.Benchmark)
    public static class Others {
        @Param({"0", "50"})
        public int writesPerSecond;

        private final ExecutorService threads = Executors.newCachedThreadPool();
        private Future<Long> writing;
        private volatile boolean isOver;
        private long gap; // nanoseconds between the requests of a reader

        @Setup
        public void start(WriteBenchmark service) throws Exception {
            gap = 2 * TimeUnit.SECONDS.toNanos(READERS) / mostReads(service.server.port());
            writing = threads.submit(() -> write(service.server.port()));
        }

        /// How many reads a second there are without a pause, once the service is warm.
        private long mostReads(int port) throws Exception {
            long reads = 0;
            for (int warm = 0; warm < 2; warm++) {
                long end = System.nanoTime() + CALIBRATION.toNanos();
                reads = 0;
                Callable<Long> reader = () -> reads(port, end);
                for (Future<Long> one : threads.invokeAll(nCopies(READERS, reader))) {
                    reads += one.get();
                }
            }
            return reads / CALIBRATION.toSeconds();
        }

        private static long reads(int port, long end) throws IOException {
            long reads = 0;
            try (var client = new Client(port, Reader.READ)) {
                for (; System.nanoTime() < end; reads++) {
                    client.send(Reader.READ, '2');
                }
            }
            return reads;
        }

        /// How often it wrote.
        private long write(int port) throws IOException {
            long writes = 0;
            try (var titles = new Titles(port, 1)) {
                long next = System.nanoTime();
                for (; writesPerSecond > 0 && !isOver; writes++) {
                    next += TimeUnit.SECONDS.toNanos(1) / writesPerSecond;
                    LockSupport.parkNanos(next - System.nanoTime());
                    titles.write();
                }
            }
            return writes;
        }

        @TearDown
        public void stop() throws Exception {
            isOver = true;
            System.out.println("Writes beside the reads: " + writing.get());
            threads.close();
        }
    }

    /// What a write can't do without: bytes that are on the disk, and then their name.
    @Benchmark
    public void bare() throws IOException {
        Path written = folder.resolve("bare.tmp");
        try (var file =
                FileChannel.open(
                        written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(json));
            file.force(true);
        }
        Files.move(written, folder.resolve("bare"), StandardCopyOption.ATOMIC_MOVE);
        try (var names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /// The whole request of one client, on loopback, which waits for each answer.
    @Benchmark
    public byte[] write(Writer client) throws IOException {
        return client.titles.write();
    }

    /// The same of 64 clients at once, all of them together.
    @Benchmark
    @Threads(CLIENTS)
    public byte[] writeBy64(Writer client) throws IOException {
        return client.titles.write();
    }

    /// Two writes each time, of one client.
    @Benchmark
    public byte[] add(Adder client) throws IOException {
        return client.add();
    }

    /// The whole request, with half of the load that the service bears.
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Threads(READERS)
    public byte[] read(Others others, Reader client) throws IOException {
        return client.read();
    }
}
