package todomanager.todo;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import todomanager.kit.LiveDocument;
import todomanager.kit.Problem;

@RoutingTest
class TodoRoutesTest {
    @TempDir private static Path folder;

    private final Http1Client client;

    TodoRoutesTest(Http1Client client) {
        this.client = client;
    }

    @SetUpRoute
    static void routing(HttpRouting.Builder routing) throws IOException {
        Path document =
                Files.writeString(
                        folder.resolve("todo.json"),
                        "{\"ana\": {\"home\": [\"Buy milk\"], \"work\": []}}");
        routing.register(new TodoRoutes(new LiveDocument<>(document, TodoLists::read)))
                .error(
                        Problem.class,
                        (request, response, problem) -> response.status(problem.status()).send());
    }

    @Test
    void greets() {
        var answer = client.get("/").request(String.class);

        assertThat(answer.status()).isEqualTo(Status.OK_200);
        assertThat(answer.headers().get(HeaderNames.CONTENT_TYPE).get()).isEqualTo("text/plain");
        assertThat(answer.entity()).isEqualTo("Todo service is up");
    }

    @Test
    void givesTheNamesOfAllLists() {
        var answer = client.get("/lists").request(String.class);

        assertThat(answer.status()).isEqualTo(Status.OK_200);
        assertThat(answer.entity()).isEqualTo("{\"lists\":[\"home\",\"work\"]}\n");
    }

    @Test
    void givesAUsersLists() {
        var answer = client.get("/lists/ana").request(String.class);

        assertThat(answer.status()).isEqualTo(Status.OK_200);
        assertThat(answer.entity()).isEqualTo("{\"home\":[\"Buy milk\"],\"work\":[]}\n");
    }

    @Test
    void doesNotFindTheListsOfAUserWhoHasNone() {
        assertThat(client.get("/lists/bob").request(String.class).status())
                .isEqualTo(Status.NOT_FOUND_404);
    }
}
