package todomanager.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.problem;
import static todomanager.testkit.Wire.statuses;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.service.TestService;

@Timeout(30)
class WholeSegmentsTest {
    @TempDir private static Path folder;

    private static TestService service;

    @BeforeAll
    static void start() {
        var any = new Resource(_ -> Representation.text("any"));
        service = new TestService(folder, rules -> rules.any("/any/{name}", any));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//",
                "/people/",
                "//people",
                "/people//",
                "/people//ana",
                "/people/ana/",
                "/people/a%2Fb",
                "/people%2fana",
                "/%2fpeople",
                "/./people",
                "/people/.",
                "/people/..",
                "/people/../people",
                "/people/../people/ana",
                "/people/./ana",
                "/people/%2e%2e",
                "/people/%2e%2e%2fpeople",
                "/people/%252e",
                "/people/%00",
                "/people/%0d%0aX:%20y",
                "/people/@host",
                "/people/%F0%9F%98%80",
                "/people/%ff",
                "/people/ana%3b",
                "/observe/health",
                "/nope"
            })
    void findNothingAtAPathThatNoResourceHas(String path) {
        String answer = service.wire().exchange("GET", path);

        assertThat(statuses(answer)).containsExactly("404");
        assertThat(answer)
                .contains("\r\nContent-Type: application/problem+json\r\n")
                .doesNotContain("\r\nX: y");
        assertThat(URI.create(problem(answer).getString("instance")).getRawPath()).startsWith("/");
    }

    /// Each would be the name U+FFFD, and so the same.
    @ParameterizedTest
    @ValueSource(strings = {"%FF", "caf%e9", "%C3", "%ED%A0%80", "%EF%BF%BD%FF", "+%FF"})
    void findNothingByANameThatIsNoUtf8(String name) {
        assertThat(statuses(service.wire().exchange("GET", "/any/" + name))).containsExactly("404");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%EF%BF%BD", "caf%c3%A9", "%F0%9F%98%80", "+%25"})
    void takeAnyNameInUtf8(String name) {
        assertThat(statuses(service.wire().exchange("GET", "/any/" + name))).containsExactly("200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//observe/health", "/observe//metrics", "/observe/../observe/metrics"})
    void findNothingThereAtTheAdminPortEither(String path) {
        assertThat(statuses(service.admin().exchange("GET", path))).containsExactly("404");
    }
}
