package todomanager.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// kubectl, in the current context, the namespace of the manifests and the repository's root.
final class Kubectl {
    /// How long kubectl waits for something, on a machine that has much else to do.
    static final String TIMEOUT = "--timeout=240s";

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(100);

    private Kubectl() {}

    /// Fails where the current context is not the one that may be changed.
    static void requireContext() {
        assertThat(System.getProperty("e2e.context"))
                .as("-De2e.context, since the namespace is deleted and a node drained there")
                .isEqualTo(run("config", "current-context").strip());
    }

    /// How a command ended, and what it printed.
    record End(int exitCode, String output) {}

    /// Runs a command that has to succeed, and gives what it printed.
    static String run(String... arguments) {
        End end = tryRun("", arguments);
        if (end.exitCode != 0) {
            throw new AssertionError(List.of(arguments) + ": " + end);
        }
        return end.output;
    }

    /// Applies a manifest.
    static void apply(String yaml, String... options) {
        var arguments = new ArrayList<>(List.of("apply", "-f", "-"));
        arguments.addAll(List.of(options));
        End end = tryRun(yaml, arguments.toArray(String[]::new));
        if (end.exitCode != 0) {
            throw new AssertionError(yaml + end);
        }
    }

    static JsonObject get(String... what) {
        var arguments = new ArrayList<>(List.of("get", "-o", "json"));
        arguments.addAll(List.of(what));
        return json(arguments.toArray(String[]::new));
    }

    static JsonObject json(String... arguments) {
        try (var reader = Json.createReader(new StringReader(run(arguments)))) {
            return reader.readObject();
        }
    }

    static End tryRun(String input, String... arguments) {
        try {
            Process process = start(arguments);
            CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(process::destroyForcibly);
            process.getOutputStream().write(input.getBytes(UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new End(process.waitFor(), output);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// A port of a pod, or of one of a service's pods as long as that runs, on this machine.
    ///
    /// @param uri of it here
    record Forward(Process process, URI uri) implements AutoCloseable {
        private static final Pattern FORWARDING =
                Pattern.compile("Forwarding from 127.0.0.1:(\\d+) -> \\d+");

        /// @param what as `pod/NAME`
        static Forward to(String what, int port, String namespace) throws IOException {
            Process process = start("port-forward", what, ":" + port, "--namespace=" + namespace);
            String line = String.valueOf(process.inputReader().readLine());
            assertThat(line).matches(FORWARDING);
            String uri = FORWARDING.matcher(line).replaceFirst("http://127.0.0.1:$1");
            return new Forward(process, URI.create(uri));
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    /// What holds at last, and is not known where an answer does not arrive.
    interface Condition {
        boolean holds() throws Exception;
    }

    /// What is had at last, likewise.
    interface Attempt<T> {
        Optional<T> outcome() throws Exception;
    }

    static void await(String what, Condition condition) {
        var _ = obtain(what, () -> condition.holds() ? Optional.of(what) : Optional.empty());
    }

    /// Tries until there is an outcome, since a machine that has much else to do may be late.
    static <T> T obtain(String what, Attempt<T> attempt) {
        long begin = System.nanoTime();
        while (true) {
            try {
                Optional<T> outcome = attempt.outcome();
                if (outcome.isPresent()) {
                    return outcome.get();
                }
            } catch (IOException | UncheckedIOException e) {
                // and once more
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            assertThat(System.nanoTime() - begin)
                    .as("not so: " + what)
                    .isLessThan(PATIENCE.toNanos());
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    static Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("kubectl", "--namespace", "todo-manager"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(Repository.ROOT.toFile())
                .redirectErrorStream(true)
                .start();
    }
}
