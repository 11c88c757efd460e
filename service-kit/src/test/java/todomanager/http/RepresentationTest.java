package todomanager.http;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.header;
import static todomanager.testkit.Wire.problem;
import static todomanager.testkit.Wire.statuses;

import io.helidon.http.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.service.TestService;

@Timeout(30)
class RepresentationTest {
    @TempDir private static Path folder;

    private static TestService service;

    @BeforeAll
    static void start() {
        Representation down = Representation.text("down").with(Status.SERVICE_UNAVAILABLE_503);
        service = new TestService(folder, rules -> rules.any("/down", new Resource(_ -> down)));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void isSentAsTheseBytes() {
        assertThat(service.wire().exchange("GET", "/people/ana"))
                .matches(
                        """
                        HTTP/1.1 200 OK\r
                        Date: [^\r]+ GMT\r
                        Cache-Control: no-cache\r
                        Connection: close\r
                        Content-Length: 22\r
                        Content-Type: application/json\r
                        ETag: "[\\w-]{11}"\r
                        X-Content-Type-Options: nosniff\r
                        X-Data-Revision: [0-9a-f]{16}\r
                        \r
                        \\{"name":"Änä 😀"}
                        """);
    }

    @Test
    void ofTextIsSentAsItIs() {
        assertThat(service.wire().exchange("GET", "/"))
                .contains("\r\nContent-Type: text/plain\r\n")
                .endsWith("\r\n\r\nHello");
    }

    @Test
    void hasATagOfItsOwn() {
        List<String> tags =
                Stream.of("/", "/people", "/people/ana", "/openapi")
                        .map(path -> header("ETag", service.wire().exchange("GET", path)))
                        .toList();

        assertThat(tags).doesNotHaveDuplicates();
        assertThat(header("ETag", service.wire().exchange("HEAD", "/people")))
                .isEqualTo(tags.get(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "%s",
                "W/%s",
                "\"a\", %s",
                "\"a\" ,W/%s,\"b\"",
                "\"x\"\r\nIf-None-Match: %s"
            })
    void isNotSentToWhoHasIt(String ifNoneMatch) {
        String answer = get("If-None-Match: " + ifNoneMatch.formatted(tag()));

        assertThat(answer)
                .startsWith("HTTP/1.1 304 ")
                .contains("\r\nETag: " + tag() + "\r\n", "\r\nCache-Control: no-cache\r\n")
                .doesNotContain("\r\nContent-")
                .endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"x\"", "\"*\"", "x", "W/\"x\", \"y\"", "\"ana", "\"a,*,b\""})
    void isSentToWhoHasItNot(String ifNoneMatch) {
        assertThat(get("If-None-Match: " + ifNoneMatch))
                .startsWith("HTTP/1.1 200 ")
                .endsWith(TestService.ANA);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "x", "", "W/%s", "\"a\", W/%s", "\"*\""})
    void isRefusedToWhoWantsAnother(String ifMatch) {
        String answer = get("If-Match: " + ifMatch.formatted(tag()));

        assertThat(statuses(answer)).containsExactly("412");
        assertThat(header("ETag", answer)).isEqualTo(tag());
        assertThat(problem(answer).getString("detail"))
                .isEqualTo(
                        "If-Match names another representation than there is: ask for this one first.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "%s", "\"a\", %s"})
    void isSentToWhoWantsThisOne(String ifMatch) {
        assertThat(get("If-Match: " + ifMatch.formatted(tag()))).startsWith("HTTP/1.1 200 ");
    }

    /// RFC 9110, section 13.2.2.
    @ParameterizedTest
    @CsvSource({"\"x\", *, 412", "*, *, 304", "*, \"x\", 200"})
    void heedsIfMatchBeforeIfNoneMatch(String ifMatch, String ifNoneMatch, String status) {
        String answer = get("If-Match: " + ifMatch + "\r\nIf-None-Match: " + ifNoneMatch);

        assertThat(statuses(answer)).containsExactly(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"If-Match: \"x\"", "If-None-Match: *"})
    void ofAnotherStatusHasNoConditions(String condition) {
        assertThat(service.wire().exchange("GET", "/down", condition + "\r\n"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("down");
    }

    private static String tag() {
        return header("ETag", service.wire().exchange("GET", "/people/ana"));
    }

    private static String get(String header) {
        return service.wire().exchange("GET", "/people/ana", header + "\r\n");
    }
}
