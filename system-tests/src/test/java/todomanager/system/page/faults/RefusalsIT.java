package todomanager.system.page.faults;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import todomanager.system.page.Services;
import todomanager.system.page.Team;
import todomanager.system.page.TeamExtension;
import todomanager.system.page.Window;

/// What the service refuses is taken back with a message that says why, and what was typed is in a
/// field again.
@ExtendWith(TeamExtension.class)
@Timeout(60)
@Tag("system")
class RefusalsIT {
    private static final String LONG = "x".repeat(501);

    @Test
    void aNewTitleThatIsTooLong(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team, 422);

        window.add("home", LONG);

        says(window, "500");
        assertThat(window.field("Add an item to home")).hasValue(LONG);
        assertThat(window.field("Add an item to home")).isFocused();
        window.keeps("home", "Milk");
    }

    @Test
    void anEditedTitleThatIsTooLong(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team, 422);

        window.retitle("Milk", LONG);
        window.press("Enter");

        says(window, "500");
        assertThat(window.field("Title")).hasValue(LONG);
        window.press("Escape");
        window.keeps("home", "Milk");
    }

    @Test
    void aTitleThatIsMendedIsNotSavedOverOthers(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team, 422);
        window.expect("status of 412");
        window.retitle("Milk", LONG);
        window.press("Enter");
        says(window, "500");

        team.hasChanged("home", "Milk", "{\"title\": \"Whole milk\"}");
        window.field("Title").fill("Oat milk");
        window.press("Enter");

        assertThat(window.page().getByRole(AriaRole.ALERT)).containsText("Whole milk");
        window.serves("home", "Whole milk");
    }

    @Test
    void oneOfSeveralLinesThatIsTooLong(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team, 422);

        window.field("Add an item to home").fill("Bread\n" + LONG + "\nApples");
        window.press("Enter");

        says(window, "500");
        assertThat(window.field("Add an item to home")).hasValue(LONG);
        window.keeps("home", "Milk", "Bread", "Apples");
    }

    @Test
    void aTitleThatIsLongerThanABody(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team, 413);
        String title = "x".repeat(70_000);

        window.add("home", title);

        assertThat(window.button("Dismiss")).isVisible();
        assertThat(window.field("Add an item to home")).hasValue(title);
        window.keeps("home", "Milk");
    }

    @Test
    void whatIsTypedMeanwhileIsKeptToo(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team, 422);
        window.page()
                .route(
                        "**/items/*",
                        route -> {
                            window.field("Add an item to home").fill("Bre");
                            route.resume();
                        });

        window.add("home", LONG);

        says(window, "500");
        assertThat(window.field("Add an item to home")).hasValue("Bre\n" + LONG);
    }

    @Test
    void aListOverAHundred(Team team) {
        for (int number = 1; number <= 100; number++) {
            team.hasList("list " + number);
        }
        Window window = open(team, 422);

        window.field("New list").fill("one more");
        window.press("Enter");

        says(window, "100 lists");
        assertThat(window.field("New list")).hasValue("one more");
        assertThat(window.list("one more")).hasCount(0);
    }

    @Test
    void aListWithABackslash(Team team) {
        Window window = open(team, 422);

        window.field("New list").fill("C:\\home");
        window.press("Enter");

        assertThat(window.button("Dismiss")).isVisible();
        assertThat(window.field("New list")).hasValue("C:\\home");
        window.keepsLists();
    }

    @Test
    void aListWithASlash(Team team) {
        Window window = open(team, 422);

        window.field("New list").fill("either/or");
        window.press("Enter");

        says(window, "slash");
        assertThat(window.field("New list")).hasValue("either/or");
        window.keepsLists();
    }

    @Test
    void aNameOfAListThatIsTooLong(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team, 422);

        rename(window, "y".repeat(101));

        says(window, "100");
        assertThat(window.field("Name of the list")).hasValue("y".repeat(101));
        window.press("Escape");
        window.keepsLists("home");
    }

    @Test
    void aNameOfAListWithASlash(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team, 422);

        rename(window, "either/or");

        assertThat(window.button("Dismiss")).isVisible();
        assertThat(window.field("Name of the list")).hasValue("either/or");
        window.press("Escape");
        window.keepsLists("home");
    }

    @Test
    void aNameOfAListThatAnotherHasGotMeanwhile(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team, 409);
        team.hasList("house", "Bread");

        rename(window, "house");

        assertThat(window.button("Dismiss")).isVisible();
        window.serves("home", "Milk");
        window.serves("house", "Bread");
        assertThat(window.field("Name of the list")).hasValue("house");
        window.press("Escape");
        window.showsLists("home", "house");
    }

    @Test
    void aNameOfAListThatAnotherHas(Team team) {
        team.hasList("home", "Milk");
        team.hasList("house", "Bread");
        Window window = open(team, 409);

        rename(window, "house");

        says(window, "There is a list “house” already.");
        assertThat(window.field("Name of the list")).hasValue("house");
    }

    @Test
    void aUsernameThatCannotBe(Team team) {
        Window window = open(team, 422);
        window.go("");

        window.field("Username").fill("a b");
        window.field("Name").fill("A B");
        window.press("Enter");

        assertThat(window.button("Dismiss")).isVisible();
        assertThat(window.field("Username")).hasValue("a b");
        assertThat(window.field("Username")).isFocused();
        assertThat(window.field("Name")).hasValue("A B");
    }

    @Test
    void aChangeOfWhatCanOnlyBeReadFromNowOn(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team, 405);
        assertThat(window.button("Rename this user")).isVisible();
        try (Services readOnly = team.services().readOnly()) {
            window.page().route("**/items/*", route -> isAnsweredBy(readOnly, route));

            window.add("home", "Bread");

            assertThat(window.button("Dismiss")).isVisible();
            assertThat(window.page().getByText("These lists can only be read here.")).isVisible();
            window.keeps("home", "Milk");
            assertThat(typed(window)).hasValue("Bread");
        }
    }

    @Test
    void whatCanOnlyBeReadHasNoControls(Team team) {
        team.hasList("home", "Milk · 2020-01-01", "✓ Bread");
        Window window = team.window();
        try (Services readOnly = team.services().readOnly()) {
            window.expect("a request to another host: " + readOnly.uri());
            window.page().navigate(readOnly.uri() + "/#/aniket");

            assertThat(window.page().getByText("These lists can only be read here.")).isVisible();
            window.shows("home", "Milk · Overdue: 1 Jan 2020", "✓ Bread");
            assertThat(window.checkbox("Milk")).isDisabled();
            assertThat(window.page().getByRole(AriaRole.TEXTBOX)).hasCount(0);
            assertThat(window.button("Edit Milk")).isDisabled();
            for (String button :
                    new String[] {
                        "Rename this user",
                        "Rename home",
                        "Delete home",
                        "Delete Milk",
                        "Move down Milk",
                        "Complete all in home",
                        "Clear done in home"
                    }) {
                assertThat(window.button(button)).hasCount(0);
            }
            window.link("Open").click();
            window.shows("home", "Milk · Overdue: 1 Jan 2020");

            window.link("All users").click();
            assertThat(window.link("Aniket Sharma aniket")).isVisible();
            assertThat(window.button("Add user")).hasCount(0);
            window.page().close(); // before what it asks
        }
    }

    private static void isAnsweredBy(Services other, Route route) {
        String path = URI.create(route.request().url()).getRawPath();
        var toOther =
                new Route.FetchOptions()
                        .setUrl(other.uri() + path)
                        .setHeaders(Map.of("Content-Type", "application/json"));
        route.fulfill(new Route.FulfillOptions().setResponse(route.fetch(toOther)));
    }

    /// The field, which is hidden where nothing can be written.
    private static Locator typed(Window window) {
        return window.page().getByLabel("Add an item to home");
    }

    private static void rename(Window window, String name) {
        window.list("home").hover();
        window.button("Rename home").click();
        window.field("Name of the list").fill(name);
        window.press("Enter");
    }

    private static void says(Window window, String part) {
        assertThat(window.button("Dismiss")).isVisible();
        assertThat(window.page().getByRole(AriaRole.STATUS)).containsText(part);
    }

    private static Window open(Team team, int status) {
        Window window = team.open("aniket");
        window.expect("status of " + status);
        assertThat(window.field("New list")).isVisible();
        return window;
    }
}
