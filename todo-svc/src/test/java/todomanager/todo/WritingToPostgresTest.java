package todomanager.todo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.Status;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.testing.junit5.ServerTest;
import io.helidon.webserver.testing.junit5.SetUpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.database.Address;
import todomanager.database.Transfer;
import todomanager.database.Transfer.Mode;
import todomanager.testkit.process.PostgreSql;
import todomanager.todo.store.ListTables;

@ServerTest
class WritingToPostgresTest extends ListWritingContract {
    private static final String URL = PostgreSql.database();
    private static final Address ADDRESS = new Address(URL, PostgreSql.USERNAME, Optional.empty());
    private static final Transfer TRANSFER = new Transfer(ADDRESS, new ListTables());

    @TempDir private static Path folder;

    WritingToPostgresTest(Http1Client client, URI server) {
        super(client, server);
    }

    @SetUpServer
    static void start(WebServerConfig.Builder server) throws Exception {
        new ListTables().schema().migrate(ADDRESS);
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"),
                        "{data: {store: postgresql, url: '%s', username: %s, writable: true}, server: {port: 0, sockets: {admin: {port: 0}}}}"
                                .formatted(URL, PostgreSql.USERNAME));
        Main.SERVICE.configure(server, Main.SERVICE.configuration("--config", config.toString()));
    }

    @Override
    void replace(String document) throws IOException {
        TRANSFER.load(document.getBytes(UTF_8), Mode.REPLACE);
    }

    @Override
    String kept() throws IOException {
        var out = new ByteArrayOutputStream();
        TRANSFER.export(out);
        return out.toString(UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%00", "LONG"})
    void refusesListsOfAUserWhomADatabaseCantKeep(String segment) throws IOException {
        String path = "/lists/" + segment.replace("LONG", "x".repeat(441));
        String before = kept();

        assertThat(send("GET", path, "").status()).isEqualTo(Status.NOT_FOUND_404);
        assertThat(send("DELETE", path, "").status()).isEqualTo(Status.NOT_FOUND_404);
        var refused = send("PUT", path + "/home", "");
        assertThat(refused.status()).isEqualTo(Status.UNPROCESSABLE_CONTENT_422);
        assertThat(refused.entity()).contains("choose a shorter username, without a zero byte");
        assertThat(kept()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "%00/a", "a/%00", "LONG/a", "a/LONG"})
    void hasNoPageAfterWhatNoListIsCalled(String after) {
        String path = "/lists?after=" + after.replace("LONG", "x".repeat(441));

        assertThat(send("GET", path, "").status()).isEqualTo(Status.GONE_410);
    }

    @Test
    void keepsTheListsInTheOrderOfTheUsersAndNotThatOfTheDocument() throws IOException {
        send("POST", "/lists/bo/x/items", "{\"title\": \"2\"}");

        assertThat(kept())
                .isEqualTo(
                        """
                        {
                          "ana": {
                            "home": [
                              "Milk",
                              {"id": "x1", "title": "Bread", "completed": true}
                            ],
                            "work": []
                          },
                          "bo": {
                            "x": [
                              "1",
                              "2"
                            ]
                          }
                        }
                        """);
    }
}
