package todomanager.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static todomanager.testkit.Http.awaitStatus;
import static todomanager.testkit.Http.get;
import static todomanager.testkit.process.ServiceProcess.freePort;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.testkit.process.ServiceProcess;

/// How the packaged services stop.
@Tag("system")
@Timeout(60)
class StopIT {
    @TempDir private Path folder;

    /// Those at which Java ends of itself. Whoever started this test may have it ignore some.
    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
    void serveOnWhileTheyDrainAndSayItsOver(String signal, int exitCode) throws Exception {
        assumeFalse(isIgnored(signal), signal + " is ignored");
        try (var serving = ServiceProcess.start("todo-svc", Map.of("SHUTDOWN_DRAIN", "PT6S"))) {
            URI lists = serving.uri().resolve("/lists/aniket");
            URI live = serving.admin().resolve("/observe/health/live");
            URI ready = serving.admin().resolve("/observe/health/ready");
            for (URI uri : List.of(lists, live, ready)) {
                get(uri); // as the first answer of each takes longest
            }
            serving.process().signal(signal);
            while (get(ready).statusCode() == 200) {
                // until the signal has arrived
            }
            HttpResponse<String> answer = get(lists);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Connection")).hasValue("close");
            assertThat(get(live).statusCode()).isEqualTo(200);
            var end = serving.process().end();
            assertThat(end.exitCode()).isEqualTo(exitCode);
            assertThat(end.output())
                    .anyMatch(line ->
                            line.endsWith(
                                    "todo-svc is told to stop: not ready, serves on for PT6S, then finishes within PT5S"))
                    .anyMatch(line -> line.endsWith("todo-svc has stopped"));
        }
    }

    /// Whether it is ignored by all that this process starts.
    static boolean isIgnored(String signal) throws IOException {
        var trap = new ProcessBuilder("bash", "-c", "trap -p " + signal);
        return trap.start().inputReader().readLine() != null;
    }

    @Test
    void goOnWhenTheTerminalClosesIfStartedByNohup() throws Exception {
        int adminPort = freePort();
        var command = List.of("nohup", ServiceProcess.JAVA, "-jar", "todo-svc/target/todo-svc.jar");
        Path log = folder.resolve("log");
        Process todo =
                ServiceProcess.builder(0, adminPort, command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            String ready = "http://127.0.0.1:%d/observe/health/ready".formatted(adminPort);
            awaitStatus(URI.create(ready), 200);
            new ProcessBuilder("bash", "-c", "kill -HUP " + todo.pid()).start().waitFor();
            todo.destroy();

            assertThat(todo.waitFor(Duration.ofSeconds(20))).isTrue();
            assertThat(todo.exitValue()).isEqualTo(143);
            assertThat(log).content().contains("todo-svc has stopped\n"); // so TERM came first
        } finally {
            todo.destroyForcibly();
        }
    }

    @Test
    void endWithoutAComplaintThoughAllConnectionsAreTaken() throws Exception {
        try (var serving =
                        ServiceProcess.start(
                                "todo-svc", Map.of("SERVER_MAX_TCP_CONNECTIONS", "1"));
                var client = new Socket("localhost", serving.uri().getPort())) {
            while (serving.total("http_server_connections ") < 1) {
                // until it has taken it
            }
            assertThat(client.isConnected()).isTrue();
            assertThat(serving.process().stop().output())
                    .noneMatch(line -> line.contains("ERROR"))
                    .last()
                    .asString()
                    .endsWith("todo-svc has stopped");
        }
    }

    @Test
    void endAtOnceAtASecondSignal() throws Exception {
        try (var serving = ServiceProcess.start("todo-svc", Map.of("SHUTDOWN_DRAIN", "PT1H"))) {
            serving.process().signal();
            URI ready = serving.admin().resolve("/observe/health/ready");
            while (get(ready).statusCode() == 200) {
                // until the signal has arrived
            }

            assertThat(serving.process().stop().exitCode()).isEqualTo(143);
        }
    }
}
