package todomanager.system.page.access;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ForcedColors;
import com.microsoft.playwright.options.Media;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import todomanager.system.page.Team;
import todomanager.system.page.TeamExtension;
import todomanager.system.page.Window;

/// That the page fits those who use it: their screen readers, windows, hands and eyes.
@ExtendWith(TeamExtension.class)
@Timeout(60)
class FittingIT {
    /// What can be pressed, by name, where a press lands on less than 24 pixels across or down.
    private static final String SMALL =
            """
            () => [...document.querySelectorAll("button, a, input, select, textarea")]
              .filter((element) => element.checkVisibility())
              .filter((element) => {
                element.scrollIntoView({ block: "center" });
                const { left, top, width, height } = element.getBoundingClientRect();
                const isHit = (byX, byY) => {
                  const hit = document.elementFromPoint(left + width / 2 + byX, top + height / 2 + byY);
                  return element.contains(hit) || hit?.closest("label")?.contains(element);
                };
                const steps = Array.from({ length: 81 }, (_, index) => (index - 40) / 2);
                const across = steps.filter((step) => isHit(step, 0)).length / 2;
                const down = steps.filter((step) => isHit(0, step)).length / 2;
                return across < 24 || down < 24;
              })
              .map((element) => element.ariaLabel || element.textContent)\
            """;

    @Test
    void aScreenReaderFindsListsItemsAndWhatCanBeDone(Team team) {
        team.hasList("home", "Milk · 2020-01-01", "✓ Bread");
        team.hasList("someday");
        Window window = team.open("aniket");
        window.showsLists("home", "someday");
        assertThat(window.button("Rename this user")).isVisible();

        assertThat(window.page().locator("body").ariaSnapshot())
                .isEqualTo(
                        """
                        - banner:
                          - heading "Aniket Sharma’s lists" [level=1]
                          - button "Rename this user":
                            - img
                          - paragraph: 1 item open in 2 lists
                          - navigation "Items shown":
                            - link "All":
                              - /url: "#/aniket/"
                            - link "Open":
                              - /url: "#/aniket/open"
                            - link "Done":
                              - /url: "#/aniket/done"
                          - link "All users":
                            - /url: "#/"
                        - main:
                          - region "home":
                            - heading "home" [level=2]
                            - button "Rename home":
                              - img
                            - button "Delete home":
                              - img
                            - text: 1 open
                            - list:
                              - listitem:
                                - checkbox "Milk"
                                - button "Edit Milk": Milk
                                - text: "Overdue: 1 Jan 2020"
                                - button "Move up Milk" [disabled]: ↑
                                - button "Move down Milk": ↓
                                - button "Delete Milk":
                                  - img
                              - listitem:
                                - checkbox "Bread" [checked]
                                - button "Edit Bread": Bread
                                - button "Move up Bread": ↑
                                - button "Move down Bread" [disabled]: ↓
                                - button "Delete Bread":
                                  - img
                            - textbox "Add an item to home":
                              - /placeholder: Add an item
                            - button "Complete all in home": Complete all
                            - button "Clear done in home": Clear done
                          - region "someday":
                            - heading "someday" [level=2]
                            - button "Rename someday":
                              - img
                            - button "Delete someday":
                              - img
                            - text: 0 open
                            - list: Nothing here yet.
                            - textbox "Add an item to someday":
                              - /placeholder: Add an item
                          - textbox "New list"
                        - complementary "Messages"
                        - status\
                        """);
    }

    @Test
    void aScreenReaderFindsUsers(Team team) {
        Window window = team.open("");
        assertThat(window.button("Add user")).isVisible();

        assertThat(window.page().locator("body").ariaSnapshot())
                .isEqualTo(
                        """
                        - banner:
                          - heading "To-do lists" [level=1]
                          - paragraph: Hey! The service is up, how about doing something useful
                        - main:
                          - list:
                            - listitem:
                              - link "Aniket Sharma aniket":
                                - /url: "#/aniket"
                          - heading "Add a user" [level=2]
                          - text: Username
                          - textbox "Username"
                          - text: Name
                          - textbox "Name"
                          - button "Add user"
                        - complementary "Messages"
                        - status\
                        """);
    }

    @Test
    void targetsHave24Pixels(Team team) {
        team.hasList("home", "Milk · 2020-01-01", "✓ Bread");
        Window window = team.open("aniket");
        window.showsLists("home");
        assertThat(window.page().evaluate(SMALL)).isEqualTo(List.of());

        window.page().setViewportSize(320, 600);
        window.checkbox("Milk").focus();
        assertThat(window.page().evaluate(SMALL)).isEqualTo(List.of());

        window.button("Edit Milk").click();
        assertThat(window.field("Title")).isFocused();
        assertThat(window.page().evaluate(SMALL)).isEqualTo(List.of());
    }

    @Test
    void nothingIsWiderThanAWindowAt400Percent(Team team) {
        team.hasList("home", "Milk · 2020-01-01", "✓ Bread", "x".repeat(500));
        team.hasList("y".repeat(100), "Milk");
        Window window = team.open("");
        window.page().setViewportSize(320, 256);
        assertThat(window.button("Add user")).isVisible();
        isNotScrolledSideways(window);

        window.go("aniket");
        window.showsLists("home", "y".repeat(100));
        isNotScrolledSideways(window);

        window.button("Edit Bread").click();
        assertThat(window.field("Title")).isFocused();
        isNotScrolledSideways(window);
        window.press("Escape");

        window.button("Rename home").click();
        isNotScrolledSideways(window);
        window.press("Escape");

        window.button("Delete " + "y".repeat(100)).click();
        assertThat(window.button("Undo")).isVisible();
        isNotScrolledSideways(window);
    }

    @Test
    void theFieldForANewItemIsNotCoveredByMessages(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");
        window.page().setViewportSize(320, 256);
        window.checkbox("Milk").focus();
        window.button("Delete Milk").click();
        assertThat(window.button("Undo")).isVisible();

        window.field("New list").focus();

        window.field("New list").click(new Locator.ClickOptions().setTrial(true));
    }

    @Test
    void textThatIsSpacedOutIsNotCut(Team team) {
        team.hasList("home", "Milk · 2020-01-01", "✓ Bread");
        Window window = team.open("aniket");
        window.page().setViewportSize(320, 256);
        window.showsLists("home");

        window.page()
                .evaluate(
                        """
                        () => {
                          const sheet = new CSSStyleSheet();
                          sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
                            word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
                          document.adoptedStyleSheets.push(sheet);
                        }\
                        """);

        isNotScrolledSideways(window);
        window.checkbox("Milk").focus();
        window.button("Delete Milk").click();
        assertThat(window.button("Undo")).isVisible();
        assertThat(
                        window.page()
                                .evaluate(
                                        """
                                        () => [...document.querySelectorAll("button, a, span, p, h1, h2")]
                                          .filter((element) => element.checkVisibility() && element.id !== "status")
                                          .filter(({ scrollWidth, clientWidth }) => clientWidth && scrollWidth > clientWidth + 1)
                                          .map(({ textContent }) => textContent)\
                                        """))
                .isEqualTo(List.of());
    }

    @Test
    void paperShowsTheListsAndNoControls(Team team) {
        team.hasList("home", "Milk · 2020-01-01", "✓ Bread");
        Window window = team.open("aniket");
        window.showsLists("home");

        window.page().emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));

        assertThat(window.heading("home")).isVisible();
        assertThat(window.button("Edit Milk")).isVisible();
        assertThat(window.list("home")).containsText("Overdue: 1 Jan 2020");
        assertThat(window.page().getByRole(AriaRole.TEXTBOX)).hasCount(0);
        assertThat(window.page().getByRole(AriaRole.LINK)).hasCount(0);
        assertThat(window.button("Delete Milk")).hasCount(0);
        assertThat(window.button("Complete all in home")).hasCount(0);
    }

    @Test
    void nothingMovesForThoseWhoDoNotWantThat(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");
        window.page()
                .emulateMedia(
                        new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));

        window.remove("Milk");

        assertThat(window.button("Undo")).isVisible();
        assertThat(window.page().evaluate("() => document.getAnimations().length")).isEqualTo(0);
    }

    @Test
    void aCheckMarkIsSeenInForcedColours(Team team) {
        Window window = inForcedColours(team);

        byte[] isOpen = image(window, window.checkbox("Milk"));
        byte[] isDone = image(window, window.checkbox("Bread"));
        assertThat(Arrays.equals(isOpen, isDone)).isFalse();
    }

    @Test
    void theFilterIsSeenInForcedColours(Team team) {
        Window window = inForcedColours(team);
        Locator filters = window.link("All").locator("..");
        byte[] all = image(window, filters);

        window.go("aniket/open");
        assertThat(window.link("Open")).hasAttribute("aria-current", "true");

        assertThat(Arrays.equals(image(window, filters), all)).isFalse();
    }

    @Test
    void whatIsOverdueIsSaidInWords(Team team) {
        team.hasList("home", "Milk · 2020-01-01");
        Window window = team.open("aniket");

        assertThat(window.list("home")).containsText("Overdue: 1 Jan 2020");
    }

    @Test
    void theHandleForDraggingIsSeenInForcedColours(Team team) {
        Window window = inForcedColours(team);
        Locator grip = window.grip("Milk");
        window.row("Milk").hover();
        byte[] seen = image(window, grip);

        grip.evaluate("(grip) => grip.style.setProperty('visibility', 'hidden')");

        assertThat(Arrays.equals(image(window, grip), seen)).isFalse();
    }

    private static byte[] image(Window window, Locator element) {
        BoundingBox box = element.boundingBox();
        var options = new Page.ScreenshotOptions().setClip(box.x, box.y, box.width, box.height);
        return window.page().screenshot(options);
    }

    private static Window inForcedColours(Team team) {
        team.hasList("home", "Milk", "✓ Bread");
        Window window = team.open("aniket");
        window.showsLists("home");
        window.page()
                .emulateMedia(new Page.EmulateMediaOptions().setForcedColors(ForcedColors.ACTIVE));
        return window;
    }

    private static void isNotScrolledSideways(Window window) {
        assertThat(
                        window.page()
                                .evaluate(
                                        "() => document.documentElement.scrollWidth - innerWidth"))
                .isEqualTo(0);
    }
}
