package todomanager.system.page.access;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import todomanager.system.page.Team;
import todomanager.system.page.TeamExtension;
import todomanager.system.page.Window;

/// Where the focus is, for those who use no pointer: it reaches all, can be seen, and is not for
/// one frame at nothing.
@ExtendWith(TeamExtension.class)
@Timeout(60)
class FocusIT {
    /// Complains of each frame in which the focus is at nothing, once it has been somewhere.
    private static final String WATCH =
            """
            let wasSomewhere = false;
            requestAnimationFrame(function watch() {
              const isSomewhere = ![null, document.body].includes(document.activeElement);
              if (wasSomewhere && !isSomewhere) console.error("the focus is lost");
              wasSomewhere = isSomewhere;
              requestAnimationFrame(watch);
            });\
            """;

    /// What has the focus, and whether one sees that: by an outline, or a shadow of what is around.
    private static final String FOCUSED =
            """
            () => {
              const { activeElement: element } = document;
              if (element === document.body) return { name: "" };
              const isVisible = [element, element.closest("form")].some((one) => {
                if (!one) return false;
                const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
                return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow.includes(" 0px -1px 0px");
              });
              const box = element.getBoundingClientRect();
              const onTop = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
              return {
                name: element.labels?.[0]?.textContent.trim() || (element.ariaLabel ?? element.textContent),
                isVisible: isVisible && element.checkVisibility({ opacityProperty: true }),
                isCovered: !element.contains(onTop),
              };
            }\
            """;

    @Test
    void tabReachesAllInTheirOrder(Team team) {
        team.hasList("home", "Milk", "✓ Bread");
        team.hasList("someday");
        Window window = open(team, "aniket");
        window.showsLists("home", "someday");
        assertThat(window.button("Rename this user")).isVisible();

        assertThat(stops(window))
                .containsExactly(
                        "Rename this user",
                        "All",
                        "Open",
                        "Done",
                        "All users",
                        "Rename home",
                        "Delete home",
                        "Milk",
                        "Edit Milk",
                        "Move up Milk",
                        "Move down Milk",
                        "Delete Milk",
                        "Bread",
                        "Edit Bread",
                        "Move up Bread",
                        "Move down Bread",
                        "Delete Bread",
                        "Add an item to home",
                        "Complete all in home",
                        "Clear done in home",
                        "Rename someday",
                        "Delete someday",
                        "Add an item to someday",
                        "New list");
    }

    @Test
    void tabReachesAllInANarrowWindow(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team, "aniket");
        window.page().setViewportSize(320, 256);
        window.showsLists("home");
        assertThat(window.button("Rename this user")).isVisible();

        assertThat(stops(window))
                .containsExactly(
                        "Rename this user",
                        "All",
                        "Open",
                        "Done",
                        "All users",
                        "Rename home",
                        "Delete home",
                        "Milk",
                        "Edit Milk",
                        "Move up Milk",
                        "Move down Milk",
                        "Delete Milk",
                        "Add an item to home",
                        "Complete all in home",
                        "New list");
    }

    @Test
    void tabReachesAllUsers(Team team) {
        Window window = open(team, "");
        assertThat(window.button("Add user")).isVisible();

        assertThat(stops(window))
                .containsExactly("Aniket Sharma aniket", "Username", "Name", "Add user");
    }

    @Test
    void tabReachesTheOfferToUndo(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team, "aniket");
        window.button("Delete Milk").focus();

        window.press("Enter");

        assertThat(window.field("Add an item to home")).isFocused();
        assertThat(stops(window)).endsWith("New list", "Undo");
    }

    @Test
    void theFirstItemIsDeletedForTheNext(Team team) {
        Window window = withItems(team);
        deletes(window, "Milk");
        assertThat(window.button("Edit Bread")).isFocused();
    }

    @Test
    void anItemAmongOthersIsDeletedForTheNext(Team team) {
        Window window = withItems(team);
        deletes(window, "Bread");
        assertThat(window.button("Edit Apples")).isFocused();
    }

    @Test
    void theLastItemIsDeletedForTheOneBefore(Team team) {
        Window window = withItems(team);
        deletes(window, "Apples");
        assertThat(window.button("Edit Bread")).isFocused();
    }

    @Test
    void theOnlyItemIsDeletedForTheField(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team, "aniket");
        deletes(window, "Milk");
        assertThat(window.field("Add an item to home")).isFocused();
    }

    @Test
    void anItemWithoutATitleIsDeletedForTheNext(Team team) {
        Window window = withItems(team);

        window.button("Edit Milk").focus();
        window.press("Enter");
        window.field("Title").fill("");
        window.press("Enter");

        assertThat(window.checkbox("Milk")).hasCount(0);
        assertThat(window.button("Edit Bread")).isFocused();
    }

    @Test
    void theFocusMovesWithItsItem(Team team) {
        Window window = withItems(team);

        window.button("Edit Milk").focus();
        window.press("Alt+ArrowDown");
        window.shows("home", "Bread", "Milk", "Apples");
        assertThat(window.button("Edit Milk")).isFocused();

        window.button("Move down Milk").focus();
        window.press("Enter");
        window.keeps("home", "Bread", "Apples", "Milk");
        assertThat(window.button("Move down Milk")).isFocused();
    }

    @Test
    void theFocusMovesWithItsItemToAnotherList(Team team) {
        team.hasList("work");
        Window window = withItems(team);

        window.button("Edit Milk").focus();
        window.press("Enter");
        window.find(AriaRole.COMBOBOX, "List").selectOption("work");
        window.button("Save").focus();
        window.press("Enter");

        window.keeps("work", "Milk");
        assertThat(window.button("Edit Milk")).isFocused();
    }

    @Test
    void whatIsCompletedAmongTheOpenOnesIsLeftForTheNext(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = open(team, "aniket/open");

        window.checkbox("Milk").focus();
        window.press("Space");
        window.shows("home", "Bread");
        assertThat(window.checkbox("Bread")).isFocused();

        window.press("Space");
        window.shows("home");
        assertThat(window.field("Add an item to home")).isFocused();
        window.serves("home", "✓ Milk", "✓ Bread");
    }

    @Test
    void allThatIsCompletedAmongTheOpenOnesLeavesTheButton(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = open(team, "aniket/open");

        window.button("Complete all in home").focus();
        window.press("Enter");

        window.shows("home");
        assertThat(window.button("Reopen all in home")).isFocused();
    }

    @Test
    void whatIsDoneIsClearedForTheField(Team team) {
        team.hasList("home", "✓ Milk");
        Window window = open(team, "aniket");

        window.button("Clear done in home").focus();
        window.press("Enter");

        window.keeps("home");
        assertThat(window.field("Add an item to home")).isFocused();
    }

    @Test
    void aListIsRenamedAndItsButtonFocused(Team team) {
        Window window = withItems(team);

        window.button("Rename home").focus();
        window.press("Enter");
        window.field("Name of the list").fill("house");
        window.press("Enter");

        window.keepsLists("house");
        assertThat(window.button("Rename house")).isFocused();
    }

    @Test
    void aRenameThatIsGivenUpLeavesItsButton(Team team) {
        Window window = withItems(team);

        window.button("Rename home").focus();
        window.press("Enter");
        window.press("Escape");

        assertThat(window.button("Rename home")).isFocused();
    }

    @Test
    void aListIsDeletedForTheNext(Team team) {
        team.hasList("home", "Milk");
        team.hasList("work", "Report");
        Window window = open(team, "aniket");

        window.button("Delete home").focus();
        window.press("Enter");

        window.keepsLists("work");
        assertThat(window.button("Edit Report")).isFocused();
    }

    @Test
    void theLastListIsDeletedForANewOne(Team team) {
        Window window = withItems(team);

        window.button("Delete home").focus();
        window.press("Enter");

        window.keepsLists();
        assertThat(window.field("New list")).isFocused();
    }

    @Test
    void whatIsTakenBackIsFocused(Team team) {
        Window window = withItems(team);
        deletes(window, "Bread");

        window.button("Undo").focus();
        window.press("Enter");

        window.keeps("home", "Milk", "Bread", "Apples");
        assertThat(window.button("Edit Bread")).isFocused();
    }

    @Test
    void aListThatIsTakenBackIsFocused(Team team) {
        Window window = withItems(team);
        window.button("Delete home").focus();
        window.press("Enter");

        window.button("Undo").focus();
        window.press("Enter");

        window.keeps("home", "Milk", "Bread", "Apples");
        assertThat(window.field("Add an item to home")).isFocused();
    }

    @Test
    void whatIsTakenBackByAKeyLeavesTheFocus(Team team) {
        Window window = withItems(team);
        deletes(window, "Bread");

        window.press("Control+z");

        window.keeps("home", "Milk", "Bread", "Apples");
        assertThat(window.button("Edit Apples")).isFocused();
    }

    @Test
    void anItemThatIsDeletedElsewhereLeavesTheFocusAtTheHeading(Team team) {
        Window window = withItems(team);
        window.button("Edit Bread").focus();

        team.hasDeleted("home", "Bread");
        window.page().evaluate("() => dispatchEvent(new Event('online'))");

        window.shows("home", "Milk", "Apples");
        assertThat(window.heading("Aniket Sharma’s lists")).isFocused();
    }

    @Test
    void aMessageIsDismissedForTheHeading(Team team) {
        Window window = withItems(team);
        window.expect("status of 422");
        window.add("home", "x".repeat(501));

        window.button("Dismiss").focus();
        window.press("Enter");

        assertThat(window.heading("Aniket Sharma’s lists")).isFocused();
    }

    @Test
    void aChosenUserIsTheHeading(Team team) {
        Window window = open(team, "");

        window.link("Aniket Sharma aniket").focus();
        window.press("Enter");

        assertThat(window.heading("Aniket Sharma’s lists")).isFocused();
    }

    @Test
    void aPressLandsWhereItIsMadeInANarrowWindow(Team team) {
        team.hasList("home", "Milk", "Bread", "Apples");
        Window window = open(team, "aniket");
        window.page().setViewportSize(320, 760);
        window.checkbox("Bread").focus();

        window.button("Edit Apples").click();

        assertThat(window.field("Title")).hasValue("Apples");
    }

    private static Window withItems(Team team) {
        team.hasList("home", "Milk", "Bread", "Apples");
        return open(team, "aniket");
    }

    private static Window open(Team team, String route) {
        Window window = team.window();
        window.page().addInitScript(WATCH);
        return window.go(route);
    }

    private static void deletes(Window window, String title) {
        window.button("Delete " + title).focus();
        window.press("Enter");
        assertThat(window.checkbox(title)).hasCount(0);
    }

    /// Goes on by Tab to the end, and requires that the focus is seen wherever it is.
    private static List<String> stops(Window window) {
        var names = new ArrayList<String>();
        while (true) {
            window.press("Tab");
            var focused = (Map<?, ?>) window.page().evaluate(FOCUSED);
            String name = String.valueOf(focused.get("name"));
            if (name.isEmpty() || names.contains(name)) {
                window.expect("the focus is lost"); // to the browser's own controls
                return names;
            }
            names.add(name);
            assertThat(focused.get("isVisible")).as(name + " is seen").isEqualTo(true);
            assertThat(focused.get("isCovered")).as(name + " is covered").isEqualTo(false);
        }
    }
}
