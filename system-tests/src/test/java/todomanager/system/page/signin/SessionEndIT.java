package todomanager.system.page.signin;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import todomanager.system.page.Team;
import todomanager.system.page.Window;

/// What people have not sent yet as their session ends.
@Timeout(60)
@Tag("system")
class SessionEndIT {
    @RegisterExtension static final SignInExtension SIGN_IN = new SignInExtension(Keycloak.PROGRAM);

    private static final String ENDED = "Your session has ended.";
    private static final String ASKS = "Sign in to see your lists";

    @Test
    void itIsSentAfterTheNextSignIn(Team team) {
        Window window = withMilk(team, "aniket/open");
        SIGN_IN.endSessions(window);

        window.add("home", "Bread");
        window.says(ENDED);
        window.checkbox("Milk").click();
        window.field("Add an item to home").fill("half a tho");
        assertThat(banner(window)).hasText(ENDED + " 2 changes not sent yet.");
        assertThat(window.row("Bread")).containsText("Not sent yet");
        window.serves("home", "Milk");
        window.link("Sign in").click();

        window.serves("home", "✓ Milk", "Bread");
        window.shows("home", "Bread");
        assertThat(window.page()).hasURL(team.address("aniket/open"));
        assertThat(window.field("Add an item to home")).hasValue("half a tho");
        assertThat(banner(window)).isHidden();
    }

    @Test
    void aReloadKeepsIt(Team team) {
        Window window = withMilk(team, "aniket");
        SIGN_IN.endSessions(window);
        window.add("home", "Bread");
        window.field("New list").fill("half a na");
        window.says(ENDED);
        window.page().onceDialog(Dialog::accept);

        window.page().reload();

        window.showsLists(ASKS);
        window.link("Sign in").click();
        window.keeps("home", "Milk", "Bread");
        assertThat(window.field("New list")).hasValue("half a na");
    }

    @Test
    void aTitleThatIsBeingEditedIsSentToo(Team team) {
        Window window = withMilk(team, "aniket");
        SIGN_IN.endSessions(window);

        window.add("home", "Bread");
        window.says(ENDED);
        window.retitle("Milk", "Oat milk");
        window.link("Sign in").click();

        window.keeps("home", "Oat milk", "Bread");
    }

    @Test
    void itIsNeitherShownNorSentToSomebodyElse(Team team) {
        team.hasUser("alice", "Alice");
        Window window = withMilk(team, "aniket");
        SIGN_IN.endSessions(window);
        window.add("home", "Bread");
        window.field("Add an item to home").fill("half a tho");
        window.field("New list").fill("half a na");
        window.says(ENDED);
        window.page().context().clearCookies();

        SIGN_IN.signIn(window, "alice");

        assertThat(window.heading("Alice’s lists")).isVisible();
        assertThat(window.page()).hasURL(team.address("alice"));
        window.showsLists();
        assertThat(window.field("New list")).isEmpty();
        assertThat(banner(window)).isHidden();
        window.field("New list").fill("work");
        window.press("Enter");
        window.showsLists("work");
        window.page()
                .waitForCondition(
                        () -> team.services().get("/users/alice/lists").containsKey("work"));
        assertThat(window.page().content()).doesNotContain("Milk", "Bread", "half");
        assertThat(team.services().get("/users/alice/lists").keySet()).containsExactly("work");
        window.serves("home", "Milk");

        window.page().context().clearCookies();
        window.page().onceDialog(Dialog::accept);
        window.page().reload();
        SIGN_IN.signIn(window, "aniket");

        window.keeps("home", "Milk", "Bread");
        assertThat(window.field("Add an item to home")).hasValue("half a tho");
        assertThat(window.field("New list")).hasValue("half a na");
    }

    @Test
    void aTabWhoseUserHasChangedElsewhereSendsNothing(Team team) {
        team.hasUser("alice", "Alice");
        Window window = withMilk(team, "aniket");
        window.expect("status of 404");
        window.hide();
        window.page().context().clearCookies();
        inAnotherTab(window, "alice");

        window.add("home", "Bread");

        assertThat(window.heading("Alice’s lists")).isVisible();
        window.showsLists();
        assertThat(window.page().content()).doesNotContain("Milk", "Bread");
        window.serves("home", "Milk");
    }

    @Test
    void aTabGoesOnAfterSignInInAnotherOne(Team team) {
        Window window = withMilk(team, "aniket");
        SIGN_IN.endSessions(window);
        window.add("home", "Bread");
        window.says(ENDED);
        window.page().context().clearCookies();
        inAnotherTab(window, "aniket");

        window.show();

        window.keeps("home", "Milk", "Bread");
        assertThat(banner(window)).isHidden();
        window.says("Connected again.");
    }

    private static Window withMilk(Team team, String route) {
        team.hasList("home", "Milk");
        Window window = SIGN_IN.openAs("aniket", team, route);
        window.shows("home", "Milk");
        assertThat(window.heading("Aniket Sharma’s lists")).isVisible();
        return window;
    }

    /// Signs somebody in who shares the cookies of a window.
    private static void inAnotherTab(Window window, String username) {
        Page tab = window.page().context().newPage();
        tab.navigate(window.page().url());
        tab.locator("#gate a").click();
        SIGN_IN.fillIn(tab, username);
        assertThat(tab.locator("#me")).containsText(username);
        tab.close();
    }

    private static Locator banner(Window window) {
        return window.page().locator("#banner");
    }
}
