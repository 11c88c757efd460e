package todomanager.todo;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import todomanager.document.LiveDocument;
import todomanager.http.Problem;
import todomanager.http.ProblemDetails;
import todomanager.testkit.contract.CollectionContract;
import todomanager.todo.store.DocumentStore;
import todomanager.todo.store.TodoLists;

@RoutingTest
class TodoRoutesTest extends CollectionContract {
    private static final Collection LISTS =
            new Collection(
                    "/lists",
                    List.of("\"home\"", "\"work\"", "\"home\"", "\"\\\"\\n\"", "\"home, 2\""),
                    "{\"lists\":[%s]}\n",
                    "/lists/ana",
                    "{\"home\":[\"Buy milk\"],\"work\":[]}\n",
                    "/lists/bob",
                    List.of());

    @TempDir private static Path folder;

    @SuppressWarnings("NullAway.Init") // with the routing
    private static TodoRoutes routes;

    TodoRoutesTest(Http1Client client) {
        super(client, LISTS);
    }

    @SetUpRoute
    static void routing(HttpRouting.Builder routing) throws IOException {
        Path document =
                Files.writeString(
                        folder.resolve("todo.json"),
                        "{\"ana\": {\"home\": [\"Buy milk\"], \"work\": []},"
                                + " \"é\": {\"home\": [], \"\\\"\\n\": [], \"home, 2\": []}}");
        var todoLists = new LiveDocument<>(document, TodoLists::read, Duration.ZERO);
        routes = new TodoRoutes(new DocumentStore(todoLists, Optional.empty()), Optional.empty());
        routing.register(routes).error(Problem.class, ProblemDetails::send);
    }

    @Override
    protected HttpService routes() {
        return routes;
    }

    @Test
    void greets() {
        assertThat(get("/").entity()).isEqualTo("Todo service is up");
    }
}
