package todomanager.system.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What people do on the page by keyboard alone: no element gets the focus but by Tab, or from the
/// page.
@ExtendWith(TeamExtension.class)
@Timeout(60)
class KeepingListsByKeyboardIT {
    @Test
    void aUserIsChosen(Team team) {
        team.hasUser("bo", "Bo Berg");
        team.hasList("home", "Milk");
        Window window = team.open("");

        window.tabTo(window.link("Aniket Sharma aniket"));
        window.press("Enter");

        window.shows("home", "Milk");
        assertThat(window.page()).hasURL(team.address("aniket"));
        assertThat(window.heading("Aniket Sharma’s lists")).isFocused();
    }

    @Test
    void theUsersAreOneStepBack(Team team) {
        Window window = team.open("aniket");

        window.tabTo(window.link("All users"));
        window.press("Enter");

        assertThat(window.link("Aniket Sharma aniket")).isVisible();
        assertThat(window.heading("To-do lists")).isFocused();
    }

    @Test
    void aUserIsAdded(Team team) {
        Window window = team.open("");

        window.tabTo(window.field("Username"));
        window.type("bo");
        window.tabTo(window.field("Name"));
        window.type("Bo Berg");
        window.press("Enter");

        assertThat(window.heading("Bo Berg’s lists")).isFocused();
        assertThat(team.name("bo")).isEqualTo("Bo Berg");
    }

    @Test
    void aUserIsRenamed(Team team) {
        Window window = team.open("aniket");

        window.tabTo(window.button("Rename this user"));
        window.press("Enter");
        window.type("Aniket S.");
        window.press("Enter");

        assertThat(window.heading("Aniket S.’s lists")).isVisible();
        assertThat(window.button("Rename this user")).isFocused();
        assertThat(team.name("aniket")).isEqualTo("Aniket S.");
    }

    @Test
    void aUserKeepsTheNameAtEscape(Team team) {
        Window window = team.open("aniket");

        window.tabTo(window.button("Rename this user"));
        window.press("Enter");
        window.type("Aniket S.");
        window.press("Escape");

        assertThat(window.heading("Aniket Sharma’s lists")).isVisible();
        assertThat(window.button("Rename this user")).isFocused();
        assertThat(team.name("aniket")).isEqualTo("Aniket Sharma");
    }

    @Test
    void itemsAreAddedOneAfterTheOther(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.tabTo(window.field("Add an item to home"));
        window.type("Bread");
        window.press("Enter");
        window.type("Apples");
        window.press("Enter");

        window.says("Added “Apples” to home.");
        window.keeps("home", "Milk", "Bread", "Apples");
        assertThat(window.field("Add an item to home")).isFocused();
    }

    @Test
    void aTitleThatIsRefusedGoesBackToItsField(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");
        window.expect("status of 422");
        String title = "x".repeat(501);

        window.tabTo(window.field("Add an item to home"));
        window.paste(title);
        window.press("Enter");

        assertThat(window.field("Add an item to home")).hasValue(title);
        assertThat(window.field("Add an item to home")).isFocused();
        assertThat(window.button("Dismiss").locator("..")).containsText("Taken back: Added “xxx");
        window.keeps("home", "Milk");
    }

    @Test
    void anEditThatIsRefusedIsOpenAgain(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");
        window.expect("status of 422");
        String title = "x".repeat(501);

        window.tabTo(window.button("Edit Milk"));
        window.press("Enter");
        window.paste(title);
        window.press("Enter");

        assertThat(window.button("Dismiss").locator("..")).containsText("Taken back: Saved “xxx");
        assertThat(window.field("Title")).hasValue(title);
        assertThat(window.field("Title")).isFocused();
        window.press("Escape");
        window.keeps("home", "Milk");
    }

    @Test
    void aNameThatIsRefusedGoesBackToItsField(Team team) {
        Window window = team.open("aniket");
        window.expect("status of 422");
        String name = "x".repeat(101);

        window.tabTo(window.field("New list"));
        window.paste(name);
        window.press("Enter");

        assertThat(window.field("New list")).hasValue(name);
        assertThat(window.button("Dismiss").locator("..")).containsText("Taken back: Made the");
        window.keepsLists();
    }

    @Test
    void severalLinesBecomeSeveralItems(Team team) {
        team.hasList("home");
        Window window = team.open("aniket");

        window.tabTo(window.field("Add an item to home"));
        window.paste("Bread\nApples");
        window.press("Enter");

        window.keeps("home", "Bread", "Apples");
        assertThat(window.field("Add an item to home")).isFocused();
    }

    @Test
    void anItemIsCompletedAndReopened(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.tabTo(window.checkbox("Bread"));
        window.press("Space");
        window.says("Completed “Bread”.");
        window.keeps("home", "Milk", "✓ Bread");
        assertThat(window.checkbox("Bread")).isFocused();

        window.press("Space");
        window.says("Reopened “Bread”.");
        window.keeps("home", "Milk", "Bread");
        assertThat(window.checkbox("Bread")).isFocused();
    }

    @Test
    void oneItemAfterTheOtherIsCompletedAmongTheOpenOnes(Team team) {
        team.hasList("home", "Milk", "Bread", "Apples");
        Window window = team.open("aniket");
        window.tabTo(window.link("Open"));
        window.press("Enter");

        window.tabTo(window.checkbox("Bread"));
        window.press("Space");
        window.shows("home", "Milk", "Apples");
        assertThat(window.checkbox("Apples")).isFocused();
        window.press("Space");
        window.shows("home", "Milk");
        assertThat(window.checkbox("Milk")).isFocused();
        window.press("Space");
        window.shows("home");
        assertThat(window.field("Add an item to home")).isFocused();
        window.serves("home", "✓ Milk", "✓ Bread", "✓ Apples");
    }

    @Test
    void aTitleIsEditedInItsPlace(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.tabTo(window.button("Edit Milk"));
        window.press("Enter");
        window.type("Oat milk");
        window.press("Enter");

        window.keeps("home", "Oat milk", "Bread");
        assertThat(window.button("Edit Oat milk")).isFocused();
    }

    @Test
    void anEditIsSavedAsTabLeavesIt(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.tabTo(window.button("Edit Milk"));
        window.press("Enter");
        window.type("Oat milk");
        window.tabTo(window.button("Save"));
        window.shows("home", "Milk", "Bread");
        window.press("Tab");

        window.keeps("home", "Oat milk", "Bread");
        assertThat(window.checkbox("Bread")).isFocused();
    }

    @Test
    void anEditIsGivenUpByEscape(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.tabTo(window.button("Edit Milk"));
        window.press("Enter");
        window.type("Oat milk");
        window.press("Escape");

        window.keeps("home", "Milk", "Bread");
        assertThat(window.button("Edit Milk")).isFocused();
    }

    @Test
    void anEmptiedTitleDeletesTheItem(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.tabTo(window.button("Edit Milk"));
        window.press("Enter");
        window.press("Delete");
        window.press("Enter");

        window.keeps("home", "Bread");
        assertThat(window.button("Edit Bread")).isFocused();
        window.press("Control+z");
        window.keeps("home", "Milk", "Bread");
    }

    @Test
    void anItemGetsADueDate(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.tabTo(window.button("Edit Milk"));
        window.press("Enter");
        window.tabTo(window.due());
        window.type("12122040");
        window.press("Enter");

        window.shows("home", "Milk · Due 12 Dec 2040");
        window.serves("home", "Milk · 2040-12-12");
        assertThat(window.button("Edit Milk")).isFocused();
    }

    @Test
    void aDeletedItemIsPutBackByItsButton(Team team) {
        team.hasList("home", "Milk", "Bread", "Apples");
        Window window = team.open("aniket");

        window.tabTo(window.button("Delete Bread"));
        window.press("Enter");
        window.keeps("home", "Milk", "Apples");
        assertThat(window.button("Edit Apples")).isFocused();

        window.tabTo(window.button("Undo"));
        window.press("Enter");
        window.keeps("home", "Milk", "Bread", "Apples");
        assertThat(window.button("Edit Bread")).isFocused();
    }

    @Test
    void deletionsArePutBackByControlZ(Team team) {
        team.hasList("home", "Milk", "Bread", "Apples");
        Window window = team.open("aniket");

        window.tabTo(window.button("Delete Bread"));
        window.press("Enter");
        window.tabTo(window.button("Delete Apples"));
        window.press("Enter");
        window.keeps("home", "Milk");
        assertThat(window.button("Edit Milk")).isFocused();

        window.press("Control+z");
        window.keeps("home", "Milk", "Bread", "Apples");
        assertThat(window.button("Edit Milk")).isFocused();
    }

    @Test
    void controlZInATextTakesBackWhatIsTyped(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");
        window.tabTo(window.button("Delete Bread"));
        window.press("Enter");
        window.tabTo(window.field("Add an item to home"));
        window.type("Apples");

        window.press("Control+z");

        assertThat(window.field("Add an item to home")).not().hasValue("Apples");
        window.keeps("home", "Milk");
        assertThat(window.undo()).isVisible();
    }

    @Test
    void whatWasDoneIsClearedAndPutBack(Team team) {
        team.hasList("home", "✓ Milk", "Bread", "✓ Apples");
        Window window = team.open("aniket");

        window.tabTo(window.button("Clear done in home"));
        window.press("Enter");
        window.keeps("home", "Bread");
        assertThat(window.field("Add an item to home")).isFocused();

        window.press("Control+z");
        window.keeps("home", "✓ Milk", "Bread", "✓ Apples");
        assertThat(window.field("Add an item to home")).isFocused();
    }

    @Test
    void aDeletedListIsPutBack(Team team) {
        team.hasList("home", "Milk");
        team.hasList("work", "Report");
        Window window = team.open("aniket");

        window.tabTo(window.button("Delete home"));
        window.press("Enter");
        window.keepsLists("work");
        assertThat(window.button("Edit Report")).isFocused();

        window.press("Control+z");
        window.keeps("home", "Milk");
        assertThat(window.button("Edit Report")).isFocused();
    }

    @Test
    void undoIsOfferedForLongerUnderTheFocus(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.window().at("2026-11-29").go("aniket");
        window.tabTo(window.button("Delete Milk"));
        window.press("Enter");

        window.tabTo(window.button("Undo"));
        window.passes(60_000);
        assertThat(window.undo()).isVisible();

        window.press("Shift+Tab");
        window.passes(19_999);
        assertThat(window.undo()).isVisible();
        window.passes(1);
        assertThat(window.undo()).isHidden();
    }

    @Test
    void anItemIsMovedByAltAndArrows(Team team) {
        team.hasList("home", "Milk", "Bread", "Apples");
        Window window = team.open("aniket");

        window.tabTo(window.button("Edit Milk"));
        window.press("Alt+ArrowDown");
        window.says("Moved “Milk” to place 2 of home.");
        window.keeps("home", "Bread", "Milk", "Apples");
        assertThat(window.button("Edit Milk")).isFocused();

        window.press("Alt+ArrowDown");
        window.press("Alt+ArrowDown"); // there is nothing further
        window.keeps("home", "Bread", "Apples", "Milk");
        assertThat(window.button("Edit Milk")).isFocused();

        window.press("Alt+ArrowUp");
        window.keeps("home", "Bread", "Milk", "Apples");
        assertThat(window.button("Edit Milk")).isFocused();
    }

    @Test
    void anItemIsMovedByItsButtons(Team team) {
        team.hasList("home", "Milk", "Bread", "Apples");
        Window window = team.open("aniket");

        window.tabTo(window.button("Move down Milk"));
        window.press("Enter");
        window.press("Enter");

        window.keeps("home", "Bread", "Apples", "Milk");
        assertThat(window.button("Move down Milk")).isFocused();
    }

    @Test
    void whatIsHiddenStaysWhereItIsAsAnItemIsMoved(Team team) {
        team.hasList("home", "Milk", "✓ Bread", "Apples", "Pears");
        Window window = team.open("aniket/open");

        window.tabTo(window.button("Edit Pears"));
        window.press("Alt+ArrowUp");
        window.press("Alt+ArrowUp");

        window.shows("home", "Pears", "Milk", "Apples");
        window.serves("home", "Pears", "Milk", "✓ Bread", "Apples");
    }

    @Test
    void anItemIsMovedToAnotherListAsItIsEdited(Team team) {
        team.hasList("home", "Milk", "Bread");
        team.hasList("work", "Report");
        Window window = team.open("aniket");

        window.tabTo(window.button("Edit Milk"));
        window.press("Enter");
        window.tabTo(window.find(AriaRole.COMBOBOX, "List"));
        window.press("ArrowDown");
        window.tabTo(window.button("Save"));
        window.press("Enter");

        window.keeps("home", "Bread");
        window.keeps("work", "Report", "Milk");
        assertThat(window.button("Edit Milk")).isFocused();
    }

    @Test
    void allOfAListAreCompletedAndReopened(Team team) {
        team.hasList("home", "Milk", "✓ Bread");
        Window window = team.open("aniket");

        window.tabTo(window.button("Complete all in home"));
        window.press("Enter");
        window.keeps("home", "✓ Milk", "✓ Bread");
        assertThat(window.button("Reopen all in home")).isFocused();

        window.press("Enter");
        window.keeps("home", "Milk", "Bread");
        assertThat(window.button("Complete all in home")).isFocused();
    }

    @Test
    void aListIsMadeAndFilled(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.tabTo(window.field("New list"));
        window.type("work");
        window.press("Enter");
        assertThat(window.field("Add an item to work")).isFocused();
        window.type("Report");
        window.press("Enter");

        window.keepsLists("home", "work");
        window.keeps("work", "Report");
    }

    @Test
    void aListIsRenamed(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.tabTo(window.button("Rename home"));
        window.press("Enter");
        window.type("house");
        window.press("Enter");

        window.keepsLists("house");
        window.keeps("house", "Milk");
        assertThat(window.button("Rename house")).isFocused();
    }

    @Test
    void aListKeepsItsNameAtEscape(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.tabTo(window.button("Rename home"));
        window.press("Enter");
        window.type("house");
        window.press("Escape");

        window.keepsLists("home");
        assertThat(window.button("Rename home")).isFocused();
    }
}
