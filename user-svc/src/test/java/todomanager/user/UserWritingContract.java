package todomanager.user;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webclient.api.ClientResponseTyped;
import io.helidon.webclient.http1.Http1Client;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.Faults;
import todomanager.testkit.StubTodoService;
import todomanager.testkit.StubTodoService.Behaviour;
import todomanager.testkit.StubTodoService.Request;
import todomanager.testkit.contract.WritingContract;
import todomanager.text.UriPath;

/// What people write of users over HTTP, as the service answers it and keeps it.
@Timeout(60)
abstract class UserWritingContract extends WritingContract {
    static final String DOCUMENT =
            """
            {
              "bo": {"share": 2.50, "id": 1e1, "name": "Bo", "verified": 1.0},
              "ana": {
                "id": 7,
                "name": "Ana",
                "verified": 1,
                "team": {"name": "green", "since": [2020, null]}
              },
              "c;d e": {"id": -3, "name": "C", "verified": 0}
            }
            """;

    static final String ANA =
            "{\"id\":7,\"name\":\"Ana\",\"verified\":1,\"team\":{\"name\":\"green\",\"since\":[2020,null]}}\n";

    private static final Behaviour GONE = Faults.head("204 None\r\n");
    private static final Behaviour NO_LISTS = problem("404 No");
    private static final Behaviour READ_ONLY = problem("405 No\r\nAllow: GET, HEAD, OPTIONS");
    static final StubTodoService TODO_SERVICE = new StubTodoService();

    @SuppressWarnings("NullAway.Init") // before each test
    private String initial;

    UserWritingContract(Http1Client client, URI server) {
        super(client, server, "/users/ana");
    }

    /// Puts a document in the place of the data.
    abstract void replace(String document) throws IOException;

    /// The data as a document.
    abstract String kept() throws IOException;

    /// Of what is kept once the change is done.
    abstract void requireRevision(ClientResponseTyped<String> response);

    @BeforeEach
    void reset() throws IOException {
        TODO_SERVICE.behaves(NO_LISTS);
        replace(DOCUMENT);
        TODO_SERVICE.requests().clear();
        initial = kept();
    }

    /// Each row of the API: the request, the status, and the body that it is answered with.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    PUT    | /users/eve | {"name":"Eve"}                             | 201 | {"id":11,"name":"Eve","verified":0}
                    PUT    | /users/eve | {"team":"x","verified":1,"name":"Eve"}     | 201 | {"id":11,"name":"Eve","verified":1,"team":"x"}
                    PUT    | /users/eve | {"id":8.0,"name":"Eve","a":1.50,"b":null}  | 201 | {"id":8,"name":"Eve","verified":0,"a":1.50,"b":null}
                    PUT    | /users/eve | {"id":123456789012345678901234567890,"name":"Eve"} | 201 | {"id":123456789012345678901234567890,"name":"Eve","verified":0}
                    PUT    | /users/ana | {"name":"Ana B"}                           | 200 | {"id":7,"name":"Ana B","verified":0}
                    PUT    | /users/ana | {"name":"Ana","id":7e0,"verified":1,"a":[{"b":1}]} | 200 | {"id":7,"name":"Ana","verified":1,"a":[{"b":1}]}
                    PUT    | /users/bo  | {"name":"Bo","share":2.5}                  | 200 | {"share":2.5,"id":10,"name":"Bo","verified":0}
                    PATCH  | /users/ana | {"name":"Ana B"}                           | 200 | {"id":7,"name":"Ana B","verified":1,"team":{"name":"green","since":[2020,null]}}
                    PATCH  | /users/ana | {"verified":0,"team":null,"id":7}          | 200 | {"id":7,"name":"Ana","verified":0}
                    PATCH  | /users/ana | {"team":{"name":null,"a":{"b":null}}}      | 200 | {"id":7,"name":"Ana","verified":1,"team":{"since":[2020,null],"a":{}}}
                    PATCH  | /users/bo  | {"team":"x"}                               | 200 | {"share":2.50,"id":10,"name":"Bo","verified":1,"team":"x"}
                    PATCH  | /users/c%3Bd%20e | {"verified":1}                         | 200 | {"id":-3,"name":"C","verified":1}
                    DELETE | /users/ana |                                            | 204 |
                    DELETE | /users/c%3Bd%20e |                                        | 204 |
                    """)
    void answersEachRequestOfTheApi(
            String method, String path, String body, int status, String answer) {
        var response = send(method, path, body == null ? "" : body);

        assertThat(response.status().code()).isEqualTo(status);
        if (answer != null) {
            assertThat(response.entity()).isEqualTo(answer + '\n');
            var read = send("GET", path, "");
            assertThat(read.entity()).isEqualTo(response.entity());
            assertThat(read.headers().get(HeaderNames.ETAG))
                    .isEqualTo(response.headers().get(HeaderNames.ETAG));
        } else {
            assertThat(response.headers().contains(HeaderNames.ETAG)).isFalse();
            assertThat(send("GET", path, "").status()).isEqualTo(Status.NOT_FOUND_404);
        }
        requireRevision(response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"eve", "eve@example.org", "%C3%A9", ".e"})
    void tellsWhereANewUserIs(String username) {
        var made = send("PUT", "/users/" + username, "{\"name\": \"Eve\"}");

        assertThat(made.status()).isEqualTo(Status.CREATED_201);
        String location = made.headers().get(HeaderNames.LOCATION).get();
        assertThat(location).startsWith(server + "/users/");
        assertThat(send("GET", location.substring(server.length()), "").entity())
                .isEqualTo(made.entity());
        var again = send("PUT", "/users/" + username, "{\"name\": \"Eve\"}");
        assertThat(again.status()).isEqualTo(Status.OK_200);
        assertThat(again.headers().contains(HeaderNames.LOCATION)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    PUT    | /users/eve  | {}                           | 422 | "pointer":"","detail":"has no member \\"name\\""
                    PUT    | /users/eve  | []                           | 422 | "pointer":"","detail":"expected an object
                    PUT    | /users/eve  | {"name":""}                  | 422 | "pointer":"/name"
                    PUT    | /users/eve  | {"name":null}                | 422 | "pointer":"/name"
                    PUT    | /users/eve  | {"name":"E","verified":2}    | 422 | "pointer":"/verified"
                    PUT    | /users/eve  | {"name":"E","verified":null} | 422 | "pointer":"/verified"
                    PUT    | /users/eve  | {"name":"E","id":1.5}        | 422 | "pointer":"/id"
                    PUT    | /users/eve  | {"name":"E","id":null}       | 422 | "pointer":"/id"
                    PUT    | /users/eve  | {"name":1,"id":"","verified":""} | 422 | {"pointer":"/id","detail":"expected an integer, found \\"\\""},{"pointer":"/verified","detail":"expected 0 or 1, found \\"\\""}
                    PUT    | /users/eve  | {"name":"E","id":7}          | 409 | "pointer":"/id"
                    PUT    | /users/eve  | {"name":"E","id":10}         | 409 | "pointer":"/id"
                    PUT    | /users/ana  | {"name":"A","id":8}          | 422 | "pointer":"/id"
                    PUT    | /users/ana  | {"name":"A","id":10}         | 422 | "pointer":"/id"
                    PUT    | /users/eve  | {"name":"E"                  | 400 | line 1, column
                    PUT    | /users/eve  | {"name":"E","name":"F"}      | 400 | line 1, column 13
                    PUT    | /users/eve  |                              | 400 | no body
                    PATCH  | /users/eve  | {"name":"E"}                 | 404 | no such user
                    PATCH  | /users/a%00 | {"name":"E"}                 | 404 | no such user
                    DELETE | /users/a%00 |                              | 404 | no such user
                    PATCH  | /users/ana  | []                           | 422 | "pointer":""
                    PATCH  | /users/ana  | null                         | 422 | "pointer":""
                    PATCH  | /users/ana  | {"name":""}                  | 422 | "pointer":"/name"
                    PATCH  | /users/ana  | {"name":null,"verified":null} | 422 | {"pointer":"/name","detail":"expected a string that is not empty, found null"},{"pointer":"/verified","detail":"expected 0 or 1, found null"}
                    PATCH  | /users/ana  | {"id":null}                  | 422 | "pointer":"/id"
                    PATCH  | /users/ana  | {"id":8}                     | 422 | "pointer":"/id"
                    PATCH  | /users/ana  |                              | 400 | no body
                    DELETE | /users/eve  |                              | 404 | no such user
                    POST   | /users/eve  | {}                           | 405 | Allow
                    DELETE | /users/ana?x=1 |                           | 400 | no query
                    PUT    | /users/eve?x | {"name":"E"}                | 400 | no query
                    """)
    void refusesWhatCantBeDone(String method, String path, String body, int status, String says)
            throws IOException {
        var response = send(method, path, body == null ? "" : body);

        assertThat(response.status().code()).isEqualTo(status);
        assertThat(response.entity()).contains(says);
        assertThat(response.headers().contains(HeaderNames.LOCATION)).isFalse();
        assertThat(kept()).isEqualTo(initial);
        assertThat(TODO_SERVICE.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "Z9",
                "a.b_c-d@e",
                "é",
                "अनिकेत",
                "สมชาย",
                "аня",
                "٣",
                "...",
                ".a",
                "-",
                "𠀀"
            })
    void takesNewUsernamesOfAnyScript(String username) {
        String path = "/users/" + UriPath.segment(username);

        assertThat(send("PUT", path, "{\"name\": \"E\"}").status()).isEqualTo(Status.CREATED_201);
        assertThat(send("GET", path, "").status()).isEqualTo(Status.OK_200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".", "..", " ", "a b", "a;b", "a\\b", "a\u0000", "a\n", "a\u200b", "\ufffd", "😀",
                "½"
            })
    void refusesOtherNewUsernames(String username) throws IOException {
        requireRefused(username, "letters and digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"e\u0301", "\u2126"})
    void refusesNewUsernamesThatOnlyLookLikeThoseThatOthersType(String username)
            throws IOException {
        requireRefused(username, "NFC");
    }

    private void requireRefused(String username, String says) throws IOException {
        var refused = send("PUT", "/users/" + UriPath.segment(username), "{\"name\": \"E\"}");

        assertThat(refused.status()).isEqualTo(Status.UNPROCESSABLE_CONTENT_422);
        assertThat(refused.entity()).contains(says).doesNotContain("errors");
        assertThat(kept()).isEqualTo(initial);
    }

    @ParameterizedTest
    @CsvSource({"64, 201", "65, 422"})
    void takesUsernamesOf64Characters(int length, int status) {
        String path = "/users/" + UriPath.segment("𠀀".repeat(length));

        assertThat(send("PUT", path, "{\"name\": \"E\"}").status().code()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"PUT, 65537, 413", "PUT, 65536, 422", "PATCH, 65537, 413", "PATCH, 65536, 422"})
    void takesBodiesOf64KiB(String method, int size, int status) throws IOException {
        String body = body(size);

        var refused = send(method, "/users/ana", body);

        assertThat(refused.status().code()).isEqualTo(status);
        assertThat(refused.entity()).contains("64 KiB");
        assertThat(kept()).isEqualTo(initial);
    }

    /// Of the text in the document, with its white space.
    @ParameterizedTest
    @CsvSource({"65536, 201", "65537, 422"})
    void keepsNoMoreThan64KiBOfAUser(int size, int status) throws IOException {
        int around = "{\n    \"id\": 11,\n    \"name\": \"\",\n    \"verified\": 0\n  }".length();
        String body = "{\"name\":\"" + "x".repeat(size - around) + "\"}";

        assertThat(send("PUT", "/users/eve", body).status().code()).isEqualTo(status);
    }

    @Test
    void letsAUserWhomSomebodyHasWrittenTooLargeBecomeSmaller() throws IOException {
        String large =
                "{\"id\": 7, \"name\": \"A\", \"verified\": 0, \"a\": \"%s\", \"b\": 1}"
                        .formatted("x".repeat(65_536));
        replace("{\"ana\": " + large + "}");

        assertThat(send("PATCH", "/users/ana", "{\"c\": \"more\"}").status().code()).isEqualTo(422);
        assertThat(send("PATCH", "/users/ana", "{\"b\": null}").status().code()).isEqualTo(200);
    }

    /// A user stands a level deeper in the document than in a body.
    @ParameterizedTest
    @CsvSource({"PUT, 99, 200", "PUT, 100, 422", "PATCH, 99, 200", "PATCH, 100, 422"})
    void keepsNothingThatCouldNotBeReadAgain(String method, int depth, int status) {
        String body = "{\"name\":\"A\",\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}";

        var answer = send(method, "/users/ana", body);

        assertThat(answer.status().code()).isEqualTo(status);
        assertThat(send("PATCH", "/users/ana", "{\"verified\": 0}").status().code()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    PATCH | /users/ana | {}
                    PATCH | /users/ana | {"name":"Ana","none":null,"team":{"name":"green"}}
                    PUT   | /users/ana | {"verified":1,"name":"Ana","team":{"name":"green","since":[2020,null]}}
                    PATCH | /users/bo  | {"id":10,"verified":1,"share":2.50}
                    PUT   | /users/bo  | {"share":2.50,"id":10,"name":"Bo","verified":1}
                    """)
    void writesNothingThatIsThereAlready(String method, String path, String body)
            throws IOException {
        var before = send("GET", path, "");

        var answer = send(method, path, body);

        assertThat(answer.status()).isEqualTo(Status.OK_200);
        assertThat(answer.entity()).isEqualTo(before.entity());
        assertThat(kept()).isEqualTo(initial);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    PUT    | {"name":"A"}
                    PATCH  | {"name":"A"}
                    DELETE |
                    """)
    void changesNothingThatIsNotWhatTheClientHasSeen(String method, String body)
            throws IOException {
        String change = body == null ? "" : body;
        for (String path : new String[] {"/users/ana", "/users/bo"}) {
            var seen = send("GET", path, "").headers().get(HeaderNames.ETAG);
            var other = send(method, path, change, "If-Match", "\"other\"");
            assertThat(other.status()).isEqualTo(Status.PRECONDITION_FAILED_412);
            assertThat(other.headers().get(HeaderNames.ETAG)).isEqualTo(seen);
            assertThat(TODO_SERVICE.requests()).isEmpty();

            assertThat(send(method, path, change, "If-Match", seen.get()).status().code())
                    .isBetween(200, 204);
            TODO_SERVICE.requests().clear();
        }
    }

    @Test
    void makesNobodyAnewWhoIsThere() throws IOException {
        String name = "{\"name\": \"A\"}";
        assertThat(send("PUT", "/users/ana", name, "If-None-Match", "*").status())
                .isEqualTo(Status.PRECONDITION_FAILED_412);
        var missing = send("PUT", "/users/eve", name, "If-Match", "*");
        assertThat(missing.status()).isEqualTo(Status.PRECONDITION_FAILED_412);
        assertThat(missing.headers().contains(HeaderNames.LOCATION)).isFalse();
        assertThat(kept()).isEqualTo(initial);

        assertThat(send("PUT", "/users/eve", name, "If-None-Match", "*").status())
                .isEqualTo(Status.CREATED_201);
    }

    @Test
    void givesAnIdOfWhichThereIsRoomForOneUserOnce() throws Exception {
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses =
                    IntStream.range(0, 20)
                            .mapToObj(i ->
                                    clients.submit(() ->
                                            send(
                                                            "PUT",
                                                            "/users/u" + i,
                                                            "{\"name\": \"U\", \"id\": 5}")
                                                    .status()
                                                    .code()))
                            .toList();
            int created = 0;
            for (var status : statuses) {
                created += status.get() == 201 ? 1 : 0;
            }
            assertThat(created).isEqualTo(1);
            assertThat(statuses.stream().map(s -> s.resultNow()).collect(toSet()))
                    .containsExactlyInAnyOrder(201, 409);
        }
    }

    @Test
    void givesTheIdOfAUserWhoIsGoneAgain() {
        send("PUT", "/users/eve", "{\"name\": \"Eve\", \"id\": 5}");
        send("DELETE", "/users/eve", "");

        assertThat(send("PUT", "/users/fay", "{\"name\": \"Fay\", \"id\": 5}").status())
                .isEqualTo(Status.CREATED_201);
    }

    @Test
    void removesTheListsBeforeTheUser() throws IOException {
        TODO_SERVICE.behaves(connection -> {
            assertThat(kept()).contains("\"ana\"");
            GONE.answer(connection);
        });

        assertThat(send("DELETE", "/users/ana", "").status()).isEqualTo(Status.NO_CONTENT_204);
        assertThat(TODO_SERVICE.requests())
                .extracting(Request::line)
                .containsExactly("DELETE /lists/ana HTTP/1.1");
        assertThat(kept()).doesNotContain("\"ana\"");
    }

    @Test
    void asksForTheListsOfTheUserAlone() {
        send("DELETE", "/users/c%3Bd%20e", "", "If-Match", "*");

        assertThat(TODO_SERVICE.requests()).hasSize(1);
        Request request = TODO_SERVICE.requests().getFirst();
        assertThat(request.line()).isEqualTo("DELETE /lists/c%3Bd%20e HTTP/1.1");
        assertThat(request.header("If-Match")).isEmpty();
    }

    @Test
    void keepsAUserWhoseListsCanNotBeRemovedNow() throws IOException {
        TODO_SERVICE.behaves(problem("503 No"));
        var refused = send("DELETE", "/users/ana", "");
        assertThat(refused.status()).isEqualTo(Status.SERVICE_UNAVAILABLE_503);
        assertThat(refused.headers().contains(HeaderNames.RETRY_AFTER)).isTrue();
        TODO_SERVICE.behaves(StubTodoService::hangUp);
        assertThat(send("DELETE", "/users/ana", "").status()).isEqualTo(Status.GATEWAY_TIMEOUT_504);
        assertThat(kept()).isEqualTo(initial);

        TODO_SERVICE.behaves(GONE);
        assertThat(send("DELETE", "/users/ana", "").status()).isEqualTo(Status.NO_CONTENT_204);
    }

    @Test
    void keepsAUserWhoseListsCanOnlyBeRead() throws IOException {
        TODO_SERVICE.behavesBy(onlyReads("200 OK", "{\"home\":[]}"));

        var refused = send("DELETE", "/users/ana", "");

        assertThat(refused.status()).isEqualTo(Status.CONFLICT_409);
        assertThat(refused.entity()).contains("lists", "can only be read");
        assertThat(refused.headers().contains(HeaderNames.ALLOW)).isFalse();
        assertThat(kept()).isEqualTo(initial);
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "404 No"})
    void removesAUserWithoutListsWhereThoseCanOnlyBeRead(String status) {
        TODO_SERVICE.behavesBy(onlyReads(status, "{}"));

        assertThat(send("DELETE", "/users/ana", "").status()).isEqualTo(Status.NO_CONTENT_204);
    }

    @Test
    void keepsAUserWhomSomebodyChangesWhileTheListsGo() throws IOException {
        String seen = send("GET", "/users/ana", "").headers().get(HeaderNames.ETAG).get();
        TODO_SERVICE.behaves(connection -> {
            send("PATCH", "/users/ana", "{\"name\": \"Ana B\"}");
            GONE.answer(connection);
        });

        assertThat(send("DELETE", "/users/ana", "", "If-Match", seen).status())
                .isEqualTo(Status.PRECONDITION_FAILED_412);
        assertThat(kept()).contains("Ana B");
    }

    @Test
    void namesTheMethodsThatThereAre() {
        assertThat(send("OPTIONS", "/users/nobody", "").headers().get(HeaderNames.ALLOW).get())
                .isEqualTo("GET, HEAD, PUT, PATCH, DELETE, OPTIONS");
    }

    private static Function<Request, Behaviour> onlyReads(String status, String lists) {
        return request ->
                request.method().equals("GET")
                        ? StubTodoService.answer(status, "application/json", lists)
                        : READ_ONLY;
    }

    private static Behaviour problem(String status) {
        return StubTodoService.answer(status, "application/problem+json", "{\"detail\":\"no\"}");
    }

    private static String body(int size) {
        String head = "{\"name\":\"";
        return head + "x".repeat(size - head.length() - 2) + "\"}";
    }
}
