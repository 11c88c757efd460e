package todomanager.system.page.signin;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import todomanager.system.page.Team;
import todomanager.system.page.Window;

/// Whoever manages the users, and has lists as everybody has.
@Timeout(60)
@Tag("system")
class AdministratorIT {
    @RegisterExtension static final SignInExtension SIGN_IN = new SignInExtension("alice");

    @Test
    void addsUsersAndRenamesThem(Team team) {
        Window window = SIGN_IN.open(team, "alice");
        window.expect("status of 404");
        window.page().navigate(team.services().uri() + "/");
        SIGN_IN.signIn(window, "alice");
        assertThat(window.heading("Admin’s lists")).isVisible();
        window.link("All users").click();
        assertThat(window.link("Aniket Sharma aniket")).isVisible();

        window.field("Username").fill("bo");
        window.field("Name").fill("Bo Berg");
        window.button("Add user").click();
        assertThat(window.heading("Bo Berg’s lists")).isVisible();
        window.button("Rename this user").click();
        window.field("Name of the user").fill("Bo Bergman");
        window.press("Enter");

        assertThat(window.heading("Bo Bergman’s lists")).isVisible();
        assertThat(team.name("bo")).isEqualTo("Bo Bergman");
    }

    @Test
    void seesNobodysListsButTheirOwn(Team team) {
        team.hasList("home", "Milk");
        Window window = SIGN_IN.openAs("alice", team, "aniket");
        window.expect("status of 404");

        assertThat(window.heading("Aniket Sharma’s lists")).isVisible();
        assertThat(window.summary()).hasText("Only they can see these.");
        assertThat(window.field("New list")).isHidden();
        window.showsLists();
        window.go("alice");
        assertThat(window.field("New list")).isVisible();
        assertThat(window.summary()).hasText("0 items open in 0 lists");
    }
}
