package todomanager.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.testkit.ServiceProcess;

/// The script `./run` in a clone with nothing to build, and a JDK that tells what becomes of it.
@Timeout(60)
class RunScriptIT {
    @TempDir private Path clone;

    @BeforeEach
    void makeClone() throws IOException {
        Files.createDirectories(clone.resolve("todo-svc/target"));
        Files.createDirectories(clone.resolve("user-svc/target"));
        Files.copy(ServiceProcess.ROOT.resolve("run"), clone.resolve("run"));
        script("mvnw", "");
        script("jdk/bin/javac", "echo javac 25");
        script(
                "jdk/bin/java",
                """
                trap 'echo hears HUP' HUP
                trap 'echo hears TERM; exit 143' TERM
                echo "$(basename "${@: -1}" .jar) 1 serves nothing"
                while true; do sleep 0.1; done
                """);
    }

    private void script(String name, String lines) throws IOException {
        Path file = clone.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/usr/bin/env bash\n" + lines);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /// Both signals of that: the terminal's, to all processes, and its shell's.
    @Test
    void tellsEachServiceOnceToStopWhenTheTerminalCloses() throws Exception {
        assumeFalse(PackagedServicesIT.isIgnored("HUP"));
        var builder = new ProcessBuilder("bash", "-c", "set -m; ./run & wait $!");
        builder.environment().put("JAVA_HOME", clone.resolve("jdk").toString());
        Path log = clone.resolve("log");
        Process shell = builder.directory(clone.toFile()).redirectOutput(log.toFile()).start();
        try {
            while (!Files.readString(log).contains("Ctrl-C stops both")) {
                // until both serve
            }
            String hangUp = "kill -HUP -- -" + shell.children().findFirst().orElseThrow().pid();
            new ProcessBuilder("bash", "-c", hangUp + " && " + hangUp).start().waitFor();

            assertThat(shell.waitFor()).isEqualTo(129);
            assertThat(log)
                    .content()
                    .containsOnlyOnce("todo-svc | hears TERM\n")
                    .containsOnlyOnce("user-svc | hears TERM\n")
                    .doesNotContain("hears HUP");
        } finally {
            shell.destroyForcibly();
        }
    }
}
