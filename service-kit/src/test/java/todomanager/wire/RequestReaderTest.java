package todomanager.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.lastRequest;
import static todomanager.testkit.Wire.problem;
import static todomanager.testkit.Wire.request;
import static todomanager.testkit.Wire.statuses;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.service.TestService;
import todomanager.testkit.LogRecorder;

/// Where one request ends and the next one begins.
@Timeout(30)
class RequestReaderTest {
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

    @Test
    void answersPipelinedRequestsInTheirOrder() {
        String people = request("GET", "/people/ana", "") + request("GET", "/people/bob", "");

        assertThat(statuses(service.wire().send(people.repeat(50) + lastRequest("GET", "/"))))
                .hasSize(101)
                .startsWith("200", "404", "200", "404")
                .endsWith("404", "200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\r\n\r\n\r\n"})
    void skipsEmptyLinesBeforeARequest(String lines) {
        String answers =
                service.wire()
                        .send(
                                lines
                                        + request("POST", "/people", "Content-Length: 5\r\n")
                                        + "GET /"
                                        + lines
                                        + request(
                                                "GET", "/people", "Transfer-Encoding: chunked\r\n")
                                        + "5\r\nGET /\r\n0\r\n\r\n"
                                        + lines
                                        + lastRequest("GET", "/"));

        assertThat(statuses(answers)).containsExactly("405", "200", "200");
    }

    /// A body that stands for a request: whoever takes it for one gives its answer to a client that
    /// asked for something else.
    @ParameterizedTest
    @CsvSource({"/people/ana, 200", "/people/bob, 404", "/nope, 404", "/people//, 404"})
    void takesNoBodyThatAClientOffersForARequest(String path, String status) {
        String body = request("GET", "/people", "");
        String offer = "Expect: 100-continue\r\n";
        String answers =
                service.wire()
                        .send(
                                request(
                                                "GET",
                                                path,
                                                offer + "Content-Length: " + body.length() + "\r\n")
                                        + body
                                        + request(
                                                "GET",
                                                path,
                                                offer + "Transfer-Encoding: chunked\r\n")
                                        + Integer.toHexString(body.length())
                                        + "\r\n"
                                        + body
                                        + "\r\n0\r\n\r\n"
                                        + lastRequest("GET", path));

        assertThat(statuses(answers)).containsExactly("100", status, "100", status, status);
    }

    /// RFC 9112, sections 7.1.1 and 7.1.2.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "5;a=b\r\nGET /\r\n0\r\n\r\n",
                "5 ; a=\"b;c\"\r\nGET /\r\n0;d\r\n\r\n",
                "005\r\nGET /\r\n000\r\n\r\n",
                "5\r\nGET /\r\n0\r\nX: y\r\n\r\n",
                "5\r\nGET /\r\n0\r\nX: y\r\nZ: z\r\n\r\n",
                "5;a=\"é\"\r\nGET /\r\n0\r\nX: é\r\n\r\n",
            })
    void readsPastWhatAChunkedBodyHasBesideItsContent(String body) {
        assertThat(statuses(chunked(body))).containsExactly("405", "200");
    }

    /// Who takes one end of a body for another takes what follows it for a request, and what is of
    /// any length takes all memory.
    @ParameterizedTest
    @MethodSource("malformed")
    void hangsUpOnAChunkedBodyThatIsMalformed(String body) {
        assertThat(statuses(chunked(body))).containsExactly("405");
    }

    static Stream<String> malformed() {
        return Stream.of(
                "5\r\nGET /XX0\r\n\r\n",
                "5\r\nGET /\n\r0\r\n\r\n",
                "5;\nGET /\r\nGET /\r\n0\r\n\r\n",
                "0\r\nA: b\nGET / HTTP/1.1\r\n\r\n",
                "0\r\nA: \0\r\n\r\n",
                "5;" + "a".repeat(5_000) + "\r\nGET /\r\n0\r\n\r\n",
                "0".repeat(5_000) + "5\r\nGET /\r\n0\r\n\r\n",
                "0\r\nA: " + "b".repeat(5_000) + "\r\n\r\n",
                "0\r\n" + "A: b\r\n".repeat(101) + "\r\n");
    }

    @Test
    void readsPastLargeChunks() {
        String chunk = "7530\r\n" + "x".repeat(30_000) + "\r\n";
        assertThat(statuses(chunked(chunk.repeat(2) + "0\r\n\r\n"))).containsExactly("405", "200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+5", "-5", "0x5", "5 5", "", "g", " 5", "99999999999"})
    void hangsUpOnAChunkWhoseSizeIsNone(String size) {
        assertThat(statuses(chunked(size + "\r\nGET /\r\n0\r\n\r\n"))).containsExactly("405");
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        String answer =
                service.wire().send(request("POST", "/people", "Content-Length: 65537\r\n"));

        assertThat(statuses(answer)).containsExactly("413");
        assertThat(problem(answer).getString("instance")).isEqualTo("/people");
    }

    @Test
    void refusesAnEncodingOfABodyThatItDoesNotKnow() {
        String encoding = "Transfer-Encoding: gzip, chunked\r\n";

        assertThat(statuses(service.wire().send(request("POST", "/people", encoding))))
                .containsExactly("501");
    }

    @Test
    void answersBeforeItHangsUpOnABodyThatItDoesNotNeed() {
        String body = "x".repeat(60_000);
        String headers = "Connection: close\r\nContent-Length: " + body.length() + "\r\n";

        assertThat(statuses(service.wire().send(request("POST", "/people", headers) + body)))
                .containsExactly("405");
    }

    @Test
    void hangsUpOnABrokenBodyWithoutAWordInTheLog() {
        String headers = "Connection: close\r\nTransfer-Encoding: chunked\r\n";
        String request = request("POST", "/people", headers) + "\033[31m\nINFO forged\r\n";
        try (var log = new LogRecorder("")) {
            assertThat(statuses(service.wire().send(request))).containsExactly("405");
            assertThat(log.lines()).isEmpty();
        }
    }

    /// Sends a body and the next request, and gives the answers.
    private static String chunked(String body) {
        return service.wire()
                .send(
                        request("POST", "/people", "Transfer-Encoding: chunked\r\n")
                                + body
                                + lastRequest("GET", "/people/ana"));
    }
}
