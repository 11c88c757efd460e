package todomanager.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webclient.api.ClientResponseTyped;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.testing.junit5.RoutingTest;
import io.helidon.webserver.testing.junit5.SetUpRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.http.Page;
import todomanager.http.Problem;
import todomanager.http.ProblemDetails;
import todomanager.json.JsonDocument;

@RoutingTest
class PageTest {
    @TempDir private static Path folder;

    @SuppressWarnings("NullAway.Init") // with the routes
    private static Path file;

    @SuppressWarnings("NullAway.Init") // with the routes
    private static LiveDocument<JsonMembers> live;

    private final Http1Client client;

    PageTest(Http1Client client) {
        this.client = client;
    }

    @SetUpRoute
    static void routing(HttpRouting.Builder routing) throws IOException {
        file = Files.writeString(folder.resolve("data.json"), "{}");
        live = new LiveDocument<>(file, PageTest::read, Duration.ZERO);
        routing.any("/", new DocumentResources<>(live).pages(members -> members))
                .error(Problem.class, ProblemDetails::send);
    }

    @BeforeEach
    void serveThree() throws IOException {
        serve("{'a': 1, 'b': 2, 'c': 3}");
    }

    @Test
    void goesOnBehindTheItemThatItComesAfterWhateverElseChanges() throws IOException {
        String next = next("?limit=2");
        serve("{'new': 0, 'b': 22, 'newer': 0, 'c': 3}");

        assertThat(get(next).entity()).isEqualTo("{\"newer\":0,\"c\":3}\n");
    }

    @Test
    void isGoneWhenTheItemThatItComesAfterIs() throws IOException {
        String next = next("?limit=2");
        serve("{'a': 1, 'c': 3}");
        var gone = get(next);

        assertThat(gone.status()).isEqualTo(Status.GONE_410);
        assertThat(gone.entity())
                .contains(
                        "The item that this page comes after is gone: begin again without after.");
        assertThat(gone.headers().contains(HeaderNames.LINK)).isFalse();
    }

    @Test
    void comesAfterAKeyOfAnyCharacters() throws IOException {
        serve("{'ö😀 &+/?#%41': 1, 'b': 2}");

        assertThat(get(next("?limit=1")).entity()).isEqualTo("{\"b\":2}\n");
    }

    @Test
    void hasATagOfItsOwn() {
        assertThat(tag("?limit=1"))
                .isEqualTo(tag("?limit=1"))
                .isNotEqualTo(tag("?limit=2"))
                .isNotEqualTo(tag(next("?limit=1")))
                .isNotEqualTo(tag(""));
    }

    @Test
    void hasAnotherTagWhenAnotherPageFollows() throws IOException {
        String last = tag("?limit=3");
        serve("{'a': 1, 'b': 2, 'c': 3, 'd': 4}");

        assertThat(tag("?limit=3")).isNotEqualTo(last);
    }

    @Test
    void ofNothingIsTheWhole() throws IOException {
        serve("{}");
        var page = get("?limit=1");

        assertThat(page.status()).isEqualTo(Status.OK_200);
        assertThat(page.entity()).isEqualTo("{}\n");
        assertThat(page.headers().contains(HeaderNames.LINK)).isFalse();
    }

    @Test
    void behindTheLastItemIsEmpty() {
        var page = get("?after=c");

        assertThat(page.status()).isEqualTo(Status.OK_200);
        assertThat(page.entity()).isEqualTo("{}\n");
        assertThat(page.headers().contains(HeaderNames.LINK)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "limit=1,                   1,",
        "limit=1000,                1000,",
        "%6Cimit=%31,               1,",
        "other=1&limit=7&x=%zz,     7,",
        "after=0,                   100, 0",
        "limit=3&after=99,          3, 99",
        "after=%39%39&limit=1000,   1000, 99",
    })
    void isWhatTheQueryAsksFor(String query, int limit, @Nullable String after) {
        assertThat(page(query)).isEqualTo(new Page(limit, Optional.ofNullable(after)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    limit                       | Give each of limit and after once
                    limit=                      | The limit must
                    limit=0                     | The limit must
                    limit=-1                    | The limit must
                    limit=+1                    | The limit must
                    limit=1.0                   | The limit must
                    limit=1e1                   | The limit must
                    limit=007                   | The limit must
                    limit=1001                  | The limit must
                    limit=99999999999999999999  | The limit must
                    limit=ten                   | The limit must
                    limit=%C3                   | The limit must
                    limit=١                     | The limit must
                    limit=1&limit=1             | Give each of limit and after once
                    after=1&after=1             | Give each of limit and after once
                    after                       | Give each of limit and after once
                    limit=0&after=1             | The limit must
                    """)
    void isNothingElse(String query, String why) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> page(query))
                .withMessageStartingWith(why)
                .satisfies(
                        problem -> assertThat(problem.status()).isEqualTo(Status.BAD_REQUEST_400));
    }

    @Test
    void isNotAskedForByOtherParameters() {
        assertThat(Page.of(UriQuery.create("Limit=1&before=%zz"))).isEmpty();
        assertThat(Page.of(UriQuery.empty())).isEmpty();
    }

    private static Page page(String query) {
        return Page.of(UriQuery.create(query)).orElseThrow();
    }

    private String next(String query) {
        String link = get(query).headers().get(HeaderNames.LINK).get();
        assertThat(link).matches("<\\?limit=\\d+&after=[\\w.~%-]+>; rel=\"next\"");
        return link.substring(1, link.indexOf('>'));
    }

    private ClientResponseTyped<String> get(String query) {
        return client.get("/" + query).skipUriEncoding(true).request(String.class);
    }

    private String tag(String query) {
        return get(query).headers().get(HeaderNames.ETAG).get();
    }

    private static void serve(String document) throws IOException {
        Files.writeString(file, document.replace('\'', '"'));
        live.poll();
    }

    private static JsonMembers read(byte[] json) {
        var members = new JsonMembers.Builder(json);
        JsonDocument.forEachMember(json, "", members);
        return members.build();
    }
}
