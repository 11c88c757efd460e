package todomanager.system.page.faults;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import todomanager.system.page.Team;
import todomanager.system.page.TeamExtension;
import todomanager.system.page.Window;

/// Titles and names that are markup, paths, or too much for a layout are shown as they are typed.
@ExtendWith(TeamExtension.class)
@Timeout(60)
@Tag("system")
class HostileTextIT {
    private static final String HEBREW = "שלום עולם";

    static Stream<String> titles() {
        return Stream.of(
                "<img src=x onerror=alert(1)>",
                "<script>alert(1)</script>",
                "</template><b>bold</b>&lt;&amp;",
                "\"quotes\" and 'quotes' \\",
                "😀".repeat(250),
                "👩‍👩‍👧‍👦".repeat(45),
                "x".repeat(500),
                "a\u0300".repeat(250),
                HEBREW,
                "\u202Eright to left override");
    }

    static Stream<String> names() {
        return Stream.of(
                "100%",
                "%2F",
                "%E0%A4%A",
                "#1 what?",
                "a&b=c;d",
                "a+b \"c\" 'd'",
                "<img src=x onerror=alert(1)>",
                HEBREW,
                "constructor",
                "__proto__",
                "x".repeat(100),
                "...",
                "$&");
    }

    @ParameterizedTest
    @MethodSource("titles")
    void aTitleIsShownAsItIsTyped(String title, Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");
        window.page().setViewportSize(320, 600);

        window.add("home", title);

        window.serves("home", "Milk", title);
        assertThat(window.button("Edit " + title)).hasText(title);
        fits(window);
        window.reload();
        assertThat(window.button("Edit " + title)).hasText(title);
        window.button("Edit " + title).click();
        assertThat(window.field("Title")).hasValue(title);
        fits(window);
        window.field("Title").fill("");
        window.press("Enter");
        assertThat(window.undo()).containsText("Deleted “" + title + "”");
        fits(window);
        window.keeps("home", "Milk");
    }

    @Test
    void aTitleInHebrewGoesFromTheRightToTheLeft(Team team) {
        team.hasList("home", HEBREW, "Milk");
        team.hasList(HEBREW);
        Window window = team.open("aniket");

        assertThat(window.button("Edit " + HEBREW)).hasCSS("direction", "rtl");
        assertThat(window.button("Edit Milk")).hasCSS("direction", "ltr");
        assertThat(window.heading(HEBREW)).hasCSS("direction", "rtl");
        window.button("Edit " + HEBREW).click();
        assertThat(window.field("Title")).hasCSS("direction", "rtl");
    }

    @ParameterizedTest
    @MethodSource("names")
    void aListOfAnyNameIsKept(String name, Team team) {
        Window window = team.open("aniket");
        window.page().setViewportSize(320, 600);

        window.field("New list").fill(name);
        window.press("Enter");
        window.keepsLists(name);
        assertThat(window.field("Add an item to " + name)).hasValue("");
        assertThat(window.field("Add an item to " + name)).isFocused();
        window.add(name, "Milk");
        window.keeps(name, "Milk");
        assertThat(window.field("Add an item to " + name)).hasValue("");
        fits(window);
        window.checkbox("Milk").click();
        window.keeps(name, "✓ Milk");

        window.button("Rename " + name).click();
        window.field("Name of the list").fill("home");
        window.press("Enter");
        window.keepsLists("home");
        window.button("Rename home").click();
        window.field("Name of the list").fill(name);
        window.press("Enter");
        window.keepsLists(name);

        window.button("Delete " + name).click();
        window.keepsLists();
        window.button("Undo").click();
        window.keeps(name, "✓ Milk");
    }

    static Stream<String> usernames() {
        return Stream.of("constructor", "__proto__", "a.b-c_d@e", "...", "שלום");
    }

    @ParameterizedTest
    @MethodSource("usernames")
    void aUserOfAnyNameIsAdded(String username, Team team) {
        Window window = team.open("");

        window.field("Username").fill(username);
        window.field("Name").fill("<b>" + username);
        window.press("Enter");

        assertThat(window.heading("<b>" + username + "’s lists")).isVisible();
        window.field("New list").fill("constructor");
        window.press("Enter");
        window.showsLists("constructor");
        window.add("constructor", "Milk");
        window.shows("constructor", "Milk");
        window.reload();
        window.shows("constructor", "Milk");
        assertThat(window.field("Add an item to constructor")).hasValue("");
        assertThat(window.field("New list")).hasValue("");
        window.link("All users").click();
        assertThat(window.link("<b>" + username + " " + username)).isVisible();
    }

    static Stream<String> usernamesByHand() {
        return Stream.of("50% <b>", "%2F", "a#b?c&d", "\"q\" 'q'", "😀");
    }

    /// A document may have usernames that the service would not take.
    @ParameterizedTest
    @MethodSource("usernamesByHand")
    void aUserOfAnyNameIsShown(String username, Team team) {
        team.hasUserByHand(username, "Ana");
        Window window = team.open("");

        window.link("Ana " + username).click();

        assertThat(window.heading("Ana’s lists")).isVisible();
        window.field("New list").fill("home");
        window.press("Enter");
        window.add("home", "Milk");
        window.shows("home", "Milk");
        window.link("Open").click();
        window.reload();
        assertThat(window.heading("Ana’s lists")).isVisible();
        window.shows("home", "Milk");
    }

    @Test
    void whatIsTypedOutlivesAReload(Team team) {
        team.hasList("constructor", "Milk");
        Window window = team.open("aniket");
        window.field("Add an item to constructor").fill("<b>Bread");
        window.field("New list").fill("__proto__");

        window.reload();

        assertThat(window.field("Add an item to constructor")).hasValue("<b>Bread");
        assertThat(window.field("New list")).hasValue("__proto__");
    }

    private static void fits(Window window) {
        assertThat(
                        window.page()
                                .evaluate(
                                        "() => document.documentElement.scrollWidth - innerWidth"))
                .isEqualTo(0);
    }
}
