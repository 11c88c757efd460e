package todomanager.todo;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.testing.junit5.ServerTest;
import io.helidon.webserver.testing.junit5.SetUpServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ServerTest
class WritingTest extends ListWritingContract {
    @TempDir private static Path folder;

    WritingTest(Http1Client client, URI server) {
        super(client, server);
    }

    @SetUpServer
    static void start(WebServerConfig.Builder server) throws Exception {
        Path document = Files.writeString(folder.resolve("todo.json"), DOCUMENT);
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"),
                        "{data: {path: '%s', poll: PT0S}, server: {port: 0, sockets: {admin: {port: 0}}}}"
                                .formatted(document));
        Main.SERVICE.configure(server, Main.SERVICE.configuration("--config", config.toString()));
    }

    /// An edit by hand is taken up before something else is written.
    @Override
    void replace(String document) throws IOException {
        Files.writeString(file(), document);
        send("PUT", "/lists/eve/home", "");
        send("DELETE", "/lists/eve", "");
        assertThat(file()).hasContent(document);
    }

    @Override
    String kept() throws IOException {
        return Files.readString(file());
    }

    @Test
    void leavesTheRestOfTheDocumentAsItIs() throws IOException {
        send("POST", "/lists/bo/x/items", "{\"title\": \"2\"}");

        assertThat(file())
                .hasContent(
                        DOCUMENT.replace(
                                "\"bo\": {\"x\": [\"1\"]}",
                                """
                                "bo": {
                                    "x": [
                                      "1",
                                      "2"
                                    ]
                                  }\
                                """));
    }

    private static Path file() {
        return folder.resolve("todo.json");
    }
}
