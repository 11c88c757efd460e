package todomanager.system.page.access;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.system.page.Team;
import todomanager.system.page.TeamExtension;
import todomanager.system.page.Window;

/// Takes pictures of the page, to be compared by eye, in `target/page`.
@ExtendWith(TeamExtension.class)
@Timeout(60)
@Tag("system")
class LayoutIT {
    private static final Path FOLDER = Path.of("target", "page");

    @ParameterizedTest
    @CsvSource({
        "320, LIGHT",
        "320, DARK",
        "768, LIGHT",
        "768, DARK",
        "1280, LIGHT",
        "1280, DARK",
    })
    void theListsFitIntoTheWindow(int width, ColorScheme scheme, Team team) {
        Window window = open(team, width, scheme);

        take(window, "lists", width, scheme);

        window.button("Edit Buy milk").click();
        assertThat(window.field("Title")).isFocused();
        take(window, "editing", width, scheme);
        window.press("Escape");

        window.checkbox("Prepare for test").focus();
        window.button("Delete Prepare for test").click();
        assertThat(window.button("Undo")).isVisible();
        take(window, "undo", width, scheme);

        window.expect("status of 412");
        window.button("Edit Buy milk").focus();
        window.press("Enter");
        window.field("Title").fill("Buy oat milk");
        team.hasChanged("home", "Buy milk", "{\"title\": \"Buy whole milk\"}");
        window.press("Enter");
        assertThat(window.button("Keep mine")).isVisible();
        take(window, "conflict", width, scheme);
        window.button("Take theirs").click();

        window.expect("ERR_INTERNET_DISCONNECTED");
        window.page().context().setOffline(true);
        window.add("school", "Sharpen the pencils");
        assertThat(window.page().getByText("Not sent yet").first()).isVisible();
        take(window, "outage", width, scheme);
        window.page().context().setOffline(false);
    }

    @ParameterizedTest
    @CsvSource({"320, LIGHT", "320, DARK", "1280, LIGHT", "1280, DARK"})
    void theUsersFitIntoTheWindow(int width, ColorScheme scheme, Team team) {
        team.hasUser("luckas", "Luckas Müller");
        team.hasUser("maria", "María Fernanda de la Concepción");
        Window window = team.window();
        shaped(window, width, scheme);
        window.go("");
        assertThat(window.button("Add user")).isVisible();

        take(window, "users", width, scheme);
    }

    private static Window open(Team team, int width, ColorScheme scheme) {
        team.hasList("school", "Complete homework", "Prepare for test · 2026-11-27");
        team.hasList(
                "home",
                "Buy milk · 2026-11-29",
                "Call the plumber about the kitchen tap, and ask whether Thursday works",
                "✓ Water the plants");
        team.hasList(
                "release 1.1",
                "✓ Write the page · 2026-11-20",
                "Sign in with OpenID Connect · 2026-12-24",
                "Load test");
        team.hasList("someday");
        Window window = team.window();
        shaped(window, width, scheme);
        var now = new Clock.InstallOptions().setTime("2026-11-29T09:00:00Z");
        window.page().clock().install(now);
        window.go("aniket");
        window.showsLists("school", "home", "release 1.1", "someday");
        assertThat(window.button("Rename this user")).isVisible();
        return window;
    }

    private static void shaped(Window window, int width, ColorScheme scheme) {
        window.page().setViewportSize(width, width < 768 ? 1480 : 840);
        window.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    }

    private static void take(Window window, String state, int width, ColorScheme scheme) {
        String name = state + '-' + width + '-' + scheme.name().toLowerCase(Locale.ROOT) + ".png";
        var options = new Page.ScreenshotOptions().setPath(FOLDER.resolve(name));
        window.page().screenshot(options.setFullPage(true));
        assertThat(
                        window.page()
                                .evaluate(
                                        "() => document.documentElement.scrollWidth - innerWidth"))
                .as(name + " is wider than its window by pixels")
                .isEqualTo(0);
    }
}
