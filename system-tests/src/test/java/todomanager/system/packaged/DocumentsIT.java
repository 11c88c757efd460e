package todomanager.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static todomanager.testkit.Http.get;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.process.ServiceProcess;

/// What the packaged services do with documents: good, bad, changed and large.
@Timeout(60)
class DocumentsIT {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "user-svc, '{\"a\": {\"id\": 1, \"name\": \"A\"}}', '1:7: /a: has no member \"verified\"'",
        "todo-svc, '{\"a\": {\"b\": [1]}}', '1:14: /a/b/0: expected a string, found 1'",
        "todo-svc, '{\"a\": {', '1:8: the document ends too early'",
    })
    void endWhenTheirDocumentIsBad(String service, String document, String fault)
            throws IOException {
        Path data = Files.writeString(folder.resolve("data.json"), document);
        var end = ServiceProcess.run(service, Map.of("DATA_PATH", data.toString()));

        assertThat(end.exitCode()).isEqualTo(65);
        assertThat(end.output()).containsExactly(service + ": " + data + ":" + fault);
    }

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
                                + ": is too large for this heap; enlarge it (JDK_JAVA_OPTIONS=-Xmx1g), or make the document smaller");
        assertThat(ServiceProcess.run("todo-svc", environment, "validate").output())
                .last()
                .isEqualTo(
                        data
                                + ": is too large for this heap; enlarge it (JDK_JAVA_OPTIONS=-Xmx1g), or make the document smaller");
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
            Path other = Files.writeString(folder.resolve("other.json"), manyUsers('ń'));
            Files.move(other, data, StandardCopyOption.ATOMIC_MOVE);
            while (get(page).body().equals(before)) {
                // until it is taken up
            }

            assertThat(get(page).body()).isEqualTo(before.replace('ł', 'ń'));
        }
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
            Files.writeString(data, "{\"a\": {\"b\": [\"d\"]}}");
            while (!get(lists).body().contains("d")) {
                // until it has looked
            }
            Files.writeString(data, "{\"a\": {\"b\": [1]}}");
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
                                            data + ":1:14: /a/b/0: expected a string, found 1"));
        }
    }

    static Stream<Arguments> validations() {
        return Stream.of(
                start(0, "database/todo.json: valid, revision 4ca2f75994a72a1b", Map.of()),
                start(
                        0,
                        "database/todo.json: valid, revision 4ca2f75994a72a1b",
                        Map.of(),
                        "--users",
                        "database/users.json",
                        "database/todo.json"),
                start(
                        65,
                        "database/users.json:3:11: /saurabh_badhwar/id: expected an array of strings, found 1",
                        Map.of(),
                        "database/users.json"),
                start(
                        65,
                        "/nope.json: no such file; check the path",
                        Map.of(),
                        "--users",
                        "/nope.json",
                        "database/todo.json"),
                start(
                        64,
                        "todo-svc: can't make sense of the arguments \"validate --nope\"; try --help",
                        Map.of(),
                        "--nope"),
                start(
                        64,
                        "todo-svc: can't make sense of the arguments \"validate --users\"; try --help",
                        Map.of(),
                        "--users",
                        "database/users.json",
                        "--users",
                        "database/users.json"),
                start(64, "todo-svc: \"\" is not a path; give that of a file", Map.of(), ""));
    }

    @ParameterizedTest
    @MethodSource("validations")
    void validateDocumentsWithoutServing(
            int exitCode, String line, Map<String, String> environment, List<String> files)
            throws IOException {
        var arguments = Stream.concat(Stream.of("validate"), files.stream());
        var end = ServiceProcess.run("todo-svc", environment, arguments.toArray(String[]::new));

        assertThat(end.exitCode()).isEqualTo(exitCode);
        assertThat(end.output()).first().isEqualTo(line);
    }

    private static Arguments start(
            int exitCode, String message, Map<String, String> environment, String... arguments) {
        return arguments(exitCode, message, environment, List.of(arguments));
    }

    @Test
    void warnOfUsersThatThereAreNotAndOfDocumentsThatAreTooLarge() throws IOException {
        Path users = Files.writeString(folder.resolve("users.json"), "{\"ana\": {}}");
        Path lists =
                Files.writeString(folder.resolve("lists.json"), "{\"ana\": {},\n \"bob\": {}}");
        Path large = Files.writeString(folder.resolve("large.json"), large(300_000));
        Path tooLarge = Files.writeString(folder.resolve("too-large.json"), large(1_100_000));
        var end =
                ServiceProcess.run(
                        "todo-svc",
                        Map.of(),
                        "validate",
                        "--users",
                        users.toString(),
                        lists.toString(),
                        large.toString(),
                        tooLarge.toString());

        assertThat(end.exitCode()).isEqualTo(0);
        assertThat(end.output())
                .contains(
                        lists + ":2:9: /bob: warning: there is no such user in " + users,
                        large
                                + ": warning: too large for kubectl apply, but for that with --server-side",
                        tooLarge + ": warning: a ConfigMap holds 1048576 bytes, this has 1100020");
    }

    @Test
    void warnOfUsernamesThatNoPathHas() throws IOException {
        Path lists = Files.writeString(folder.resolve("lists.json"), "{\"\": {},\n \"a/b\": {}}");
        var end = ServiceProcess.run("todo-svc", Map.of(), "validate", lists.toString());

        assertThat(end.exitCode()).isEqualTo(0);
        assertThat(end.output())
                .contains(
                        lists + ":1:6: /: warning: no request can ask for this user alone",
                        lists + ":2:9: /a~1b: warning: no request can ask for this user alone");
    }

    @Test
    void validateTheDocumentThatAFileOfSettingsNames() throws IOException {
        Path lists = Files.writeString(folder.resolve("lists.json"), "{\"ana\": 1}");
        Path config =
                Files.writeString(folder.resolve("config.yaml"), "data: {path: " + lists + "}\n");
        var end =
                ServiceProcess.run("todo-svc", Map.of(), "validate", "--config", config.toString());

        assertThat(end.exitCode()).isEqualTo(65);
        assertThat(end.output()).containsExactly(lists + ":1:9: /ana: expected an object, found 1");
    }

    private static String large(int size) {
        return "{\"ana\": {\"a\": [\"" + "x".repeat(size) + "\"]}}";
    }
}
