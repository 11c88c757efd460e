package todomanager.system.page.signin;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.system.page.Team;
import todomanager.system.page.Window;
import todomanager.system.page.access.Axe;

/// axe-core finds no fault with what sign-in adds, and nothing of it is too wide for a phone.
@Timeout(60)
@Tag("system")
class AccessibleSignInIT {
    @RegisterExtension static final SignInExtension SIGN_IN = new SignInExtension(Keycloak.PROGRAM);

    private static final Axe AXE = new Axe();

    @AfterAll
    static void printed() {
        System.out.println(AXE);
    }

    @ParameterizedTest
    @CsvSource({"320, LIGHT", "320, DARK", "1280, LIGHT", "1280, DARK"})
    void everyState(int width, ColorScheme scheme, Team team) {
        team.hasList("home", "Milk · 2020-01-01", "✓ Bread");
        Window window = SIGN_IN.open(team, "aniket");
        window.page().setViewportSize(width, 800);
        window.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));

        assertThat(window.link("Sign in")).isVisible();
        check(window);

        SIGN_IN.signIn(window, "aniket");
        assertThat(window.checkbox("Milk")).isVisible();
        assertThat(window.button("Rename this user")).isVisible();
        check(window);

        SIGN_IN.endSessions(window);
        window.add("home", "Apples");
        assertThat(window.link("Sign in")).isVisible();
        check(window);

        window.link("Sign in").click();
        window.serves("home", "Milk · 2020-01-01", "✓ Bread", "Apples");
        SIGN_IN.removeUser(window, team);
        window.page().reload();
        assertThat(window.heading("You are not a user here")).isVisible();
        check(window);
    }

    private static void check(Window window) {
        AXE.check(window.page());
        assertThat(
                        window.page()
                                .evaluate(
                                        "() => document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
    }
}
