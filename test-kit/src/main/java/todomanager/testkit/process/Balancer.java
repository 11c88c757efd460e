package todomanager.testkit.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// An haproxy before services of this machine, which sends a request once and hides no failure.
public final class Balancer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int STATUS = 17; // columns of the statistics
    private static final int CHECK = 36;

    private final List<Server> servers;
    private final int port;
    private final Path socket;
    private final Path log;
    private final Process process;

    /// The ports of a service, whether it runs yet or not.
    public record Server(int port, int adminPort) {}

    /// Starts one with its files in a folder, and waits until it knows which servers are up.
    public Balancer(Path folder, List<Server> servers) throws IOException {
        String haproxy = Tool.require("haproxy", "haproxy");
        this.servers = List.copyOf(servers);
        port = ServiceProcess.freePort();
        Path own = Files.createTempDirectory(folder, "balancer");
        socket = own.resolve("socket");
        log = own.resolve("log");
        Path configuration = Files.writeString(own.resolve("configuration"), configuration());
        process =
                new ProcessBuilder(haproxy, "-db", "-f", configuration.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            await("has checked all servers", states -> states.stream().allMatch(State::isChecked));
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// Waits until this many servers are up, no more and no less.
    public void awaitUp(int count) throws IOException {
        await(
                "has servers up: " + count,
                states -> states.stream().filter(State::isUp).count() == count);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        ended(PATIENCE);
    }

    private record State(String status, String check) {
        /// Also checked, since haproxy takes a server for up before its first check.
        boolean isUp() {
            return status.equals("UP") && isChecked();
        }

        /// A "* " before the last check's outcome says that the next is under way.
        boolean isChecked() {
            return !check.isEmpty() && !check.endsWith("INI");
        }
    }

    private void await(String what, Predicate<List<State>> condition) throws IOException {
        long start = System.nanoTime();
        List<State> states = List.of();
        while (System.nanoTime() - start < PATIENCE.toNanos()) {
            states = states();
            if (states.size() == servers.size() && condition.test(states)) {
                return;
            }
            if (ended(Duration.ofMillis(20))) {
                break;
            }
        }
        throw new AssertionError(
                "not so: haproxy " + what + "; " + states + ", " + Files.readString(log));
    }

    /// What haproxy knows of its servers; nothing before it listens.
    private List<State> states() {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Channels.newOutputStream(channel).write("show stat services 4 -1\n".getBytes(US_ASCII));
            String table = new String(Channels.newInputStream(channel).readAllBytes(), US_ASCII);
            return table.lines()
                    .filter(line -> line.startsWith("services,"))
                    .map(line -> line.split(",", -1))
                    .map(row -> new State(row[STATUS], row[CHECK]))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private boolean ended(Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String configuration() {
        return """
        global
            maxconn 4000
            stats socket %s mode 600
        defaults
            mode http
            retries 0
            no option redispatch
            timeout connect 2s
            timeout client 10s
            timeout server 10s
            timeout check 1s
        frontend clients
            bind 127.0.0.1:%d
            default_backend services
        backend services
            balance roundrobin
            http-reuse safe
            option httpchk
            http-check send meth GET uri /observe/health/ready ver HTTP/1.1 hdr Host localhost
            http-check expect status 200
            default-server check inter 100ms fastinter 100ms downinter 100ms fall 3 rise 1
        """
                        .formatted(socket, port)
                + IntStream.range(0, servers.size())
                        .mapToObj(index -> line(index, servers.get(index)))
                        .collect(Collectors.joining());
    }

    private static String line(int index, Server server) {
        return "    server s%d 127.0.0.1:%d port %d\n"
                .formatted(index, server.port(), server.adminPort());
    }
}
