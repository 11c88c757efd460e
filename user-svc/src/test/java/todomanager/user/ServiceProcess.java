package todomanager.user;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A packaged service as a process of its own, on free ports, in the repository's root.
final class ServiceProcess implements AutoCloseable {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Pattern SERVES =
            Pattern.compile(
                    ".* serves .* at (http://localhost:\\d+), .* at (http://localhost:\\d+)/observe");

    private final Process process;
    private final BufferedReader output;

    private ServiceProcess(String service, Map<String, String> environment, String... arguments)
            throws IOException {
        var command =
                new ArrayList<>(List.of(JAVA, "-jar", service + "/target/" + service + ".jar"));
        command.addAll(List.of(arguments));
        var builder =
                new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true);
        builder.environment().put("SERVER_PORT", "0");
        builder.environment().put("SERVER_SOCKETS_ADMIN_PORT", "0");
        builder.environment().putAll(environment);
        process = builder.start();
        output = process.inputReader();
    }

    /// What a process that has ended leaves.
    record End(int exitCode, List<String> output) {}

    /// Where a process that serves does so.
    record Serving(ServiceProcess process, URI uri, URI admin) implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }
    }

    /// Runs one that is not expected to stay.
    static End run(String service, Map<String, String> environment, String... arguments)
            throws IOException {
        try (var started = new ServiceProcess(service, environment, arguments)) {
            return started.end();
        }
    }

    /// Starts one, and waits until it serves.
    static Serving start(String service, Map<String, String> environment, String... arguments)
            throws IOException {
        var started = new ServiceProcess(service, environment, arguments);
        var lines = new ArrayList<String>();
        for (String line = started.output.readLine();
                line != null;
                line = started.output.readLine()) {
            lines.add(line);
            Matcher serves = SERVES.matcher(line);
            if (serves.matches()) {
                return new Serving(
                        started, URI.create(serves.group(1)), URI.create(serves.group(2)));
            }
        }
        started.close();
        throw new AssertionError(service + " does not serve: " + lines);
    }

    /// Tells the process to stop, as Kubernetes and systemd do, and waits until it has.
    End stop() throws IOException {
        signal();
        return end();
    }

    /// Sends SIGTERM.
    void signal() {
        process.toHandle().destroy(); // leaves the output open
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /// Waits until the process has ended.
    End end() throws IOException {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new AssertionError("the process does not end");
            }
            return new End(process.exitValue(), output.lines().toList());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
