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
import java.time.Duration;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.document.DocumentResources;
import todomanager.document.LiveDocument;
import todomanager.http.Problem;
import todomanager.http.Revision;

@RoutingTest
class TodoRoutesTest {
    private static final String NAMES =
            "{\"lists\":[\"home\",\"work\",\"home\",\"\\\"\\n\",\"home, 2\"]}\n";

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
                        "{\"ana\": {\"home\": [\"Buy milk\"], \"work\": []},"
                                + " \"é\": {\"home\": [], \"\\\"\\n\": [], \"home, 2\": []}}");
        routing.register(
                        new TodoRoutes(
                                new DocumentResources<>(
                                        new LiveDocument<>(
                                                document, TodoLists::read, Duration.ZERO))))
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
        assertThat(answer.entity()).isEqualTo(NAMES);
        assertThat(answer.headers().contains(HeaderNames.LINK)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 1000})
    void givesPagesThatMakeTheNamesOfAllLists(int limit) {
        var names = new StringJoiner(",", "{\"lists\":[", "]}\n");
        int pages = 0;
        String query = "?limit=" + limit;
        while (!query.isEmpty()) {
            var page = client.get("/lists" + query).skipUriEncoding(true).request(String.class);
            assertThat(page.status()).isEqualTo(Status.OK_200);
            names.add(page.entity().replaceFirst("\\{\"lists\":\\[(.*)]}\n", "$1"));
            pages++;
            query =
                    page.headers()
                            .first(HeaderNames.LINK)
                            .map(link -> link.replaceFirst("<(.*)>; rel=\"next\"", "$1"))
                            .orElse("");
        }

        assertThat(names).hasToString(NAMES);
        assertThat(pages).isEqualTo((5 + limit - 1) / limit);
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
                        client.get("/lists?" + query)
                                .skipUriEncoding(true)
                                .request(String.class)
                                .status()
                                .code())
                .isEqualTo(status);
    }

    @Test
    void answersNotModifiedToOneWhoHasThePage() {
        String tag =
                client.get("/lists")
                        .queryParam("limit", "1")
                        .request(String.class)
                        .headers()
                        .get(HeaderNames.ETAG)
                        .get();
        var again =
                client.get("/lists")
                        .queryParam("limit", "1")
                        .header(HeaderNames.IF_NONE_MATCH, tag)
                        .request(String.class);

        assertThat(again.status()).isEqualTo(Status.NOT_MODIFIED_304);
        assertThat(again.headers().get(HeaderNames.ETAG).get()).isEqualTo(tag);
        assertThat(again.headers().contains(Revision.HEADER)).isTrue();
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
