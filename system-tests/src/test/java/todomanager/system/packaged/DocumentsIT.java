package todomanager.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Http.get;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.process.ServiceProcess;

/// What the packaged services do with documents: good, bad, changed and large.
@Tag("system")
@Timeout(180)
class DocumentsIT {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"\"a long to-do, of many words\",", "\"\","})
    void endWhenTheDocumentIsTooLargeForTheMemory(String element) throws IOException {
        String elements = element.repeat(3_900_000 / element.length());
        Path data = folder.resolve("data.json");
        Files.writeString(data, "{\"a\": {\"b\": [" + elements + "\"\"]}}");
        var environment = Map.of("DATA_PATH", data.toString(), "JDK_JAVA_OPTIONS", "-Xmx32m");
        var end = ServiceProcess.run("todo-svc", environment);

        assertThat(end.exitCode()).isEqualTo(65);
        assertThat(end.output())
                .last()
                .isEqualTo(
                        "todo-svc: "
                                + data
                                + ": is too large for this heap; raise the container's memory or -Xmx (JDK_JAVA_OPTIONS=-Xmx1g), or make the document smaller");
        assertThat(ServiceProcess.run("todo-svc", environment, "validate").output())
                .last()
                .isEqualTo(
                        data
                                + ": is too large for this heap; raise the container's memory or -Xmx (JDK_JAVA_OPTIONS=-Xmx1g), or make the document smaller");
    }

    /// As many as fit into a 16th of it, by names of characters that take twice the memory.
    @Test
    void takeUpAnotherDocumentAsLargeAsTheHeapAllows() throws Exception {
        Path data = Files.writeString(folder.resolve("users.json"), manyUsers('ł'));
        var environment =
                Map.of("DATA_PATH", data.toString(), "JDK_JAVA_OPTIONS", ServiceProcess.SHIPPED);
        try (var serving = ServiceProcess.start("user-svc", environment)) {
            URI page = serving.uri().resolve("/users?limit=1");
            String before = get(page).body();
            replace(data, manyUsers('ń'));
            while (get(page).body().equals(before)) {
                // until it is taken up
            }

            assertThat(get(page).body()).isEqualTo(before.replace('ł', 'ń'));
        }
    }

    /// In one step, or the service could look at a part of it.
    private void replace(Path data, String document) throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), document);
        Files.move(other, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String manyUsers(char letter) {
        return IntStream.range(0, 44_000)
                .mapToObj(i ->
                        "\"user-%c-%d\":{\"id\":%d,\"name\":\"%c\",\"verified\":1}"
                                .formatted(letter, i, i, letter))
                .collect(Collectors.joining(",", "{", "}\n"));
    }

    @Test
    void serveAChangedDocumentAndKeepItBesideABadOne() throws Exception {
        Path data = Files.writeString(folder.resolve("todo.json"), "{\"a\": {\"b\": [\"c\"]}}");
        var environment = Map.of("DATA_PATH", data.toString(), "DATA_POLL", "PT0.1S");
        try (var serving = ServiceProcess.start("todo-svc", environment)) {
            URI lists = serving.uri().resolve("/lists/a");
            replace(data, "{\"a\": {\"b\": [\"d\"]}}");
            while (!get(lists).body().contains("d")) {
                // until it has looked
            }
            replace(data, "{\"a\": {\"b\": [1]}}");
            URI metrics = serving.admin().resolve("/observe/metrics");
            while (!get(metrics).body().contains("data_last_reload_successful 0.0")) {
                // until it has looked
            }

            assertThat(get(lists).body()).isEqualTo("{\"b\":[\"d\"]}\n");
            assertThat(get(serving.admin().resolve("/observe/health/ready")).statusCode())
                    .isEqualTo(200);
            assertThat(serving.process().stop().output())
                    .anyMatch(line ->
                            line.contains(" WARNING keeps serving revision ")
                                    && line.endsWith(
                                            data
                                                    + ":1:14: /a/b/0: expected a string or an object, found 1"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,  database/todo.json, 'database/todo.json: valid, revision b8be770cc483a7bd'",
        "65, database/users.json, 'database/users.json:3:11: /saurabh_badhwar/id: expected an array, found 1'",
    })
    void validateDocumentsWithoutServing(int exitCode, String document, String line)
            throws IOException {
        var end =
                ServiceProcess.run(
                        "todo-svc",
                        Map.of(),
                        "validate",
                        "--users",
                        "database/users.json",
                        document);

        assertThat(end.exitCode()).isEqualTo(exitCode);
        assertThat(end.output()).first().isEqualTo(line);
    }
}
