package todomanager.todo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.testing.junit5.ServerTest;
import io.helidon.webserver.testing.junit5.SetUpServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.auth.Assertions;
import todomanager.auth.Assertions.Subject;
import todomanager.auth.SecretKeys;
import todomanager.testkit.Wire;

/// Whom the service answers that believes user-svc alone.
@ServerTest
@Timeout(60)
class AssertionFilterTest {
    private static final String KEY = "YW4tb2xkLWtleS10aGF0LWhhcy0zMi1ieXRlcy1hbGw=";
    private static final String OTHER_KEY = "YS1uZXcta2V5LXdoaWNoLWhhcy0zMi1ieXRlcy10b28=";
    private static final String SECRET = "Buy a ring"; // on aniket's list
    private static final int RANDOM_HEADERS = 2_000;

    @TempDir private static Path folder;

    @SuppressWarnings("NullAway.Init") // with the server
    private static Assertions assertions;

    private final Wire wire;

    AssertionFilterTest(URI server) {
        this.wire = new Wire(server.getPort());
    }

    @SetUpServer
    static void start(WebServerConfig.Builder server) throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), KEY);
        assertions = assertions(keys, Clock.systemUTC());
        Path document =
                Files.writeString(
                        folder.resolve("todo.json"),
                        "{'aniket': {'home': ['%s']}, 'bo': {'bos': []}, 'a': {'as': []}, 'a/b': {'slash': []}, 'ü': {'umlaut': []}, '..': {'dots': []}}"
                                .formatted(SECRET)
                                .replace('\'', '"'));
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"),
                        "{data.path: '%s', auth.assertion-keys-file: '%s', server: {port: 0, sockets: {admin: {port: 0}}}}"
                                .formatted(document, keys));
        Main.SERVICE.configure(server, Main.SERVICE.configuration("--config", config.toString()));
    }

    private static Assertions assertions(Path keys, Clock clock) {
        return new Assertions(new SecretKeys("the.keys-file", keys), clock);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Authorization: \r\n",
                "Authorization: Bearer\r\n",
                "Authorization: Bearer \r\n",
                "Authorization: Bearer garbage\r\n",
                "Authorization: Bearer a.b.c\r\n",
                "Authorization: Bearer e30.e30.\r\n",
                "Authorization: Basic YW5pa2V0OmFuaWtldA==\r\n",
                "Authorization: GOOD\r\n",
                "Authorization: Bearer GOOD, Bearer GOOD\r\n",
                "Authorization: Basic GOOD\r\n",
                "Authorization: Bearer GOOD\r\nAuthorization: Bearer GOOD\r\n",
                "Authorization: Bearer GOOD\r\nAuthorization: Basic YQ==\r\n",
                "Proxy-Authorization: Bearer GOOD\r\n",
                "Cookie: Authorization=Bearer GOOD\r\n",
                "X-Forwarded-User: aniket\r\n"
            })
    void answersNobodyWhoBearsNotOneGoodAssertion(String headers) {
        String answer = get("/lists/aniket", headers.replace("GOOD", read("aniket")));

        assertUnauthorized(answer);
        assertThat(answer.lines())
                .contains(
                        "Content-Type: application/problem+json",
                        "WWW-Authenticate: Bearer realm=\"todo-svc\"");
        assertThat(Wire.problem(answer).getString("detail"))
                .isEqualTo("Only user-svc may ask here: ask there for a user's lists.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/lists", "/lists/", "/lists/nobody", "/nope", "/page/", "/openapi/x"})
    void tellsNobodyWhatThereIs(String path) {
        assertUnauthorized(get(path, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE", "QUERY"})
    void asksWithEachMethod(String method) {
        assertUnauthorized(wire.exchange(method, "/lists/aniket"));
    }

    @Test
    void answersNobodyWithAnotherKeyOrAnAssertionOfLastMinute() throws Exception {
        Path otherKeys = Files.writeString(folder.resolve("other-keys"), OTHER_KEY);
        var other = assertions(otherKeys, Clock.systemUTC());
        var earlier =
                assertions(
                        folder.resolve("keys"),
                        Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-1)));

        for (Assertions bad : List.of(other, earlier)) {
            String token = bad.sign(new Subject("aniket", false));
            assertUnauthorized(get("/lists/aniket", bearer(token)));
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, true", "HEAD, true", "OPTIONS, true", "PUT, false", "DELETE, false"})
    void refusesReadsToWhoMayWriteAndWritesToWhoMayRead(String method, boolean isWrite) {
        String token = assertions.sign(new Subject("aniket", isWrite));

        assertForbidden(wire.exchange(method, "/lists/aniket/home", bearer(token)));
    }

    @Test
    void refusesTheListsOfAllAndWhatIsNoList() {
        for (String path : List.of("/lists", "/lists/", "/nope", "/lists?limit=1")) {
            assertForbidden(get(path, bearer(read("aniket"))));
        }
        assertForbidden(wire.exchange("POST", "/lists", bearer(write("aniket"))));
    }

    /// However a path is written, it reaches no other user's lists than those of the assertion.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/lists/aniket",
                "/lists/aniket/",
                "/lists/aniket/home/items",
                "/lists/%61niket",
                "/lists/%61%6E%69%6B%65%74/home",
                "/lists/bo/../aniket",
                "/lists/bo/../../lists/aniket",
                "/lists/bo/%2E%2E/aniket",
                "/lists/bo/.%2e/aniket/home",
                "/lists/bo%2F..%2Faniket",
                "/lists/./aniket",
                "/lists//aniket",
                "//lists/aniket",
                "/./lists/aniket",
                "/nope/../lists/aniket",
                "/openapi/../lists/aniket",
                "/../lists/aniket",
                "/lists;bo/aniket",
                "/lists/aniket;bo",
                "/lists/bo;/../aniket",
                "/lists/bo%3B/../aniket",
                "/lists/aniket?bo",
                "/lists/aniket%3Fbo",
                "/lists/aniket#/lists/bo",
                "/lists/aniket%00bo",
                "/lists/bo%00/../aniket",
                "/lists\\aniket",
                "/lists/bo\\..\\aniket",
                "/LISTS/aniket",
                "/lists/ANIKET",
                "http://localhost/lists/aniket",
                "http://localhost/lists/bo/../aniket"
            })
    void reachesNobodyElse(String path) {
        String read = get(path, bearer(read("bo")));
        String written = put(path + "/new", bearer(write("bo")), "{}");

        assertThat(Wire.statuses(read)).hasSize(1).isSubsetOf("400", "403", "404");
        assertThat(read).doesNotContain(SECRET);
        assertThat(Wire.statuses(written)).hasSize(1).isSubsetOf("400", "403", "404", "405");
        assertThat(get("/lists/aniket", bearer(read("aniket"))))
                .endsWith("{\"home\":[\"" + SECRET + "\"]}\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a/b    | /lists/a%2Fb     | 404 |
                    a      | /lists/a%2Fb     | 404 |
                    a/b    | /lists/a/b       | 403 |
                    a      | /lists/a         | 200 | as
                    ü      | /lists/%C3%BC    | 200 | umlaut
                    Ã¼     | /lists/%C3%BC    | 403 |
                    u      | /lists/%C3%BC    | 403 |
                    ü      | /lists/u%CC%88   | 403 |
                    aniket | /lists/%41niket  | 403 |
                    aniket | /lists/%61niket  | 200 | home
                    aniket | /lists/aniket%20 | 403 |
                    %61    | /lists/a         | 403 |
                    %61    | /lists/%2561     | 404 |
                    """)
    void comparesTheNameAsItIsMeant(String user, String path, String status, String list) {
        String answer = get(path, bearer(read(user)));

        assertThat(Wire.statuses(answer)).containsExactly(status);
        if (list != null) {
            assertThat(answer).contains("{\"" + list + "\":");
        }
    }

    @Test
    void letsNoRandomHeaderPass() {
        var random = new Random(20_261_129);
        String good = read("aniket");
        Set<String> statuses = new TreeSet<>();
        for (int i = 0; i < RANDOM_HEADERS; i++) {
            String header = i % 2 == 0 ? garbage(random) : spoilt(good, random);
            String answer = get("/lists/aniket", "Authorization: " + header + "\r\n");
            statuses.addAll(Wire.statuses(answer));

            assertThat(answer).as(header).doesNotContain(SECRET);
        }

        assertThat(statuses).contains("401").isSubsetOf("400", "401", "431");
    }

    /// Octets that a header may have, and some that it may not.
    private static String garbage(Random random) {
        byte[] octets = new byte[random.nextInt(random.nextInt(10) == 0 ? 9_000 : 300)];
        random.nextBytes(octets);
        String text = new String(octets, ISO_8859_1).replaceAll("[\r\n]", "");
        return (random.nextBoolean() ? "Bearer " : "") + text;
    }

    private static String spoilt(String token, Random random) {
        var text = new StringBuilder(token);
        // not in the signature, of which only the bits that it stands for count
        int at = random.nextInt(token.lastIndexOf('.'));
        char other = (char) ('!' + random.nextInt('~' - '!'));
        switch (random.nextInt(3)) {
            case 0 -> text.setCharAt(at, other == token.charAt(at) ? '~' : other);
            case 1 -> text.deleteCharAt(at);
            default -> text.insert(at, other);
        }
        return "Bearer " + text;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/openapi"})
    void greetsAndDescribesItselfToEverybody(String path) {
        for (String headers : List.of("", "Authorization: Bearer garbage\r\n")) {
            assertThat(get(path, headers)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void answersUserServiceAboutTheUserWhomItNames() {
        assertThat(get("/lists/aniket", bearer(read("aniket"))))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("{\"home\":[\"" + SECRET + "\"]}\n");
        assertThat(wire.exchange("HEAD", "/lists/aniket", bearer(read("aniket"))))
                .startsWith("HTTP/1.1 200 ");
        assertThat(wire.exchange("OPTIONS", "/lists/aniket", bearer(read("aniket"))))
                .startsWith("HTTP/1.1 204 ");
        assertThat(get("/lists/nobody", bearer(read("nobody")))).startsWith("HTTP/1.1 404 ");
        String item = "/lists/eve/home/items/x1";
        assertThat(put(item, bearer(write("eve")), "{\"title\": \"Tea\"}"))
                .startsWith("HTTP/1.1 201 ");
        assertThat(wire.exchange("DELETE", item, bearer(write("eve")))).startsWith("HTTP/1.1 204 ");
    }

    private String get(String path, String headers) {
        return wire.exchange("GET", path, headers);
    }

    private String put(String path, String headers, String body) {
        String length = "Content-Length: " + body.length() + "\r\nConnection: close\r\n";
        String json = "Content-Type: application/json\r\n";
        return wire.send(Wire.request("PUT", path, headers + json + length) + body);
    }

    private static String read(String user) {
        return assertions.sign(new Subject(user, false));
    }

    private static String write(String user) {
        return assertions.sign(new Subject(user, true));
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token + "\r\n";
    }

    private static void assertUnauthorized(String answer) {
        assertThat(Wire.statuses(answer)).containsExactly("401");
        assertThat(answer).doesNotContain(SECRET);
    }

    private static void assertForbidden(String answer) {
        assertThat(Wire.statuses(answer)).containsExactly("403");
        assertThat(answer).doesNotContain(SECRET);
    }
}
