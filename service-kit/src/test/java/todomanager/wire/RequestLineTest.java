package todomanager.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.problem;
import static todomanager.testkit.Wire.statuses;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.service.TestService;
import todomanager.testkit.Wire;

@Timeout(30)
class RequestLineTest {
    private static final String REST = "\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    @TempDir private static Path folder;

    private static TestService service;

    @BeforeAll
    static void start() {
        service = new TestService(folder);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/1.1,                 200",
        "GET / HTTP/1.2,                 200",
        "GET / HTTP/1.9,                 200",
        "GET http://a HTTP/1.1,          200",
        "GET HTTP://a:80/ HTTP/1.1,      200",
        "GET https://a HTTP/1.1,         200",
        "GET http://a?x HTTP/1.1,        200",
        "GET http://a/people/ana?x=http://b HTTP/1.1, 200",
        "OPTIONS * HTTP/1.1,             204",
        "OPTIONS http://a HTTP/1.1,      204",
        "GET /people/ana?a;b=/?:@ HTTP/1.1, 200",
        "GET /people/%61na HTTP/1.1,     200",
        "GET /people/ana;b HTTP/1.1,     200",
        "GET /people/ana%3Bb HTTP/1.1,   200",
        "GET /people/ana;c HTTP/1.1,     404",
        "GET /people;x/ana HTTP/1.1,     404",
        "GET /;x HTTP/1.1,               404",
        "GET /openapi;x HTTP/1.1,        404",
        "GET http://a/nope HTTP/1.1,     404",
        "PROPFIND / HTTP/1.1,            405",
    })
    void isUnderstood(String line, int status) {
        assertThat(statuses(service.wire().send(line + REST)))
                .containsExactly(Integer.toString(status));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/observe;x/health/live", "/observe/health;x/live", "/observe/metrics;"})
    void isUnderstoodByTheAdminPortAlike(String path) {
        assertThat(statuses(service.admin().exchange("GET", path))).containsExactly("404");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    garbage                       | 400 | /        | The request line is not METHOD TARGET HTTP/1.1, with one space each.
                    GET /people                   | 400 | /        | The request line is not METHOD TARGET HTTP/1.1, with one space each.
                    GET  /people HTTP/1.1         | 400 | /        | The request line is not METHOD TARGET HTTP/1.1, with one space each.
                    GET /people/a b HTTP/1.1      | 400 | /        | The request line is not METHOD TARGET HTTP/1.1, with one space each.
                    GET /people HTTP/1            | 400 | /        | The request line is not METHOD TARGET HTTP/1.1, with one space each.
                    GET /people http/1.1          | 400 | /        | The request line is not METHOD TARGET HTTP/1.1, with one space each.
                    G@T /people HTTP/1.1          | 400 | /        | The request line is not METHOD TARGET HTTP/1.1, with one space each.
                    GÉT /people HTTP/1.1          | 400 | /        | The request line is not METHOD TARGET HTTP/1.1, with one space each.
                    get /people HTTP/1.1          | 501 | /people  | There is no such method: methods are written in capitals.
                    Propfind /people HTTP/1.1     | 501 | /people  | There is no such method: methods are written in capitals.
                    GET /people HTTP/1.0          | 505 | /people  | Only HTTP/1.1 is spoken here.
                    GET /people HTTP/2.0          | 505 | /people  | Only HTTP/1.1 is spoken here.
                    PRI * HTTP/2.0                | 505 | /        | Only HTTP/1.1 is spoken here.
                    GET * HTTP/1.1                | 400 | /        | Only OPTIONS has the target *: name a path.
                    GET people HTTP/1.1           | 400 | /        | The request target is neither a path nor an http URI.
                    GET ftp://a/people HTTP/1.1   | 400 | /        | The request target is neither a path nor an http URI.
                    CONNECT a:443 HTTP/1.1        | 400 | /        | The request target is neither a path nor an http URI.
                    GET /people/a"b HTTP/1.1      | 400 | /people/a%22b | The path has a character that may not stand there: write %22 for it.
                    GET /people/a\\b HTTP/1.1     | 400 | /people/a%5Cb | The path has a character that may not stand there: write %5C for it.
                    GET /people#a HTTP/1.1        | 400 | /people%23a   | The path has a character that may not stand there: write %23 for it.
                    GET /people?a[]=1 HTTP/1.1    | 400 | /people  | The query has a character that may not stand there: write %5B for it.
                    GET /people?a#b HTTP/1.1      | 400 | /people  | The query has a character that may not stand there: write %23 for it.
                    GET /people/%zz HTTP/1.1      | 400 | /people/%25zz | A % in the path is not followed by two hexadecimal digits: write %25 for it.
                    GET /people/% HTTP/1.1        | 400 | /people/%25   | A % in the path is not followed by two hexadecimal digits: write %25 for it.
                    GET /people?a=%4 HTTP/1.1     | 400 | /people  | A % in the query is not followed by two hexadecimal digits: write %25 for it.
                    GET /people/小高 HTTP/1.1      | 400 | /people/%E5%B0%8F%E9%AB%98 | The path is not all ASCII: percent-encode its UTF-8.
                    GET /people?a=小 HTTP/1.1      | 400 | /people  | The query is not all ASCII: percent-encode its UTF-8.
                    """)
    void isRefusedForTheOneThingThatIsWrong(
            String line, int status, String instance, String detail) {
        String answer = service.wire().send(Wire.utf8(line) + REST);

        assertThat(statuses(answer)).containsExactly(Integer.toString(status));
        assertThat(problem(answer).getInt("status")).isEqualTo(status);
        assertThat(problem(answer).getString("instance")).isEqualTo(instance);
        assertThat(problem(answer).getString("detail")).isEqualTo(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD /%zz HTTP/1.1", "HEAD /people HTTP/1.0"})
    void isRefusedWithoutABodyWhereItSaysHead(String line) {
        assertThat(service.wire().send(line + REST))
                .contains("\r\nContent-Type: application/problem+json\r\n")
                .endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {5_000, 100_000})
    void isRefusedWhereItIsTooLong(int length) {
        String answer = service.wire().exchange("GET", "/" + "x".repeat(length));

        assertThat(statuses(answer)).containsExactly("414");
        assertThat(problem(answer).getString("instance")).isEqualTo("/");
    }
}
