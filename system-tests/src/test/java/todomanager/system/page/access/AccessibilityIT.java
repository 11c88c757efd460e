package todomanager.system.page.access;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.system.page.Services;
import todomanager.system.page.Team;
import todomanager.system.page.TeamExtension;
import todomanager.system.page.Window;

/// axe-core finds no fault with any view or state.
@ExtendWith(TeamExtension.class)
@Timeout(60)
@Tag("system")
class AccessibilityIT {
    private static final Axe AXE = new Axe();

    @AfterAll
    static void printed() {
        System.out.println(AXE);
    }

    @Test
    void theUsers(Team team) {
        team.hasUser("bo", "Bo Berg");
        Window window = team.open("");

        assertThat(window.button("Add user")).isVisible();
        AXE.check(window.page());
    }

    @ParameterizedTest
    @CsvSource({"320, LIGHT", "320, DARK", "1280, LIGHT", "1280, DARK"})
    void theLists(int width, ColorScheme scheme, Team team) {
        Window window = withLists(team);
        window.page().setViewportSize(width, 800);
        window.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));

        AXE.check(window.page());
    }

    @Test
    void anItemUnderThePointer(Team team) {
        Window window = withLists(team);

        window.row("Milk").hover();

        AXE.check(window.page());
    }

    @Test
    void anItemThatIsFocused(Team team) {
        Window window = withLists(team);

        window.checkbox("Milk").focus();

        AXE.check(window.page());
    }

    @ParameterizedTest
    @CsvSource({"open", "done"})
    void theListsUnderAFilter(String filter, Team team) {
        Window window = withLists(team);

        window.go("aniket/" + filter);

        assertThat(window.checkbox(filter.equals("done") ? "Milk" : "Bread")).not().isVisible();
        AXE.check(window.page());
    }

    @ParameterizedTest
    @CsvSource({"LIGHT", "DARK"})
    void anItemThatIsEdited(ColorScheme scheme, Team team) {
        Window window = withLists(team);
        window.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));

        window.button("Edit Milk").click();

        assertThat(window.field("Title")).isFocused();
        AXE.check(window.page());
    }

    @Test
    void aListThatIsRenamed(Team team) {
        Window window = withLists(team);

        window.list("home").hover();
        window.button("Rename home").click();

        assertThat(window.field("Name of the list")).isFocused();
        AXE.check(window.page());
    }

    @Test
    void aUserThatIsRenamed(Team team) {
        Window window = withLists(team);

        window.button("Rename this user").click();

        assertThat(window.field("Name of the user")).isFocused();
        AXE.check(window.page());
    }

    @ParameterizedTest
    @CsvSource({"LIGHT", "DARK"})
    void aConflict(ColorScheme scheme, Team team) {
        Window window = withLists(team);
        window.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        window.expect("status of 412");

        window.retitle("Milk", "Oat milk");
        team.hasChanged("home", "Milk", "{\"title\": \"Whole milk\"}");
        window.press("Enter");

        assertThat(window.button("Keep mine")).isVisible();
        AXE.check(window.page());
    }

    @ParameterizedTest
    @CsvSource({"LIGHT", "DARK"})
    void anOutageWithWhatIsNotSent(ColorScheme scheme, Team team) {
        Window window = withLists(team);
        window.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        window.expect("ERR_INTERNET_DISCONNECTED");

        window.page().context().setOffline(true);
        window.add("home", "Apples");

        assertThat(window.page().getByText("1 change not sent yet")).isVisible();
        AXE.check(window.page());
    }

    @ParameterizedTest
    @CsvSource({"LIGHT", "DARK"})
    void whatCanBeUndone(ColorScheme scheme, Team team) {
        Window window = withLists(team);
        window.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));

        window.remove("Milk");

        assertThat(window.button("Undo")).isVisible();
        AXE.check(window.page());
    }

    @Test
    void aChangeThatIsTakenBack(Team team) {
        Window window = withLists(team);
        window.expect("status of 422");

        window.add("home", "x".repeat(501));

        assertThat(window.button("Dismiss")).isVisible();
        AXE.check(window.page());
    }

    @Test
    void whatCanOnlyBeRead(Team team) {
        team.hasList("home", "Milk · 2020-01-01", "✓ Bread");
        Window window = team.window();
        try (Services readOnly = team.services().readOnly()) {
            window.expect("a request to another host: " + readOnly.uri());
            window.page().navigate(readOnly.uri() + "/#/aniket");

            assertThat(window.page().getByText("can only be read here")).isVisible();
            assertThat(window.checkbox("Milk")).isDisabled();
            AXE.check(window.page());
            window.page().close(); // before what it asks
        }
    }

    @Test
    void aUserWithoutLists(Team team) {
        Window window = team.open("aniket");

        assertThat(window.field("New list")).isVisible();
        AXE.check(window.page());
    }

    @Test
    void aUserWhoIsUnknown(Team team) {
        Window window = team.window();
        window.expect("status of 404");
        window.go("nobody");

        assertThat(window.page().getByText("There is no user “nobody”.").first()).isVisible();
        AXE.check(window.page());
    }

    private static Window withLists(Team team) {
        team.hasList("home", "Milk · 2020-01-01", "✓ Bread", "Call the plumber · 2090-01-01");
        team.hasList("someday");
        Window window = team.open("aniket");
        window.showsLists("home", "someday");
        assertThat(window.heading("Aniket Sharma’s lists")).isVisible();
        return window;
    }
}
