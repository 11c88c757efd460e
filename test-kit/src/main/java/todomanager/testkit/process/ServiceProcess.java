package todomanager.testkit.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import todomanager.testkit.Http;

/// A packaged service as a process of its own, on free ports, in the repository's root.
public final class ServiceProcess implements AutoCloseable {
    public static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    public static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /// The options of the images' Java, in a pod of 192 MiB.
    public static final String SHIPPED = "-XX:MaxRAM=192m " + optionsOfTheImages();

    /// For a process that has ended before a second compiler and collector pay off. One with
    /// options in its environment has those alone.
    private static final List<String> SHORT_LIVED =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final Pattern SERVES =
            Pattern.compile(
                    ".* serves .* at (https?://localhost:\\d+), .* at (http://localhost:\\d+), .*");

    private final Process process;
    private final BufferedReader output;
    private final CompletableFuture<List<String>> rest = new CompletableFuture<>();

    private ServiceProcess(
            List<String> launcher,
            String service,
            Map<String, String> environment,
            String... arguments)
            throws IOException {
        var command = new ArrayList<>(launcher);
        command.add(JAVA);
        if (!environment.containsKey("JDK_JAVA_OPTIONS")) {
            command.addAll(SHORT_LIVED);
        }
        command.addAll(List.of("-jar", service + "/target/" + service + ".jar"));
        command.addAll(List.of(arguments));
        var builder = builder(0, 0, command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        output = process.inputReader(UTF_8); // whatever the locale
    }

    private static String optionsOfTheImages() {
        try {
            return Pattern.compile("--add-options=\"(.*)\"")
                    .matcher(Files.readString(ROOT.resolve("Dockerfile")))
                    .results()
                    .map(options -> options.group(1))
                    .collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A port that nothing listens on as yet.
    public static int freePort() throws IOException {
        try (var free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /// A command to be run in the repository's root, which starts a service on these ports.
    public static ProcessBuilder builder(int port, int adminPort, List<String> command) {
        var builder = new ProcessBuilder(command).directory(ROOT.toFile());
        builder.environment().put("SERVER_PORT", Integer.toString(port));
        builder.environment().put("DATA_WRITABLE", "false"); // as several serve one document
        builder.environment().put("SERVER_SOCKETS_ADMIN_PORT", Integer.toString(adminPort));
        return builder;
    }

    /// What a process that has ended leaves.
    public record End(int exitCode, List<String> output) {}

    /// Where a process that serves does so.
    public record Serving(ServiceProcess process, URI uri, URI admin) implements AutoCloseable {
        /// The total of a metric over all its series.
        ///
        /// @param series how their lines begin
        public double total(String series) throws IOException, InterruptedException {
            String metrics = Http.get(admin.resolve("/observe/metrics")).body();
            return metrics.lines()
                    .filter(line -> line.startsWith(series))
                    .mapToDouble(line -> Double.parseDouble(line.replaceFirst(".* ", "")))
                    .sum();
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /// Runs one that is not expected to stay.
    public static End run(String service, Map<String, String> environment, String... arguments)
            throws IOException {
        return run(List.of(), service, environment, arguments);
    }

    /// The same by a command that ends with the execution of what stands behind it.
    public static End run(
            List<String> launcher,
            String service,
            Map<String, String> environment,
            String... arguments)
            throws IOException {
        try (var started = new ServiceProcess(launcher, service, environment, arguments)) {
            started.readOn();
            return started.end();
        }
    }

    /// Starts one, and waits until it serves.
    public static Serving start(
            String service, Map<String, String> environment, String... arguments)
            throws IOException {
        return start(List.of(), service, environment, arguments);
    }

    /// The same by a command that ends with the execution of what stands behind it.
    public static Serving start(
            List<String> launcher,
            String service,
            Map<String, String> environment,
            String... arguments)
            throws IOException {
        var started = new ServiceProcess(launcher, service, environment, arguments);
        var lines = new ArrayList<String>();
        for (String line = started.output.readLine();
                line != null;
                line = started.output.readLine()) {
            lines.add(line);
            Matcher serves = SERVES.matcher(line);
            if (serves.matches()) {
                started.readOn();
                return new Serving(
                        started, URI.create(serves.group(1)), URI.create(serves.group(2)));
            }
        }
        started.close();
        throw new AssertionError(service + " does not serve: " + lines);
    }

    /// Reads what else the process says, or it would wait for that when it has said much.
    private void readOn() {
        // not a virtual one, as each that waits for a process holds a processor
        Thread.ofPlatform().daemon().start(() -> rest.complete(output.lines().toList()));
    }

    /// Tells the process to stop, as Kubernetes and systemd do, and waits until it has.
    public End stop() throws IOException {
        signal();
        return end();
    }

    /// Sends SIGTERM.
    public void signal() {
        process.toHandle().destroy(); // leaves the output open
    }

    /// Has the process do nothing, though its connections stay, until [#resume()].
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    /// Sends a signal, named as in `kill -NAME`.
    public void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("bash", "-c", "kill -" + name + " " + pid());
        if (kill.start().waitFor() != 0) {
            throw new AssertionError("the process has ended");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public long pid() {
        return process.pid();
    }

    public Footprint footprint(Path folder) throws IOException, InterruptedException {
        return Footprint.settled(process, folder);
    }

    /// Waits until the process has ended.
    public End end() throws IOException {
        if (!endsWithin(Duration.ofMinutes(2))) {
            throw new AssertionError("the process does not end");
        }
        return new End(process.exitValue(), rest.join());
    }

    public boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
