package todomanager.system.published;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// The README's commands, each with the output that it shows, where `…` is for what differs.
@Timeout(60)
class ReadmeIT {
    private static final Pattern CONSOLE_BLOCK =
            Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMAND =
            Pattern.compile("^\\$ (.*)\n((?:(?!\\$ ).*\n)*)", Pattern.MULTILINE);

    private static Serving todoService;
    private static Serving userService;

    @BeforeAll
    static void start() throws IOException {
        todoService = ServiceProcess.start("todo-svc", Map.of());
        userService =
                ServiceProcess.start("user-svc", Map.of("TODO_URI", todoService.uri().toString()));
    }

    @AfterAll
    static void stop() {
        userService.close();
        todoService.close();
    }

    @TestFactory
    Stream<DynamicTest> givesTheOutputThatItShows() throws IOException {
        return CONSOLE_BLOCK
                .matcher(readme())
                .results()
                .flatMap(block -> COMMAND.matcher(block.group(1)).results())
                .map(command ->
                        DynamicTest.dynamicTest(
                                command.group(1),
                                () ->
                                        assertThat(output(command.group(1)))
                                                .matches(pattern(command.group(2)))));
    }

    private static Pattern pattern(String shown) {
        return Pattern.compile(Pattern.quote(shown).replace("…", "\\E[0-9a-f]+\\Q"));
    }

    @Test
    void hasAtMost120Lines() throws IOException {
        assertThat(readme().lines().count()).isLessThanOrEqualTo(120);
    }

    private static String readme() throws IOException {
        return Files.readString(ServiceProcess.ROOT.resolve("README.md"));
    }

    /// On the ports where this test's services are.
    private static String output(String command) throws IOException, InterruptedException {
        String here =
                command.replace("http://localhost:5000", userService.uri().toString())
                        .replace("http://localhost:5001", todoService.uri().toString())
                        .replace("curl ", "curl --silent --show-error ");
        var builder =
                new ProcessBuilder("bash", "-c", here)
                        .directory(ServiceProcess.ROOT.toFile())
                        .redirectErrorStream(true);
        String path = Path.of(ServiceProcess.JAVA).getParent() + ":" + System.getenv("PATH");
        builder.environment().put("PATH", path);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return output.isEmpty() || output.endsWith("\n") ? output : output + "\n";
    }
}
