package todomanager.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webclient.api.ClientResponseTyped;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A service's collection, its pages and members, and the description of all that.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class CollectionContract {
    private static final HeaderName REVISION = HeaderNames.create("X-Data-Revision");
    private static final List<HeaderName> OF_HEAD =
            List.of(
                    HeaderNames.CONTENT_LENGTH,
                    HeaderNames.CONTENT_TYPE,
                    HeaderNames.ETAG,
                    HeaderNames.LINK,
                    REVISION);

    /// The schemas of a description that are those of a document's members.
    private static final Map<String, String> SCHEMAS = Map.of("User", "users.schema.json");

    protected final Http1Client client;
    private final Collection collection;

    /// The collection in the document of a test.
    ///
    /// @param path `/NAMES`
    /// @param items each as it is served among others
    /// @param frame what is served of all, with `%s` for the items
    /// @param member the path of one
    /// @param body of that member
    /// @param unknown the path of a member that there is not
    /// @param others paths of further resources
    public record Collection(
            String path,
            List<String> items,
            String frame,
            String member,
            String body,
            String unknown,
            List<String> others) {}

    protected CollectionContract(Http1Client client, Collection collection) {
        this.client = client;
        this.collection = collection;
    }

    /// All of the service, over that document.
    protected abstract HttpService routes();

    @Test
    void greetsInPlainText() {
        var answer = get("/");

        assertThat(answer.status().code()).isEqualTo(200);
        assertThat(answer.headers().get(HeaderNames.CONTENT_TYPE).get()).isEqualTo("text/plain");
    }

    @Test
    void givesAllItems() {
        var answer = get(collection.path);

        assertThat(answer.status().code()).isEqualTo(200);
        assertThat(answer.headers().get(HeaderNames.CONTENT_TYPE).get())
                .isEqualTo("application/json");
        assertThat(answer.entity())
                .isEqualTo(collection.frame.formatted(String.join(",", collection.items)));
        assertThat(answer.headers().contains(HeaderNames.LINK)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 1000})
    void givesPagesThatMakeAllItems(int limit) {
        String frame = collection.frame;
        int behind = frame.length() - frame.indexOf("%s") - "%s".length();
        var items = new StringJoiner(",");
        int pages = 0;
        String query = "?limit=" + limit;
        while (!query.isEmpty()) {
            var page = get(collection.path + query);
            assertThat(page.status().code()).isEqualTo(200);
            String body = page.entity();
            items.add(body.substring(frame.indexOf("%s"), body.length() - behind));
            pages++;
            query =
                    page.headers()
                            .first(HeaderNames.LINK)
                            .map(link -> link.replaceFirst("<(.*)>; rel=\"next\"", "$1"))
                            .orElse("");
        }

        assertThat(items).hasToString(String.join(",", collection.items));
        assertThat(pages).isEqualTo((collection.items.size() + limit - 1) / limit);
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
        requireProblem(get(collection.path + "?" + query), status);
    }

    @Test
    void findsAMember() {
        var answer = get(collection.member);

        assertThat(answer.status().code()).isEqualTo(200);
        assertThat(answer.entity()).isEqualTo(collection.body);
        assertThat(answer.headers().contains(REVISION)).isTrue();
    }

    @Test
    void doesNotFindAnUnknownMember() {
        requireProblem(get(collection.unknown), 404);
    }

    @Test
    void sendsNothingAgainToWhoHasIt() {
        for (String path : resources()) {
            var answer = get(path);
            var again = get(path, HeaderNames.IF_NONE_MATCH, tag(answer));

            assertThat(again.status().code()).as(path).isEqualTo(304);
            assertThat(tag(again)).as(path).isEqualTo(tag(answer));
            assertThat(again.headers().first(REVISION)).isEqualTo(answer.headers().first(REVISION));
        }
    }

    @Test
    void sendsNothingToWhoWantsAnother() {
        for (String path : resources()) {
            requireProblem(get(path, HeaderNames.IF_MATCH, "\"another\""), 412);
        }
    }

    @Test
    void answersHeadWithTheHeadersOfGet() {
        for (String path : resources()) {
            var get = get(path);
            try (var head =
                    client.head(path).skipUriEncoding(true).request()) { // no body to wait for
                assertThat(head.status()).as(path).isEqualTo(get.status());
                for (HeaderName name : OF_HEAD) {
                    assertThat(head.headers().first(name)).isEqualTo(get.headers().first(name));
                }
            }
        }
    }

    @Test
    void allowsNothingButToRead() {
        for (String path : resources()) {
            var options = send(Method.OPTIONS, path);
            var post = send(Method.POST, path);

            assertThat(options.status().code()).as(path).isEqualTo(204);
            requireProblem(post, 405);
            for (var answer : List.of(options, post)) {
                assertThat(answer.headers().get(HeaderNames.ALLOW).get())
                        .isEqualTo("GET, HEAD, OPTIONS");
            }
        }
    }

    @Test
    void hasADescriptionOfEachRouteAndItsMethods() throws IOException {
        var paths = new ArrayList<>(List.of("/openapi")); // the kit's
        routes().routing(recorder(paths));
        JsonObject described = description().getJsonObject("paths");

        assertThat(described.keySet()).hasSizeGreaterThan(1).hasSameElementsAs(paths);
        assertThat(described.values())
                .allSatisfy(path ->
                        assertThat(path.asJsonObject().keySet())
                                .contains("parameters", "get", "head", "options"));
    }

    @Test
    void hasADescriptionWithTheSchemasOfTheDocuments() throws IOException {
        JsonObject schemas = description().getJsonObject("components").getJsonObject("schemas");

        assertThat(schemas).containsKey("Lists");
        for (var schema : SCHEMAS.entrySet()) {
            JsonObject document = read(DocumentContract.DATABASE.resolve(schema.getValue()));
            assertThat(schemas.getOrDefault(schema.getKey(), document.get("additionalProperties")))
                    .isEqualTo(document.get("additionalProperties"));
        }
    }

    protected final ClientResponseTyped<String> get(String path) {
        return send(Method.GET, path);
    }

    private ClientResponseTyped<String> get(String path, HeaderName header, String value) {
        return send(Method.GET, path, HeaderValues.create(header, value));
    }

    private ClientResponseTyped<String> send(Method method, String path, Header... headers) {
        var request = client.method(method).uri(path).skipUriEncoding(true);
        Stream.of(headers).forEach(request::header);
        return request.request(String.class);
    }

    private List<String> resources() {
        return Stream.concat(
                        Stream.of(
                                "/",
                                collection.path,
                                collection.path + "?limit=1",
                                collection.member),
                        collection.others.stream())
                .toList();
    }

    private static String tag(ClientResponseTyped<String> answer) {
        return answer.headers().get(HeaderNames.ETAG).get();
    }

    private static void requireProblem(ClientResponseTyped<String> answer, int status) {
        assertThat(answer.status().code()).isEqualTo(status);
        assertThat(answer.headers().get(HeaderNames.CONTENT_TYPE).get())
                .isEqualTo("application/problem+json");
    }

    /// Rules that add each path that gets a handler.
    private static HttpRules recorder(List<String> paths) {
        return (HttpRules)
                Proxy.newProxyInstance(
                        HttpRules.class.getClassLoader(),
                        new Class<?>[] {HttpRules.class},
                        (rules, method, arguments) -> {
                            paths.add((String) arguments[0]);
                            return rules;
                        });
    }

    private static JsonObject description() throws IOException {
        return read(Path.of("src/main/resources/openapi.json"));
    }

    private static JsonObject read(Path file) throws IOException {
        try (var reader = Json.createReader(Files.newInputStream(file))) {
            return reader.readObject();
        }
    }
}
