package todomanager.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static todomanager.testkit.Http.awaitStatus;
import static todomanager.testkit.Http.get;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.testkit.process.ServiceProcess;

/// Both services as people run them. All else about the jars is in the tests with the tag `system`.
@Timeout(60)
class PackagedJarsIT {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({"user-svc, /users/aniket", "todo-svc, /lists/aniket"})
    void serveTheShippedDocumentAndStopWhenTold(String service, String path) throws Exception {
        try (var serving = ServiceProcess.start(service, Map.of())) {
            assertThat(get(serving.uri().resolve("/")).statusCode()).isEqualTo(200);
            assertThat(get(serving.uri().resolve(path)).statusCode()).isEqualTo(200);
            assertThat(get(serving.admin().resolve("/observe/health/ready")).statusCode())
                    .isEqualTo(200);

            assertThat(serving.process().stop().exitCode()).isEqualTo(143);
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> new Socket("localhost", serving.uri().getPort()).close());
        }
    }

    /// They would take time at each start, and memory.
    @ParameterizedTest
    @CsvSource({"user-svc, /users/aniket", "todo-svc, /lists/aniket"})
    void loadNothingOfADatabaseOrOfSignInWhereThereIsNone(String service, String path)
            throws Exception {
        Path classes = folder.resolve("classes");
        String log = "-Xlog:class+load:file=" + classes;
        try (var serving = ServiceProcess.start(service, Map.of("JDK_JAVA_OPTIONS", log))) {
            assertThat(get(serving.uri().resolve(path)).statusCode()).isEqualTo(200);
            assertThat(get(serving.admin().resolve("/observe/metrics")).statusCode())
                    .isEqualTo(200);
        }

        assertThat(classes)
                .content()
                .contains(" io.helidon.webserver.")
                .doesNotContain(" org.postgresql.", " com.zaxxer.", " org.flywaydb.")
                .doesNotContain(" com.nimbusds.");
    }

    @Test
    void findEachOther() throws Exception {
        try (var todo = ServiceProcess.start("todo-svc", Map.of());
                var user =
                        ServiceProcess.start(
                                "user-svc", Map.of("TODO_URI", todo.uri().toString()))) {
            URI uri = user.uri().resolve("/users/aniket/lists");
            awaitStatus(uri, 200); // the first call may take longer than user-svc waits
            var lists = get(uri);
            var none = get(user.uri().resolve("/users/luckas/lists"));

            assertThat(lists.body())
                    .isEqualTo("{\"school\":[\"Complete homework\",\"Prepare for test\"]}\n");
            assertThat(none.statusCode()).isEqualTo(200);
            assertThat(none.body()).isEqualTo("{}\n");

            todo.process().stop();
            assertThat(get(uri).statusCode()).isEqualTo(503);
            assertThat(get(user.uri().resolve("/users/aniket")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void endWithOneLineWhenAVariableIsWrong() throws IOException {
        var end = ServiceProcess.run("user-svc", Map.of("SERVER_PORT", "99999"));

        assertThat(end.exitCode()).isEqualTo(78);
        assertThat(end.output())
                .containsExactly(
                        "user-svc: server.port = \"99999\" (environment variable SERVER_PORT): not a port; give a number from 0 (any free one) to 65535");
    }

    @Test
    void endWithOneLineWhenTheDocumentIsBad() throws IOException {
        Path data = Files.writeString(folder.resolve("todo.json"), "{\"a\": {\"b\": [1]}}");
        var end = ServiceProcess.run("todo-svc", Map.of("DATA_PATH", data.toString()));

        assertThat(end.exitCode()).isEqualTo(65);
        assertThat(end.output())
                .containsExactly(
                        "todo-svc: "
                                + data
                                + ":1:14: /a/b/0: expected a string or an object, found 1");
    }
}
