package todomanager.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.process.PostgreSql;
import todomanager.testkit.process.ServiceProcess;

/// The script `./run` in a clone with nothing to build, and a JDK that tells what becomes of it.
@Tag("system")
@Timeout(60)
class RunScriptIT {
    @TempDir private Path folder;

    private Path clone;

    @BeforeEach
    void makeClone() throws IOException {
        clone = folder.resolve("dépôt");
        Files.createDirectories(clone.resolve("todo-svc/target"));
        Files.createDirectories(clone.resolve("user-svc/target"));
        Files.copy(ServiceProcess.ROOT.resolve("run"), clone.resolve("run"));
        script("mvnw", "");
        script("jdk/bin/javac", "echo javac 25");
        script(
                "jdk/bin/java",
                """
                trap 'echo hears HUP' HUP
                trap 'echo hears INT' INT
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

    /// Else Java opens no jar in a folder such as this.
    @ParameterizedTest
    @ValueSource(strings = {"C", "xx_YY.UTF-8"})
    void hasJavaReadFileNamesInUtf8WhateverTheLocale(String locale) throws Exception {
        script("jdk/bin/java", ServiceProcess.JAVA + " -XshowSettings:properties --version 2>&1\n");
        var builder = new ProcessBuilder("./run").directory(clone.toFile());
        builder.environment().put("JAVA_HOME", clone.resolve("jdk").toString());
        builder.environment().put("LC_ALL", locale);
        Process run = builder.redirectErrorStream(true).start();

        assertThat(run.inputReader().lines())
                .filteredOn(line -> line.contains("sun.jnu.encoding"))
                .isNotEmpty()
                .allMatch(line -> line.endsWith(" = UTF-8"));
    }

    /// For each start after the first one the data is there, and stays.
    @Test
    @Timeout(180)
    void putsTheDocumentsIntoADatabaseThatIsEmpty() throws Exception {
        script(
                "jdk/bin/java",
                "exec '%s' -jar '%s'/\"$2\" \"${@:3}\"\n"
                        .formatted(ServiceProcess.JAVA, ServiceProcess.ROOT));
        Files.createDirectory(clone.resolve("database"));
        for (String document : List.of("database/todo.json", "database/users.json")) {
            Files.copy(ServiceProcess.ROOT.resolve(document), clone.resolve(document));
        }
        var database =
                Map.of(
                        "DATA_STORE",
                        "postgresql",
                        "DATA_URL",
                        PostgreSql.database(),
                        "DATA_USERNAME",
                        PostgreSql.USERNAME);

        assertThat(runUntilBothServe(database))
                .filteredOn(line -> line.contains(": has the document now, revision "))
                .hasSize(2);
        assertThat(runUntilBothServe(database))
                .filteredOn(line -> line.endsWith(": has data, which stays as it is"))
                .hasSize(2);
    }

    /// Runs both on free ports.
    ///
    /// @return what they and the script say until then
    private List<String> runUntilBothServe(Map<String, String> environment) throws Exception {
        var builder = new ProcessBuilder("./run").directory(clone.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", clone.resolve("jdk").toString());
        builder.environment()
                .put("JDK_JAVA_OPTIONS", "-Dserver.port=0 -Dserver.sockets.admin.port=0");
        Process run = builder.redirectErrorStream(true).start();
        try (var output = run.inputReader()) {
            var lines = new ArrayList<String>();
            for (String line = output.readLine();
                    line != null && !line.contains("Ctrl-C stops both");
                    line = output.readLine()) {
                lines.add(line);
            }
            return lines;
        } finally {
            run.destroy();
            run.waitFor();
        }
    }

    /// Both signals of a terminal that closes, its own to all processes and its shell's, and two of
    /// Ctrl-C. A service that is told twice lets no request finish.
    @ParameterizedTest
    @CsvSource({"HUP, 129", "INT, 130"})
    void tellsEachServiceOnceToStopAtASignalOfTheTerminal(String signal, int exitCode)
            throws Exception {
        assumeFalse(StopIT.isIgnored(signal), signal + " is ignored");
        var builder = new ProcessBuilder("bash", "-c", "set -m; ./run & wait $!");
        builder.environment().put("JAVA_HOME", clone.resolve("jdk").toString());
        Path log = clone.resolve("log");
        Process shell = builder.directory(clone.toFile()).redirectOutput(log.toFile()).start();
        try {
            while (!Files.readString(log).contains("Ctrl-C stops both")) {
                // until both serve
            }
            long run = shell.children().findFirst().orElseThrow().pid();
            String kill = "kill -" + signal + " -- -" + run;
            new ProcessBuilder("bash", "-c", kill + " && " + kill).start().waitFor();

            assertThat(shell.waitFor()).isEqualTo(exitCode);
            for (String service : List.of("todo-svc", "user-svc")) {
                while (!Files.readString(log).contains(service + " | hears TERM\n")) {
                    // until its reader has written that, for which the script does not wait
                }
            }
            assertThat(log)
                    .content()
                    .containsOnlyOnce("todo-svc | hears TERM\n")
                    .containsOnlyOnce("user-svc | hears TERM\n")
                    .doesNotContain("hears " + signal);
        } finally {
            shell.destroyForcibly();
        }
    }
}
