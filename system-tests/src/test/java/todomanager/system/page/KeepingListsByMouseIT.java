package todomanager.system.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What people do on the page by a mouse, with the keyboard for text alone: what they see, what the
/// service then has, and where the focus is.
@ExtendWith(TeamExtension.class)
@Tag("system")
@Timeout(60)
class KeepingListsByMouseIT {
    private static final double TOP = 0.25; // of a row
    private static final double BOTTOM = 0.75;

    @Test
    void aUserIsChosenAndKeptInTheAddress(Team team) {
        team.hasUser("bo", "Bo Berg");
        team.hasList("home", "Milk");
        Window window = team.open("");

        window.link("Aniket Sharma aniket").click();

        window.shows("home", "Milk");
        assertThat(window.page()).hasURL(team.address("aniket"));
        assertThat(window.heading("Aniket Sharma’s lists")).isFocused();
        window.reload();
        window.shows("home", "Milk");
    }

    @Test
    void theUsersAreOneStepBack(Team team) {
        team.hasUser("bo", "Bo Berg");
        Window window = team.open("aniket");

        window.link("All users").click();

        assertThat(window.link("Aniket Sharma aniket")).isVisible();
        assertThat(window.link("Bo Berg bo")).isVisible();
        assertThat(window.heading("To-do lists")).isFocused();
    }

    @Test
    void aUserIsAdded(Team team) {
        Window window = team.open("");

        window.field("Username").fill("bo");
        window.field("Name").fill("Bo Berg");
        window.button("Add user").click();

        assertThat(window.heading("Bo Berg’s lists")).isFocused();
        assertThat(window.page()).hasURL(team.address("bo"));
        assertThat(team.name("bo")).isEqualTo("Bo Berg");
    }

    @Test
    void aUsernameThatIsTakenIsNotAddedAgain(Team team) {
        Window window = team.open("");
        window.expect("status of 412");

        window.field("Username").fill("aniket");
        window.field("Name").fill("Another");
        window.button("Add user").click();

        window.says("This username is taken.");
        assertThat(window.field("Username")).isFocused();
        assertThat(window.field("Username")).hasValue("aniket");
        assertThat(window.field("Name")).hasValue("Another");
        assertThat(team.name("aniket")).isEqualTo("Aniket Sharma");
    }

    @Test
    void aUserIsRenamed(Team team) {
        Window window = team.open("aniket");

        window.button("Rename this user").click();
        assertThat(window.field("Name of the user")).hasValue("Aniket Sharma");
        window.field("Name of the user").fill("Aniket S.");
        window.press("Enter");

        assertThat(window.heading("Aniket S.’s lists")).isVisible();
        assertThat(window.button("Rename this user")).isFocused();
        assertThat(team.name("aniket")).isEqualTo("Aniket S.");
    }

    @Test
    void allListsAreShownWithWhatIsOpen(Team team) {
        team.hasList("home", "Milk", "✓ Bread");
        team.hasList("work", "Report", "Slides");
        team.hasList("later");
        Window window = team.open("aniket");

        window.showsLists("home", "work", "later");
        assertThat(window.summary()).hasText("3 items open in 3 lists");
        assertThat(window.list("home")).containsText("1 open");
        assertThat(window.list("work")).containsText("2 open");
        assertThat(window.list("later")).containsText("0 open");
    }

    @Test
    void anItemIsAdded(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.field("Add an item to home").click();
        window.type("Bread");
        window.press("Enter");

        window.says("Added “Bread” to home.");
        window.keeps("home", "Milk", "Bread");
        assertThat(window.field("Add an item to home")).isFocused();
    }

    @Test
    void severalLinesBecomeSeveralItems(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.field("Add an item to home").click();
        window.paste("Bread\r\n\n  Apples\nPears\n");
        window.press("Enter");

        window.says("Added 3 items to home.");
        window.keeps("home", "Milk", "Bread", "Apples", "Pears");
        assertThat(window.field("Add an item to home")).isFocused();
        assertThat(window.field("Add an item to home")).hasValue("");
    }

    @Test
    void anItemIsCompletedAndReopened(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.checkbox("Bread").click();
        window.says("Completed “Bread”.");
        window.keeps("home", "Milk", "✓ Bread");
        assertThat(window.checkbox("Bread")).isFocused();

        window.checkbox("Bread").click();
        window.says("Reopened “Bread”.");
        window.keeps("home", "Milk", "Bread");
    }

    @Test
    void aTitleIsEditedInItsPlace(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.retitle("Milk", "Oat milk");
        window.button("Save").click();

        window.says("Saved “Oat milk”.");
        window.keeps("home", "Oat milk", "Bread");
        assertThat(window.button("Edit Oat milk")).isFocused();
    }

    @Test
    void aFieldOfAnEditIsLeftForTheNextWithoutSaving(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.retitle("Milk", "Oat milk");
        window.due().click();
        window.field("Title").click();
        window.press("Escape");

        window.keeps("home", "Milk");
        assertThat(window.button("Edit Milk")).isFocused();
    }

    @Test
    void anEditEndsAsTheNextBegins(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.retitle("Milk", "Oat milk");
        window.button("Edit Bread").click();

        assertThat(window.field("Title")).hasValue("Bread");
        assertThat(window.field("Title")).isFocused();
        window.press("Escape");
        window.keeps("home", "Oat milk", "Bread");
    }

    @Test
    void anItemGetsADueDateAndLosesIt(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.button("Edit Milk").click();
        window.due().fill("2040-12-01");
        window.button("Save").click();
        window.shows("home", "Milk · Due 1 Dec 2040");
        window.serves("home", "Milk · 2040-12-01");
        window.settles();

        window.button("Edit Milk").click();
        assertThat(window.due()).hasValue("2040-12-01");
        window.due().fill("");
        window.button("Save").click();
        assertThat(window.row("Milk")).not().containsText("Due");
        window.keeps("home", "Milk");
    }

    @Test
    void whatIsOverdueIsShown(Team team) {
        team.hasList(
                "home",
                "Milk · 2026-11-28",
                "Bread · 2026-11-29",
                "Apples · 2026-11-30",
                "✓ Pears · 2026-11-28");
        Window window = team.window().at("2026-11-29").go("aniket");

        window.shows(
                "home",
                "Milk · Overdue: 28 Nov 2026",
                "Bread · Due today",
                "Apples · Due 30 Nov 2026",
                "✓ Pears · Due 28 Nov 2026");
    }

    @Test
    void aDeletedItemIsPutBackInItsPlace(Team team) {
        team.hasList("home", "Milk", "✓ Bread · 2040-12-01", "Apples");
        Window window = team.open("aniket");

        window.remove("Bread");
        window.says("Deleted “Bread”.");
        window.keeps("home", "Milk", "Apples");
        assertThat(window.undo()).containsText("Deleted “Bread”");
        assertThat(window.button("Edit Apples")).isFocused();

        window.button("Undo").click();
        window.says("Taken back.");
        window.shows("home", "Milk", "✓ Bread", "Apples");
        window.serves("home", "Milk", "✓ Bread · 2040-12-01", "Apples");
        assertThat(window.button("Edit Bread")).isFocused();
        assertThat(window.undo()).isHidden();
    }

    @Test
    void theLastItemsDeletionLeavesTheFocusBeforeIt(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.remove("Bread");
        assertThat(window.button("Edit Milk")).isFocused();

        window.remove("Milk");
        assertThat(window.field("Add an item to home")).isFocused();
        window.keeps("home");
    }

    @Test
    void severalDeletionsArePutBackTogether(Team team) {
        team.hasList("home", "Milk", "Bread", "Apples", "Pears");
        Window window = team.open("aniket");

        window.remove("Bread");
        window.remove("Apples");
        window.remove("Milk");
        window.keeps("home", "Pears");
        assertThat(window.undo()).containsText("Deleted “Milk” and more");

        window.button("Undo").click();
        window.keeps("home", "Milk", "Bread", "Apples", "Pears");
    }

    @Test
    void whatWasDoneIsClearedAndPutBack(Team team) {
        team.hasList("home", "✓ Milk", "Bread", "✓ Apples", "✓ Pears");
        Window window = team.open("aniket");

        window.button("Clear done in home").click();
        window.says("Deleted 3 items of “home”.");
        window.keeps("home", "Bread");
        assertThat(window.undo()).containsText("Deleted 3 items");
        assertThat(window.field("Add an item to home")).isFocused();

        window.button("Undo").click();
        window.keeps("home", "✓ Milk", "Bread", "✓ Apples", "✓ Pears");
        assertThat(window.button("Edit Milk")).isFocused();
    }

    @Test
    void aDeletedListIsPutBackWithItsItems(Team team) {
        team.hasList("home", "Milk · 2040-12-01", "✓ Bread");
        team.hasList("work", "Report");
        Window window = team.open("aniket");

        window.list("home").hover();
        window.button("Delete home").click();
        window.says("Deleted the list “home”.");
        window.keepsLists("work");
        assertThat(window.undo()).containsText("Deleted “home”");
        assertThat(window.button("Edit Report")).isFocused();

        window.button("Undo").click();
        window.shows("home", "Milk", "✓ Bread");
        window.serves("home", "Milk · 2040-12-01", "✓ Bread");
        assertThat(window.field("Add an item to home")).isFocused();
    }

    @Test
    void theLastListsDeletionLeavesTheFocusWhereOneIsMade(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.list("home").hover();
        window.button("Delete home").click();

        window.keepsLists();
        assertThat(window.field("New list")).isFocused();
    }

    @Test
    void undoIsOfferedForTwentySeconds(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.window().at("2026-11-29").go("aniket");
        window.remove("Milk");
        window.page().mouse().move(1, 1);

        window.passes(19_999);
        assertThat(window.undo()).isVisible();
        window.passes(1);
        assertThat(window.undo()).isHidden();
        window.keeps("home", "Bread");
    }

    @Test
    void undoIsOfferedForLongerUnderThePointer(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.window().at("2026-11-29").go("aniket");
        window.remove("Milk");

        window.undo().hover();
        window.passes(60_000);
        assertThat(window.undo()).isVisible();

        window.page().mouse().move(1, 1);
        window.passes(19_999);
        assertThat(window.undo()).isVisible();
        window.passes(1);
        assertThat(window.undo()).isHidden();
    }

    @Test
    void anItemIsMovedByItsButtons(Team team) {
        team.hasList("home", "Milk", "Bread", "Apples");
        Window window = team.open("aniket");

        window.row("Apples").hover();
        window.button("Move up Apples").click();
        window.says("Moved “Apples” to place 2 of home.");
        window.keeps("home", "Milk", "Apples", "Bread");
        assertThat(window.button("Move up Apples")).isFocused();

        window.row("Milk").hover();
        window.button("Move down Milk").click();
        window.says("Moved “Milk” to place 2 of home.");
        window.keeps("home", "Apples", "Milk", "Bread");
        assertThat(window.button("Move down Milk")).isFocused();
    }

    @Test
    void nothingIsMovedBeyondTheEnds(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        assertThat(window.button("Move up Milk")).isDisabled();
        assertThat(window.button("Move down Milk")).isEnabled();
        assertThat(window.button("Move up Bread")).isEnabled();
        assertThat(window.button("Move down Bread")).isDisabled();
    }

    @Test
    void anItemIsDraggedBeforeAnother(Team team) {
        team.hasList("home", "Milk", "Bread", "Apples");
        Window window = team.open("aniket");

        window.drag("Apples", window.row("Milk"), TOP);

        window.says("Moved “Apples” to place 1 of home.");
        window.keeps("home", "Apples", "Milk", "Bread");
    }

    @Test
    void anItemIsDraggedBehindAnother(Team team) {
        team.hasList("home", "Milk", "Bread", "Apples");
        Window window = team.open("aniket");

        window.drag("Milk", window.row("Bread"), BOTTOM);

        window.says("Moved “Milk” to place 2 of home.");
        window.keeps("home", "Bread", "Milk", "Apples");
    }

    @Test
    void anItemIsDraggedIntoAnotherList(Team team) {
        team.hasList("home", "Milk · 2040-12-01", "Bread");
        team.hasList("work", "Report", "Slides");
        Window window = team.open("aniket");

        window.drag("Milk", window.row("Slides"), TOP);

        window.says("Moved “Milk” to place 2 of work.");
        window.keeps("home", "Bread");
        window.shows("work", "Report", "Milk", "Slides");
        window.serves("work", "Report", "Milk · 2040-12-01", "Slides");
    }

    @Test
    void anItemIsDraggedIntoAnEmptyList(Team team) {
        team.hasList("home", "Milk", "Bread");
        team.hasList("work");
        Window window = team.open("aniket");

        window.drag("Milk", window.heading("work"), BOTTOM);

        window.keeps("home", "Bread");
        window.keeps("work", "Milk");
    }

    @Test
    void aDragIsGivenUpByEscape(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");
        var target = window.row("Bread").boundingBox();

        window.row("Milk").hover();
        window.grip("Milk").hover();
        window.page().mouse().down();
        window.page().mouse().move(target.x + 40, target.y + target.height - 4);
        window.press("Escape");
        window.page().mouse().up();
        window.add("home", "Apples");

        window.keeps("home", "Milk", "Bread", "Apples");
    }

    @Test
    void anItemIsMovedToAnotherListAsItIsEdited(Team team) {
        team.hasList("home", "Milk", "Bread");
        team.hasList("work", "Report");
        Window window = team.open("aniket");

        window.retitle("Milk", "Oat milk");
        window.find(AriaRole.COMBOBOX, "List").selectOption("work");
        window.button("Save").click();

        window.keeps("home", "Bread");
        window.keeps("work", "Report", "Oat milk");
        assertThat(window.button("Edit Oat milk")).isFocused();
    }

    @Test
    void allOfAListAreCompletedAndReopened(Team team) {
        team.hasList("home", "Milk", "✓ Bread");
        Window window = team.open("aniket");

        window.button("Complete all in home").click();
        window.says("Completed all in “home”.");
        window.keeps("home", "✓ Milk", "✓ Bread");
        assertThat(window.button("Reopen all in home")).isFocused();

        window.button("Reopen all in home").click();
        window.says("Reopened all in “home”.");
        window.keeps("home", "Milk", "Bread");
        assertThat(window.button("Complete all in home")).isFocused();
    }

    @Test
    void aListIsMade(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.field("New list").click();
        window.type("work");
        window.press("Enter");

        window.says("Made the list “work”.");
        window.keepsLists("home", "work");
        assertThat(window.field("Add an item to work")).isFocused();
        assertThat(window.field("New list")).hasValue("");
    }

    @Test
    void aListIsRenamed(Team team) {
        team.hasList("home", "Milk");
        team.hasList("work", "Report");
        Window window = team.open("aniket");

        window.list("home").hover();
        window.button("Rename home").click();
        assertThat(window.field("Name of the list")).hasValue("home");
        window.field("Name of the list").fill("house");
        window.press("Enter");

        window.says("Renamed “home” to “house”.");
        window.keepsLists("house", "work");
        window.keeps("house", "Milk");
        assertThat(window.button("Rename house")).isFocused();
    }

    @Test
    void aListIsNotGivenTheNameOfAnother(Team team) {
        team.hasList("home", "Milk");
        team.hasList("work", "Report");
        Window window = team.open("aniket");

        window.list("home").hover();
        window.button("Rename home").click();
        window.field("Name of the list").fill("work");
        window.press("Enter");

        window.says("There is a list “work” already.");
        assertThat(window.field("Name of the list")).hasValue("work");
        assertThat(window.field("Name of the list")).isFocused();
        window.press("Escape");
        window.keepsLists("home", "work");
        window.keeps("home", "Milk");
    }
}
