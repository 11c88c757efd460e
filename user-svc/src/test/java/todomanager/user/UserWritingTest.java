package todomanager.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.webclient.api.ClientResponseTyped;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.testing.junit5.ServerTest;
import io.helidon.webserver.testing.junit5.SetUpServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import todomanager.user.store.Users;

@ServerTest
class UserWritingTest extends UserWritingContract {
    @TempDir private static Path folder;

    UserWritingTest(Http1Client client, URI server) {
        super(client, server);
    }

    @SetUpServer
    static void start(WebServerConfig.Builder server) throws Exception {
        Path document = Files.writeString(folder.resolve("users.json"), DOCUMENT);
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"),
                        "{data: {path: '%s', poll: PT0S}, todo: {uri: '%s'}, server: {port: 0, sockets: {admin: {port: 0}}}}"
                                .formatted(document, TODO_SERVICE.uri()));
        Main.SERVICE.configure(server, Main.SERVICE.configuration("--config", config.toString()));
    }

    /// An edit by hand is taken up before something else is written.
    @Override
    void replace(String document) throws IOException {
        Files.writeString(file(), document);
        send("PUT", "/users/zoe", "{\"name\": \"Zoe\"}");
        while (send("DELETE", "/users/zoe", "").status().code() >= 500) {
            // it asks todo-svc, and may be late with its first call
        }
        assertThat(file()).hasContent(document);
    }

    @Override
    String kept() throws IOException {
        return Files.readString(file());
    }

    @Override
    void requireRevision(ClientResponseTyped<String> response) {
        assertThat(response.headers().get(HeaderNames.create("X-Data-Revision")))
                .isEqualTo(
                        send("GET", "/users", "")
                                .headers()
                                .get(HeaderNames.create("X-Data-Revision")));
    }

    @Test
    void leavesTheRestOfTheDocumentAsItIs() throws IOException {
        send("PUT", "/users/eve", "{\"name\": \"Eve\", \"a\": [1,{\"b\":\"\\u00e9\"}]}");
        send("PATCH", "/users/bo", "{\"name\": \"Bo B\"}");

        assertThat(file())
                .hasContent(
                        DOCUMENT.replace(
                                        "{\"share\": 2.50, \"id\": 1e1, \"name\": \"Bo\", \"verified\": 1.0}",
                                        """
                                        {
                                            "share": 2.50,
                                            "id": 10,
                                            "name": "Bo B",
                                            "verified": 1
                                          }\
                                        """)
                                .replace(
                                        "\"C\", \"verified\": 0}\n",
                                        """
                                        "C", "verified": 0},
                                          "eve": {
                                            "id": 11,
                                            "name": "Eve",
                                            "verified": 0,
                                            "a": [1, {"b": "é"}]
                                          }
                                        """));
    }

    @Test
    void givesEachUserAnIdOfTheirOwn() throws Exception {
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var made =
                    IntStream.range(0, 40)
                            .mapToObj(i ->
                                    clients.submit(() ->
                                            send("PUT", "/users/u" + i, "{\"name\": \"U\"}")
                                                    .entity()))
                            .toList();
            var ids = new ArrayList<String>();
            for (var one : made) {
                ids.add(one.get().replaceFirst(",.*\n", ""));
            }
            assertThat(ids)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(11, 51).mapToObj(i -> "{\"id\":" + i).toList());
        }
    }

    /// An editor that was opened before, and saves after, with the id that was free then.
    @Test
    void keepsAUserWhoseIdAnEditHasTaken() throws IOException {
        send("PUT", "/users/eve", "{\"name\": \"Eve\"}");
        Files.writeString(
                file(),
                DOCUMENT.replace(
                        "0}\n}",
                        "0},\n  \"fay\": {\"id\": 11, \"name\": \"Fay\", \"verified\": 0}\n}"));
        send("PATCH", "/users/ana", "{\"verified\": 0}");

        assertThat(send("GET", "/users/fay", "").entity()).startsWith("{\"id\":11,");
        assertThat(send("GET", "/users/eve", "").entity())
                .isEqualTo("{\"id\":12,\"name\":\"Eve\",\"verified\":0}\n");
        Users.read(Files.readAllBytes(file()));
    }

    @Test
    void keepsWhatAPersonHasMadeOfAUser() throws IOException {
        send("PATCH", "/users/ana", "{\"name\": \"Ana B\"}");
        Files.writeString(file(), DOCUMENT.replace("\"Ana\"", "\"Ana C\""));
        send("PATCH", "/users/bo", "{\"verified\": 0}");

        assertThat(send("GET", "/users/ana", "").entity()).isEqualTo(ANA.replace("Ana", "Ana C"));
    }

    @Test
    void keepsWhatAnEditOfAnotherUserHasNotSeen() throws IOException {
        send("PATCH", "/users/ana", "{\"name\": \"Ana B\"}");
        Files.writeString(file(), DOCUMENT.replace("\"Bo\"", "\"Bo C\""));
        send("PUT", "/users/eve", "{\"name\": \"Eve\"}");

        assertThat(send("GET", "/users/ana", "").entity()).isEqualTo(ANA.replace("Ana", "Ana B"));
        assertThat(send("GET", "/users/bo", "").entity()).contains("Bo C");
    }

    private static Path file() {
        return folder.resolve("users.json");
    }
}
