package todomanager.system.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The files of the page as they come over the wire.
@ExtendWith(TeamExtension.class)
@Timeout(60)
class FilesIT {
    private static final int MOST_BYTES = 43 * 1024;
    private static final String GREETING =
            "Hey! The service is up, how about doing something useful";

    @Test
    void theyHave43KilobytesInAll(Team team) {
        Window window = team.window();
        var answers = new ArrayList<Response>();
        window.page().onResponse(answers::add);
        window.go("aniket");
        assertThat(window.button("Rename this user")).isVisible();

        List<Response> files =
                answers.stream()
                        .filter(answer ->
                                List.of("document", "stylesheet", "script")
                                        .contains(answer.request().resourceType()))
                        .toList();
        int bytes = files.stream().mapToInt(file -> file.body().length).sum();

        System.out.printf("the page has %,d bytes in %d files%n", bytes, files.size());
        assertThat(files).hasSize(3);
        assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
    }

    @Test
    void theirHeadersLetNothingElseIn(Team team) {
        Map<String, String> headers =
                team.window().page().navigate(team.address("aniket")).allHeaders();

        assertThat(headers)
                .containsEntry("cache-control", "no-cache")
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("referrer-policy", "no-referrer")
                .containsEntry("cross-origin-opener-policy", "same-origin")
                .containsEntry("vary", "Accept")
                .hasEntrySatisfying("etag", tag -> assertThat(tag).matches("\"[^\"]+\""))
                .hasEntrySatisfying(
                        "content-security-policy",
                        policy ->
                                assertThat(policy)
                                        .startsWith("default-src 'none'; ")
                                        .doesNotContain("unsafe", "http:", "https:", "*"));
    }

    @Test
    void theyAreNotSentAgainToWhoHasThem(Team team) {
        var request = team.window().page().request();
        String page = team.services().uri() + "/";
        var html = RequestOptions.create().setHeader("Accept", "text/html");
        String tag = request.get(page, html).headers().get("etag");

        var answer = request.get(page, html.setHeader("If-None-Match", tag));

        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*",
                "text/plain",
                "text/html;q=0.5, text/plain",
                "application/json, */*;q=0.1",
            })
    void whoeverDoesNotPreferHtmlIsGreeted(String accept, Team team) {
        var answer =
                team.window()
                        .page()
                        .request()
                        .get(
                                team.services().uri() + "/",
                                RequestOptions.create().setHeader("Accept", accept));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(GREETING);
        assertThat(answer.headers()).containsEntry("vary", "Accept");
    }
}
