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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import todomanager.kit.LiveDocument;
import todomanager.kit.Problem;

@RoutingTest
class UserRoutesTest {
    private static final StubTodoService TODO_SERVICE = new StubTodoService();

    @TempDir private static Path folder;

    private final Http1Client client;

    UserRoutesTest(Http1Client client) {
        this.client = client;
    }

    @SetUpRoute
    static void routing(HttpRouting.Builder routing) throws IOException {
        Path document =
                Files.writeString(
                        folder.resolve("users.json"),
                        "{\"ana\": {\"id\": 1, \"name\": \"Ana\", \"verified\": 1}}");
        var users = new LiveDocument<>(document, Users::read);
        routing.register(new UserRoutes(users, new TodoClient(TODO_SERVICE.uri())))
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
        assertThat(answer.entity())
                .isEqualTo("{\"ana\":{\"id\":1,\"name\":\"Ana\",\"verified\":1}}\n");
    }

    @Test
    void findsAUser() {
        var answer = client.get("/users/ana").request(String.class);

        assertThat(answer.status()).isEqualTo(Status.OK_200);
        assertThat(answer.entity()).isEqualTo("{\"id\":1,\"name\":\"Ana\",\"verified\":1}\n");
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
