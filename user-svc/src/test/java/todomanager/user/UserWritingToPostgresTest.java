package todomanager.user;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webclient.api.ClientResponseTyped;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.testing.junit5.ServerTest;
import io.helidon.webserver.testing.junit5.SetUpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.database.Address;
import todomanager.database.Transfer;
import todomanager.database.Transfer.Mode;
import todomanager.testkit.process.PostgreSql;
import todomanager.user.store.UserTables;

@ServerTest
class UserWritingToPostgresTest extends UserWritingContract {
    private static final String URL = PostgreSql.database();
    private static final Address ADDRESS = new Address(URL, PostgreSql.USERNAME, Optional.empty());
    private static final Transfer TRANSFER = new Transfer(ADDRESS, new UserTables());

    @TempDir private static Path folder;

    UserWritingToPostgresTest(Http1Client client, URI server) {
        super(client, server);
    }

    @SetUpServer
    static void start(WebServerConfig.Builder server) throws Exception {
        new UserTables().schema().migrate(ADDRESS);
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"),
                        "{data: {store: postgresql, url: '%s', username: %s, writable: true}, todo: {uri: '%s'}, server: {port: 0, sockets: {admin: {port: 0}}}}"
                                .formatted(URL, PostgreSql.USERNAME, TODO_SERVICE.uri()));
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

    /// That of the one user, as there is none of all that would cost little.
    @Override
    void requireRevision(ClientResponseTyped<String> response) {
        assertThat(response.headers().get(HeaderNames.create("X-Data-Revision")).get())
                .matches("[0-9a-f]{16}");
        assertThat(send("GET", "/users", "").headers())
                .noneMatch(header -> header.headerName().lowerCase().equals("x-data-revision"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "LONG"})
    void hasNoPageAfterWhatNoUserIsCalled(String after) {
        String path = "/users?after=" + after.replace("LONG", "x".repeat(441));

        assertThat(send("GET", path, "").status()).isEqualTo(Status.GONE_410);
    }

    @Test
    void changesAUserWhomSomebodyWroteBySql() {
        PostgreSql.execute(
                URL,
                "insert into todo_user values ('sql', 50, '{\"id\": 50, \"name\": \"S\", \"verified\": 1}')");
        String tag = send("GET", "/users/sql", "").headers().get(HeaderNames.ETAG).get();

        var changed = send("PATCH", "/users/sql", "{\"name\": \"T\"}", "If-Match", tag);

        assertThat(changed.status()).isEqualTo(Status.OK_200);
    }

    @Test
    void saysThatTheListsAreGoneWhereTheUserIsLocked() throws SQLException {
        try (Connection other = DriverManager.getConnection(URL, PostgreSql.USERNAME, "");
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("select from todo_user where username = 'ana' for update");

            var refused = send("DELETE", "/users/ana", "");

            assertThat(refused.status()).isEqualTo(Status.SERVICE_UNAVAILABLE_503);
            assertThat(refused.entity())
                    .contains("The lists were removed, and the user may be there still");
        }
        assertThat(send("DELETE", "/users/ana", "").status()).isEqualTo(Status.NO_CONTENT_204);
    }

    /// Who loses an id that nobody asked for takes another one.
    @Test
    void addsManyUsersAtOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(6)) {
            var statuses =
                    IntStream.range(0, 60)
                            .mapToObj(i ->
                                    threads.submit(() ->
                                            send("PUT", "/users/new" + i, "{\"name\": \"N\"}")
                                                    .status()))
                            .toList();
            for (var status : statuses) {
                assertThat(status.get()).isEqualTo(Status.CREATED_201);
            }
        }
    }

    @Test
    void keepsUsersInTheOrderOfTheirNamesAndNotThatOfTheDocument() throws IOException {
        send("PUT", "/users/Zoe", "{\"name\": \"Z\", \"a\": [1,{\"b\":\"\\u00e9\"}]}");

        assertThat(kept())
                .isEqualTo(
                        """
                        {
                          "Zoe": {
                            "id": 11,
                            "name": "Z",
                            "verified": 0,
                            "a": [1, {"b": "é"}]
                          },
                          "ana": {
                            "id": 7,
                            "name": "Ana",
                            "verified": 1,
                            "team": {"name": "green", "since": [2020, null]}
                          },
                          "bo": {
                            "share": 2.50,
                            "id": 10,
                            "name": "Bo",
                            "verified": 1
                          },
                          "c;d e": {
                            "id": -3,
                            "name": "C",
                            "verified": 0
                          }
                        }
                        """);
    }
}
