package todomanager.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webclient.api.ClientResponseTyped;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.testing.junit5.RoutingTest;
import io.helidon.webserver.testing.junit5.SetUpRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.document.LiveDocument;
import todomanager.http.Problem;
import todomanager.http.ProblemDetails;
import todomanager.testkit.Faults;
import todomanager.testkit.StubTodoService;
import todomanager.testkit.contract.CollectionContract;
import todomanager.user.store.DocumentStore;
import todomanager.user.store.Users;
import todomanager.user.todo.TodoClient;

@RoutingTest
class UserRoutesTest extends CollectionContract {
    private static final String JSON = "application/json";
    private static final String ANA = "{\"id\":1,\"name\":\"Ana\",\"verified\":1}";
    private static final String BOB = "{\"id\":2,\"name\":\"Bob\",\"verified\":0}";
    private static final Collection USERS =
            new Collection(
                    "/users",
                    List.of(
                            "\"ana\":" + ANA,
                            "\"b\\\"o\\nb\":" + BOB,
                            "\"é😀\":{\"id\":3,\"name\":\"Éa\",\"verified\":1}"),
                    "{%s}\n",
                    "/users/ana",
                    ANA + "\n",
                    "/users/bob",
                    List.of("/users/ana/lists"));
    private static final StubTodoService TODO_SERVICE = new StubTodoService();

    @TempDir private static Path folder;

    @SuppressWarnings("NullAway.Init") // with the routing
    private static UserRoutes routes;

    UserRoutesTest(Http1Client client) {
        super(client, USERS);
    }

    @SetUpRoute
    static void routing(HttpRouting.Builder routing) throws IOException {
        TODO_SERVICE.behavesBy(request ->
                switch (request.method()) {
                    case "GET" -> StubTodoService.answer("200 OK", JSON, "{\"home\":[]}");
                    case "OPTIONS" -> Faults.head("204 None\r\nAllow: GET, HEAD, OPTIONS");
                    default ->
                            StubTodoService.answer(
                                    "405 No\r\nAllow: GET, HEAD, OPTIONS",
                                    "application/problem+json",
                                    "{\"detail\":\"no\"}");
                });
        Path document =
                Files.writeString(
                        folder.resolve("users.json"),
                        USERS.frame().formatted(String.join(",", USERS.items())));
        var users = new LiveDocument<>(document, Users::read, Duration.ZERO);
        routes =
                new UserRoutes(
                        new DocumentStore(users, Optional.empty()),
                        new TodoClient(TODO_SERVICE.uri(), Optional.empty()),
                        Optional.empty(),
                        false);
        routing.register(routes).error(Problem.class, ProblemDetails::send);
    }

    @AfterAll
    static void stop() throws IOException {
        TODO_SERVICE.close();
    }

    @Override
    protected HttpService routes() {
        return routes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/plain", "text/html;q=0.5, text/plain", "application/json"})
    void greetsWhoeverDoesNotPreferHtml(String accept) {
        var answer = root(accept);

        assertThat(answer.entity())
                .isEqualTo("Hey! The service is up, how about doing something useful");
        assertThat(answer.headers().get(HeaderNames.VARY).get()).isEqualTo("Accept");
    }

    @Test
    void givesThePageToABrowser() {
        var answer = root("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

        assertThat(answer.entity())
                .startsWith("<!doctype html>")
                .contains("Hey! The service is up, how about doing something useful");
        assertThat(answer.headers().get(HeaderNames.CONTENT_TYPE).get())
                .isEqualTo("text/html; charset=UTF-8");
        assertThat(answer.headers().get(HeaderNames.VARY).get()).isEqualTo("Accept");
        assertThat(answer.headers().get(HeaderNames.create("Content-Security-Policy")).get())
                .startsWith("default-src 'none';")
                .doesNotContain("unsafe");
    }

    @ParameterizedTest
    @CsvSource({
        "/page/page.css, text/css; charset=UTF-8",
        "/page/page.js, text/javascript; charset=UTF-8",
        "/page/icon.svg, image/svg+xml"
    })
    void givesTheFilesOfThePage(String path, String mediaType) {
        var answer = get(path);

        assertThat(answer.headers().get(HeaderNames.CONTENT_TYPE).get()).isEqualTo(mediaType);
        assertThat(answer.headers().get(HeaderNames.CACHE_CONTROL).get()).isEqualTo("no-cache");
    }

    @Test
    void hasNoOtherFiles() {
        assertThat(get("/page/index.html").status()).isEqualTo(Status.NOT_FOUND_404);
        assertThat(get("/page/..%2Fapplication.yaml").status()).isEqualTo(Status.NOT_FOUND_404);
    }

    @Test
    void givesAUserToABrowserAsJson() {
        var answer =
                client.get("/users/ana")
                        .header(HeaderNames.ACCEPT, "text/html")
                        .request(String.class);

        assertThat(answer.entity()).isEqualTo(ANA + "\n");
    }

    private ClientResponseTyped<String> root(String accept) {
        return client.get("/").header(HeaderNames.ACCEPT, accept).request(String.class);
    }

    @Test
    void findsAUserWhoseNameJsonEscapes() {
        var answer = get("/users/b%22o%0Ab");

        assertThat(answer.status()).isEqualTo(Status.OK_200);
        assertThat(answer.entity()).isEqualTo(BOB + "\n");
        assertThat(get("/users/b%5C%22o%5Cnb").status()).isEqualTo(Status.NOT_FOUND_404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH", "DELETE"})
    void saysWhyNothingCanBeWritten(String method) {
        var answer = client.method(Method.create(method)).path("/users/ana").request(String.class);

        assertThat(answer.status()).isEqualTo(Status.METHOD_NOT_ALLOWED_405);
        assertThat(answer.headers().get(HeaderNames.ALLOW).get()).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(answer.entity()).contains("set data.writable to true");
    }
}
