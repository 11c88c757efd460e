package todomanager.document;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.http.Page;
import todomanager.http.Problem;
import todomanager.http.ProblemDetails;
import todomanager.http.Revision;
import todomanager.json.JsonDocument;

@RoutingTest
class PageTest {
    private static final Revision REVISION = Revision.of("{}".getBytes(UTF_8));
    private static final String DOCUMENT = "{\"a\": 1, \"b\": 2, \"c\": 3}";

    @TempDir private static Path folder;

    @SuppressWarnings("NullAway.Init") // with the routes
    private static Path file;

    @SuppressWarnings("NullAway.Init") // with the routes
    private static LiveDocument<JsonItems> live;

    private final Http1Client client;

    PageTest(Http1Client client) {
        this.client = client;
    }

    @SetUpRoute
    static void routing(HttpRouting.Builder routing) throws IOException {
        file = Files.writeString(folder.resolve("data.json"), DOCUMENT);
        live = new LiveDocument<>(file, PageTest::read, Duration.ZERO);
        routing.any("/", live.pages(sequence -> sequence))
                .error(Problem.class, ProblemDetails::send);
    }

    @BeforeEach
    void serveTheDocument() throws IOException {
        Files.writeString(file, DOCUMENT);
        live.poll();
    }

    @Test
    void isGoneWhenTheDocumentHasChanged() throws IOException {
        String next = next("?limit=2");
        assertThat(get(next).entity()).isEqualTo("{\"c\":3}\n");

        Files.writeString(file, DOCUMENT.replace('a', 'A'));
        live.poll();
        var gone = get(next);

        assertThat(gone.status()).isEqualTo(Status.GONE_410);
        assertThat(gone.entity())
                .contains("The document has changed since that page: begin again without after.");
        assertThat(gone.headers().contains(HeaderNames.LINK)).isFalse();
        assertThat(next("?limit=2")).isNotEqualTo(next);
    }

    @Test
    void isThatOfItsRevisionAgainWhenTheDocumentIs() throws IOException {
        String next = next("?limit=1");
        Files.writeString(file, "{}");
        live.poll();
        serveTheDocument();

        assertThat(next("?limit=1")).isEqualTo(next);
        assertThat(get(next).entity()).isEqualTo("{\"b\":2}\n");
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
    void ofNothingIsTheWhole() throws IOException {
        Files.writeString(file, "{}");
        live.poll();
        var page = get("?limit=1");

        assertThat(page.status()).isEqualTo(Status.OK_200);
        assertThat(page.entity()).isEqualTo("{}\n");
        assertThat(page.headers().contains(HeaderNames.LINK)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "limit=1,                           0, 1",
        "limit=1000,                        0, 250",
        "%6Cimit=%31,                       0, 1",
        "other=1&limit=7&x=%zz,             0, 7",
        "after={revision}-1,                1, 101",
        "after={revision}-249,              249, 250",
        "limit=3&after={revision}-100,      100, 103",
        "after={revision}%2D100&limit=1000, 100, 250",
    })
    void isWhatTheQueryAsksFor(String query, int from, int to) {
        Page page = page(query, 250);

        assertThat(page.from()).isEqualTo(from);
        assertThat(page.to()).isEqualTo(to);
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
                    after={revision}-1&after=1  | Give each of limit and after once
                    after                       | Give each of limit and after once
                    after=                      | This is no page's after
                    after=1                     | This is no page's after
                    after={revision}            | This is no page's after
                    after={revision}-           | This is no page's after
                    after={revision}-0          | This is no page's after
                    after={revision}--1         | This is no page's after
                    after={revision}-01         | This is no page's after
                    after={revision}-250        | This is no page's after
                    after={revision}-4294967297 | This is no page's after
                    after={revision}-99999999999999999999 | This is no page's after
                    limit=0&after=0000000000000000-1      | The limit must
                    """)
    void isNothingElse(String query, String why) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> page(query, 250))
                .withMessageStartingWith(why)
                .satisfies(
                        problem -> assertThat(problem.status()).isEqualTo(Status.BAD_REQUEST_400));
    }

    @Test
    void isNotAskedForByOtherParameters() {
        assertThat(Page.of(UriQuery.create("Limit=1&before=%zz"), REVISION, 250)).isEmpty();
        assertThat(Page.of(UriQuery.empty(), REVISION, 250)).isEmpty();
    }

    private static Page page(String query, int size) {
        var asked = UriQuery.create(query.replace("{revision}", REVISION.value()));
        return Page.of(asked, REVISION, size).orElseThrow();
    }

    private String next(String query) {
        String link = get(query).headers().get(HeaderNames.LINK).get();
        assertThat(link).matches("<\\?limit=\\d+&after=[0-9a-f]{16}-\\d+>; rel=\"next\"");
        return link.substring(1, link.indexOf('>'));
    }

    private ClientResponseTyped<String> get(String query) {
        return client.get("/" + query).skipUriEncoding(true).request(String.class);
    }

    private String tag(String query) {
        return get(query).headers().get(HeaderNames.ETAG).get();
    }

    private static JsonItems read(byte[] json) {
        var members = JsonItems.object(json.length);
        JsonDocument.forEachMember(json, member -> members.add(member::writeMember));
        return members.build();
    }
}
