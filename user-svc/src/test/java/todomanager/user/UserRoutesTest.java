package todomanager.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.testing.junit5.RoutingTest;
import io.helidon.webserver.testing.junit5.SetUpRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.document.DocumentResources;
import todomanager.document.LiveDocument;
import todomanager.http.Problem;
import todomanager.http.Revision;
import todomanager.testkit.StubTodoService;
import todomanager.user.todo.TodoClient;

@RoutingTest
class UserRoutesTest {
    private static final String BOB = "\"b\\\"o\\nb\":{\"id\":2,\"name\":\"Bob\",\"verified\":0}";
    private static final String USERS =
            "{\"ana\":{\"id\":1,\"name\":\"Ana\",\"verified\":1},"
                    + BOB
                    + ",\"é😀\":{\"id\":3,\"name\":\"Éa\",\"verified\":1}}\n";
    private static final StubTodoService TODO_SERVICE = new StubTodoService();

    @TempDir private static Path folder;

    private final Http1Client client;

    UserRoutesTest(Http1Client client) {
        this.client = client;
    }

    @SetUpRoute
    static void routing(HttpRouting.Builder routing) throws IOException {
        Path document = Files.writeString(folder.resolve("users.json"), USERS);
        var users = new LiveDocument<>(document, Users::read, Duration.ZERO);
        routing.register(
                        new UserRoutes(
                                new DocumentResources<>(users), new TodoClient(TODO_SERVICE.uri())))
                .error(
                        Problem.class,
                        (request, response, problem) -> response.status(problem.status()).send());
    }

    @BeforeEach
    void forget() {
        TODO_SERVICE.requestLines().clear();
    }

    @AfterAll
    static void stop() throws IOException {
        TODO_SERVICE.close();
    }

    @Test
    void greets() {
        var answer = client.get("/").request(String.class);

        assertThat(answer.status()).isEqualTo(Status.OK_200);
        assertThat(answer.headers().get(HeaderNames.CONTENT_TYPE).get()).isEqualTo("text/plain");
        assertThat(answer.entity())
                .isEqualTo("Hey! The service is up, how about doing something useful");
    }

    @Test
    void givesAllUsers() {
        var answer = client.get("/users").request(String.class);

        assertThat(answer.status()).isEqualTo(Status.OK_200);
        assertThat(answer.entity()).isEqualTo(USERS);
        assertThat(answer.headers().contains(HeaderNames.LINK)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1000})
    void givesPagesThatMakeAllUsers(int limit) {
        var users = new StringJoiner(",", "{", "}\n");
        int pages = 0;
        String query = "?limit=" + limit;
        while (!query.isEmpty()) {
            var page = client.get("/users" + query).skipUriEncoding(true).request(String.class);
            assertThat(page.status()).isEqualTo(Status.OK_200);
            users.add(page.entity().substring(1, page.entity().length() - 2));
            pages++;
            query =
                    page.headers()
                            .first(HeaderNames.LINK)
                            .map(link -> link.replaceFirst("<(.*)>; rel=\"next\"", "$1"))
                            .orElse("");
        }

        assertThat(users).hasToString(USERS);
        assertThat(pages).isEqualTo((3 + limit - 1) / limit);
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0,                   400",
        "limit=1001,                400",
        "limit=1&limit=1,           400",
        "after=3,                   410",
        "after=0123456789abcdef-1,  410",
    })
    void refusesAPageThatThereIsNot(String query, int status) {
        assertThat(
                        client.get("/users?" + query)
                                .skipUriEncoding(true)
                                .request(String.class)
                                .status()
                                .code())
                .isEqualTo(status);
    }

    @Test
    void answersNotModifiedToOneWhoHasThePage() {
        String tag =
                client.get("/users")
                        .queryParam("limit", "1")
                        .request(String.class)
                        .headers()
                        .get(HeaderNames.ETAG)
                        .get();
        var again =
                client.get("/users")
                        .queryParam("limit", "1")
                        .header(HeaderNames.IF_NONE_MATCH, tag)
                        .request(String.class);

        assertThat(again.status()).isEqualTo(Status.NOT_MODIFIED_304);
        assertThat(again.headers().get(HeaderNames.ETAG).get()).isEqualTo(tag);
        assertThat(again.headers().contains(Revision.HEADER)).isTrue();
    }

    @Test
    void findsAUser() {
        var answer = client.get("/users/ana").request(String.class);

        assertThat(answer.status()).isEqualTo(Status.OK_200);
        assertThat(answer.entity()).isEqualTo("{\"id\":1,\"name\":\"Ana\",\"verified\":1}\n");
    }

    @Test
    void findsAUserWhoseNameJsonEscapes() {
        var answer = client.get("/users/b%22o%0Ab").skipUriEncoding(true).request(String.class);

        assertThat(answer.status()).isEqualTo(Status.OK_200);
        assertThat(answer.entity()).isEqualTo(BOB.substring(BOB.indexOf('{')) + "\n");
        assertThat(
                        client.get("/users/b%5C%22o%5Cnb")
                                .skipUriEncoding(true)
                                .request(String.class)
                                .status())
                .isEqualTo(Status.NOT_FOUND_404);
    }

    @Test
    void doesNotFindAnUnknownUser() {
        assertThat(client.get("/users/bob").request(String.class).status())
                .isEqualTo(Status.NOT_FOUND_404);
    }

    @Test
    void givesAUsersLists() {
        TODO_SERVICE.answers("200 OK", "application/json", "{\"home\":[]}");
        var answer = client.get("/users/ana/lists").request(String.class);

        assertThat(answer.status()).isEqualTo(Status.OK_200);
        assertThat(answer.entity()).isEqualTo("{\"home\":[]}\n");
    }

    @Test
    void doesNotCallForAnUnknownUser() {
        assertThat(client.get("/users/bob/lists").request(String.class).status())
                .isEqualTo(Status.NOT_FOUND_404);
        assertThat(TODO_SERVICE.requestLines()).isEmpty();
    }

    @Test
    void passesOnThatTodoServiceFails() {
        TODO_SERVICE.behaves(StubTodoService::hangUp);

        assertThat(client.get("/users/ana/lists").request(String.class).status())
                .isEqualTo(Status.BAD_GATEWAY_502);
    }
}
