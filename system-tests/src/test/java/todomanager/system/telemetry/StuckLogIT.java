package todomanager.system.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Http.awaitStatus;
import static todomanager.testkit.Http.get;
import static todomanager.testkit.process.ServiceProcess.freePort;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import todomanager.testkit.Load;
import todomanager.testkit.LoadResult;
import todomanager.testkit.process.ServiceProcess;

/// The packaged services while their log takes no more.
@Tag("system")
@Timeout(240)
class StuckLogIT {
    @Test
    void serveOnWhenTheLogTakesNoMore() throws Exception {
        try (var todo = ServiceProcess.start("todo-svc", Map.of())) {
            int port = freePort();
            String command = " -jar user-svc/target/user-svc.jar > /dev/full 2>&1";
            var builder =
                    ServiceProcess.builder(
                            port,
                            0,
                            List.of("bash", "-c", "exec " + ServiceProcess.JAVA + command));
            builder.environment().put("TODO_URI", todo.uri() + "/nothing"); // whose 502 is logged
            Process user = builder.start();
            try {
                URI uri = URI.create("http://127.0.0.1:" + port + "/users/aniket/lists");
                awaitStatus(uri, 502);
                for (int i = 0; i < 100; i++) {
                    assertThat(get(uri).statusCode()).isEqualTo(502);
                }
            } finally {
                user.destroyForcibly();
            }
        }
    }

    @Test
    void answerAndEndInTimeThoughNobodyReadsTheirLog() throws Exception {
        int port = freePort();
        var builder =
                ServiceProcess.builder(
                        port,
                        0,
                        List.of(ServiceProcess.JAVA, "-jar", "user-svc/target/user-svc.jar"));
        builder.environment().put("SHUTDOWN_GRACE", "PT0.1S");
        builder.environment().put("TODO_URI", "http://127.0.0.1:1"); // which is logged
        Process user = builder.start();
        try {
            awaitStatus(URI.create("http://127.0.0.1:" + port + "/users/aniket/lists"), 503);
            var plan =
                    new Load.Plan(
                            port, 1, 1_000, Duration.ofSeconds(40), k -> "/users/aniket/lists");
            LoadResult result = Load.start(plan).join(); // its lines are more than a pipe holds
            user.toHandle().destroy(); // leaves the pipe open

            assertThat(result.counts()).isEqualTo(Map.of(503, 1_000));
            assertThat(user.waitFor(Duration.ofSeconds(20))).isTrue();
            assertThat(user.exitValue()).isEqualTo(143);
        } finally {
            user.destroyForcibly();
        }
    }

    /// Ten times as much as its memory has room for.
    @Test
    void answerAndCountTheLinesTheyLoseWhileNobodyReadsTheirLog() throws Exception {
        int port = freePort();
        int adminPort = freePort();
        var command =
                List.of(ServiceProcess.JAVA, "-Xmx48m", "-jar", "todo-svc/target/todo-svc.jar");
        var builder = ServiceProcess.builder(port, adminPort, command);
        builder.environment().put("LOG_FORMAT", "json");
        builder.environment().put("LOG_ACCESS", "true");
        Process todo = builder.start();
        try {
            awaitStatus(URI.create("http://127.0.0.1:" + port + "/lists"), 200);
            String path = "/lists/" + "a".repeat(3_900);
            var plan = new Load.Plan(port, 4, 30_000, Duration.ofMinutes(3), k -> path);
            LoadResult result = Load.start(plan).join();
            URI metrics = URI.create("http://127.0.0.1:" + adminPort + "/observe/metrics");

            assertThat(result.counts()).isEqualTo(Map.of(404, 30_000));
            assertThat(get(metrics).body()).containsPattern("\nlog_lines_dropped_total [1-9]");
        } finally {
            todo.destroyForcibly();
        }
    }
}
