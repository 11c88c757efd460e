package todomanager.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static todomanager.testkit.Wire.problem;
import static todomanager.testkit.Wire.statuses;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.service.TestService;

@Timeout(30)
class RequestHeadersTest {
    private static final String HOST = "Host: localhost\r\n";
    private static final String HOST_IS_WRONG = "The Host header is not HOST or HOST:PORT.";
    private static final String ONE_HOST = "There must be one Host header: send it once.";
    private static final String VALUE_IS_WRONG =
            "The value of a header has a character that may not stand there.";

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
    @ValueSource(
            strings = {
                "a",
                "a:",
                "a:80",
                "a:0",
                "a:65535",
                "a:00080",
                "A.b-c_d~",
                "%61",
                "127.0.0.1:1",
                "[::1]",
                "[::1]:",
                "[::1]:80"
            })
    void takeAHostWithItsPortOrWithout(String host) {
        String request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";

        assertThat(statuses(service.wire().send(request))).containsExactly("200");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments("", ONE_HOST),
                arguments("Host: a\r\nHost: a\r\n", ONE_HOST),
                arguments("Host:\r\n", HOST_IS_WRONG),
                arguments("Host: :80\r\n", HOST_IS_WRONG),
                arguments("Host: a:99999\r\n", HOST_IS_WRONG),
                arguments("Host: a:65536\r\n", HOST_IS_WRONG),
                arguments("Host: a:+80\r\n", HOST_IS_WRONG),
                arguments("Host: a:-1\r\n", HOST_IS_WRONG),
                arguments("Host: a:x\r\n", HOST_IS_WRONG),
                arguments("Host: a b\r\n", HOST_IS_WRONG),
                arguments("Host: a/b\r\n", HOST_IS_WRONG),
                arguments("Host: me@a\r\n", HOST_IS_WRONG),
                arguments("Host: http://a\r\n", HOST_IS_WRONG),
                arguments("Host: [::1\r\n", HOST_IS_WRONG),
                arguments("Host: ::1\r\n", HOST_IS_WRONG),
                arguments(
                        HOST + "A B: x\r\n",
                        "The name of a header has a character that may not stand there."),
                arguments(
                        HOST + ": x\r\n",
                        "The name of a header has a character that may not stand there."),
                arguments(HOST + "X: \0\r\n", VALUE_IS_WRONG),
                arguments(HOST + "X: a\033[31m\r\n", VALUE_IS_WRONG),
                arguments(
                        HOST + "X: y\r\n z\r\n",
                        "A header has no colon: write NAME: VALUE on one line."),
                arguments(
                        HOST + "X: " + "x".repeat(20_000) + "\r\n",
                        "The headers are too large: all of them may have 16 KiB."),
                arguments(HOST + "X: y\nZ: z\r\n", VALUE_IS_WRONG),
                arguments(HOST + "X\nZ: z\r\n", "A line ends without CR: end each with CR LF."),
                arguments(
                        HOST + "X: y\rZ: z\r\n",
                        "A CR is not followed by LF: end each line with CR LF."),
                arguments(
                        HOST + "Content-Length: -1\r\n",
                        "Content-Length is not one whole number: send the body's size in bytes."),
                arguments(
                        HOST + "Content-Length: +1\r\n",
                        "Content-Length is not one whole number: send the body's size in bytes."),
                arguments(
                        HOST + "Content-Length:\r\n",
                        "Content-Length is not one whole number: send the body's size in bytes."),
                arguments(
                        HOST + "Content-Length: 1x\r\n",
                        "Content-Length is not one whole number: send the body's size in bytes."),
                arguments(
                        HOST + "Content-Length: 1\r\nContent-Length: 2\r\n",
                        "Content-Length is not one whole number: send the body's size in bytes."),
                arguments(
                        HOST + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
                        "The body has two lengths: send Transfer-Encoding or Content-Length."),
                arguments(
                        HOST + "Transfer-Encoding: chunked, chunked\r\n",
                        "The Transfer-Encoding is not chunked once: send Content-Length."),
                arguments(
                        HOST + "Transfer-Encoding: chunked, x\r\n",
                        "The Transfer-Encoding is not chunked once: send Content-Length."),
                arguments(
                        HOST + "Transfer-Encoding:\r\n",
                        "The Transfer-Encoding is not chunked once: send Content-Length."));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void areRefusedForTheOneThingThatIsWrong(String headers, String detail) {
        String answer = service.wire().send("POST /people HTTP/1.1\r\n" + headers + "\r\n");

        assertThat(statuses(answer)).containsExactly("400");
        assertThat(answer).contains("\r\nConnection: close\r\n");
        assertThat(problem(answer).getString("detail")).isEqualTo(detail);
        assertThat(problem(answer).getString("instance")).isEqualTo("/people");
    }
}
