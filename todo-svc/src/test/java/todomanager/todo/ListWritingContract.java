package todomanager.todo;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webclient.http1.Http1Client;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.contract.WritingContract;

/// What people write over HTTP, as the service answers it and keeps it.
@Timeout(60)
abstract class ListWritingContract extends WritingContract {
    static final String DOCUMENT =
            """
            {
              "bo": {"x": ["1"]},
              "ana": {
                "home": [
                  "Milk",
                  {"id": "x1", "title": "Bread", "completed": true}
                ],
                "work": []
              }
            }
            """;

    private static final String MILK = "7QnT_8NH18NguCx2";

    @SuppressWarnings("NullAway.Init") // before each test
    private String initial;

    ListWritingContract(Http1Client client, URI server) {
        super(client, server, "/lists/ana/home");
    }

    /// Puts a document in the place of the data.
    abstract void replace(String document) throws IOException;

    /// The data as a document.
    abstract String kept() throws IOException;

    @BeforeEach
    void reset() throws IOException {
        replace(DOCUMENT);
        initial = kept();
    }

    /// Each row of the API: the request, the status, and the body that it is answered with.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    GET    | /lists/ana                         |                             | 200 | {"home":["Milk"],"work":[]}
                    GET    | /lists/ana/home                    |                             | 200 | {"name":"home","items":[{"id":"MILK","title":"Milk","completed":false},{"id":"x1","title":"Bread","completed":true}]}
                    GET    | /lists/ana/home/items              |                             | 200 | [{"id":"MILK","title":"Milk","completed":false,"url":"URI/home/items/MILK"},{"id":"x1","title":"Bread","completed":true,"url":"URI/home/items/x1"}]
                    GET    | /lists/ana/home/items?completed=true |                           | 200 | [{"id":"x1","title":"Bread","completed":true,"url":"URI/home/items/x1"}]
                    GET    | /lists/ana/home/items/x1           |                             | 200 | {"id":"x1","title":"Bread","completed":true,"url":"URI/home/items/x1"}
                    PUT    | /lists/ana/new                     |                             | 201 | {"name":"new","items":[]}
                    PUT    | /lists/ana/work                    |                             | 200 | {"name":"work","items":[]}
                    PUT    | /lists/ana/work                    | {"items":["A",{"title":"B","id":"b"}]} | 200 | {"name":"work","items":[{"id":"QrQ3WPJmOz_e9Q_n","title":"A","completed":false},{"id":"b","title":"B","completed":false}]}
                    PATCH  | /lists/ana/home                    | {"name":"house"}            | 200 | {"name":"house","items":[{"id":"MILK","title":"Milk","completed":false},{"id":"x1","title":"Bread","completed":true}]}
                    PATCH  | /lists/ana/home/items              | {"completed":false}         | 200 | [{"id":"MILK","title":"Milk","completed":false,"url":"URI/home/items/MILK"},{"id":"x1","title":"Bread","completed":false,"url":"URI/home/items/x1"}]
                    PUT    | /lists/ana/home/items/x2           | {"title":" Tea ","after":null} | 201 | {"id":"x2","title":"Tea","completed":false,"url":"URI/home/items/x2"}
                    PUT    | /lists/ana/home/items/x1           | {"title":"Tea"}             | 200 | {"id":"x1","title":"Tea","completed":false,"url":"URI/home/items/x1"}
                    PATCH  | /lists/ana/home/items/x1           | {"due":"2026-12-01"}        | 200 | {"id":"x1","title":"Bread","completed":true,"due":"2026-12-01","url":"URI/home/items/x1"}
                    PATCH  | /lists/ana/home/items/x1           | {"list":"work"}             | 200 | {"id":"x1","title":"Bread","completed":true,"url":"URI/work/items/x1"}
                    DELETE | /lists/ana/home/items/x1           |                             | 204 |
                    DELETE | /lists/ana/home/items?completed=true |                           | 204 |
                    DELETE | /lists/ana/home                    |                             | 204 |
                    DELETE | /lists/ana                         |                             | 204 |
                    """)
    void answersEachRequestOfTheApi(
            String method, String path, String body, int status, String answer) {
        var response = send(method, path, body == null ? "" : body);

        assertThat(response.status().code()).isEqualTo(status);
        if (answer != null) {
            assertThat(response.entity())
                    .isEqualTo(answer.replace("MILK", MILK).replace("URI", uri("/ana")) + '\n');
        }
        assertThat(response.headers().contains(HeaderNames.ETAG)).isEqualTo(answer != null);
    }

    @Test
    void tellsWhereANewItemIs() {
        var added = send("POST", "/lists/ana/home/items", "{\"title\": \"Milk\"}");

        assertThat(added.status().code()).isEqualTo(201);
        String location = added.headers().get(HeaderNames.LOCATION).get();
        assertThat(location).startsWith(uri("/ana/home/items/"));
        var read = send("GET", location.substring(location.indexOf("/lists")), "");
        assertThat(read.entity()).isEqualTo(added.entity());
        assertThat(read.headers().get(HeaderNames.ETAG))
                .isEqualTo(added.headers().get(HeaderNames.ETAG));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    PUT    | /lists/ana/home/items/x1 | {"title": ""}            | 422 | /title
                    PUT    | /lists/ana/home/items/x1 | {"titel": "A"}           | 422 | did you mean \\"title\\"
                    PUT    | /lists/ana/home/items/x1 | {"title": "A"            | 400 | line 1, column
                    PUT    | /lists/ana/home/items/x1 | {"title": "A", "title": "B"} | 400 | line 1, column 16: /title: stands
                    PUT    | /lists/ana/home/items/x1 |                          | 400 | no body
                    PUT    | /lists/ana/a%5Cb         |                          | 422 | name of a list
                    POST   | /lists/ana/home/items    | {"title": "A", "id": "b"} | 422 | /id
                    PATCH  | /lists/ana/home          | {"name": "work"}         | 409 | /name
                    PATCH  | /lists/ana/none          | {"name": "work"}         | 404 | no such list
                    PATCH  | /lists/ana/home/items/x1 | {"after": "none"}        | 422 | /after
                    PATCH  | /lists/ana/home/items/x1 | {"list": "none"}         | 422 | /list
                    PATCH  | /lists/ana/home/items/no | {"completed": true}      | 404 | no such item
                    DELETE | /lists/ana/home/items/no |                          | 404 | no such item
                    DELETE | /lists/eve               |                          | 404 | no to-do lists
                    DELETE | /lists/ana/home/items?completed=yes |               | 400 | completed
                    DELETE | /lists/ana/home?completed=true |                    | 400 | no query
                    DELETE | /lists/ana?completed=true |                         | 400 | no query
                    PUT    | /lists/ana/new?x         |                          | 400 | no query
                    GET    | /lists/ana?view=all      |                          | 400 | view
                    """)
    void refusesWhatCantBeDone(String method, String path, String body, int status, String says)
            throws IOException {
        var response = send(method, path, body == null ? "" : body);

        assertThat(response.status().code()).isEqualTo(status);
        assertThat(response.entity()).contains(says);
        assertThat(kept()).isEqualTo(initial);
    }

    @Test
    void tellsWhatCanBeAdded() {
        var response = send("POST", "/lists/ana/home/items", "[]", "Content-Type", "text/plain");

        assertThat(response.status()).isEqualTo(Status.UNSUPPORTED_MEDIA_TYPE_415);
        assertThat(response.headers().get(HeaderNames.create("Accept-Post")).get())
                .isEqualTo("application/json");
    }

    @ParameterizedTest
    @CsvSource({"65537, 413", "65536, 422"})
    void takesBodiesOf64KiB(int size, int status) {
        String head = "{\"title\": \"";
        String body = head + "x".repeat(size - head.length() - 2) + "\"}";

        assertThat(send("PUT", "/lists/ana/home/items/x1", body).status().code()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/lists/ana",
                "/lists/ana/home",
                "/lists/ana/home/items",
                "/lists/ana/home/items?completed=true",
                "/lists/ana/home/items/x1"
            })
    void changesNothingThatIsNotWhatTheClientHasSeen(String path) throws IOException {
        var seen = send("GET", path, "").headers().get(HeaderNames.ETAG);
        var other = send("DELETE", path, "", "If-Match", "\"other\"");
        assertThat(other.status()).isEqualTo(Status.PRECONDITION_FAILED_412);
        assertThat(other.headers().get(HeaderNames.ETAG)).isEqualTo(seen);
        assertThat(kept()).isEqualTo(initial);

        assertThat(send("DELETE", path, "", "If-Match", seen.get()).status())
                .isEqualTo(Status.NO_CONTENT_204);
    }

    @Test
    void saysThatATagStandsInQuotes() throws IOException {
        var tag = send("GET", "/lists/ana/home", "").headers().get(HeaderNames.ETAG).get();

        var answer = send("DELETE", "/lists/ana/home", "", "If-Match", tag.replace("\"", ""));
        assertThat(answer.status()).isEqualTo(Status.PRECONDITION_FAILED_412);
        assertThat(answer.entity()).contains("double quotes");
        assertThat(kept()).isEqualTo(initial);
    }

    @Test
    void makesNothingAnewThatIsThere() {
        assertThat(send("PUT", "/lists/ana/home", "", "If-None-Match", "*").status())
                .isEqualTo(Status.PRECONDITION_FAILED_412);
        assertThat(send("PUT", "/lists/ana/new", "", "If-None-Match", "*").status())
                .isEqualTo(Status.CREATED_201);
        assertThat(send("PUT", "/lists/ana/other", "", "If-Match", "*").status())
                .isEqualTo(Status.PRECONDITION_FAILED_412);
    }

    @Test
    void givesAllItemsInOneAnswerEachWithItsTag() {
        String tag =
                send("GET", "/lists/ana/home/items/x1", "").headers().get(HeaderNames.ETAG).get();

        assertThat(send("GET", "/lists/ana?view=items", "").entity())
                .contains(
                        "{\"id\":\"x1\",\"title\":\"Bread\",\"completed\":true,\"etag\":\"%s\"}"
                                .formatted(tag.replace("\"", "\\\"")))
                .endsWith("],\"work\":[]}\n");
    }

    private String uri(String path) {
        return server + "/lists" + path;
    }
}
