package todomanager.system.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the specification of TodoMVC asks of a page with lists, as this page has it.
@ExtendWith(TeamExtension.class)
@Timeout(60)
class TodoMvcIT {
    @Test
    void theFocusBeginsAtTheHeading(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.shows("home", "Milk");
        assertThat(window.heading("Aniket Sharma’s lists")).isFocused();
    }

    @Test
    void anEmptyListHasNoControlsOfItems(Team team) {
        team.hasList("home");
        Window window = team.open("aniket");

        window.shows("home");
        assertThat(window.button("Complete all in home")).isHidden();
        assertThat(window.button("Clear done in home")).isHidden();
    }

    @Test
    void theFirstItemBringsTheControls(Team team) {
        team.hasList("home");
        Window window = team.open("aniket");

        window.add("home", "Milk");

        assertThat(window.button("Complete all in home")).isVisible();
    }

    @Test
    void enterAddsAnItem(Team team) {
        team.hasList("home");
        Window window = team.open("aniket");

        window.add("home", "Milk");

        window.keeps("home", "Milk");
    }

    @Test
    void aNewItemEmptiesTheField(Team team) {
        team.hasList("home");
        Window window = team.open("aniket");

        window.add("home", "Milk");

        assertThat(window.field("Add an item to home")).hasValue("");
        assertThat(window.field("Add an item to home")).isFocused();
    }

    @Test
    void newItemsGoToTheEnd(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.add("home", "Bread");
        window.add("home", "Apples");

        window.keeps("home", "Milk", "Bread", "Apples");
    }

    @Test
    void aNewTitleIsTrimmed(Team team) {
        team.hasList("home");
        Window window = team.open("aniket");

        window.add("home", "  Milk and bread  ");

        window.keeps("home", "Milk and bread");
    }

    @Test
    void whiteSpaceAddsNothing(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.add("home", "");
        window.add("home", "   ");
        window.add("home", "Bread");

        window.keeps("home", "Milk", "Bread");
    }

    @Test
    void anItemIsCompleted(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.checkbox("Milk").click();

        window.keeps("home", "✓ Milk", "Bread");
    }

    @Test
    void anItemIsReopened(Team team) {
        team.hasList("home", "✓ Milk", "Bread");
        Window window = team.open("aniket");

        window.checkbox("Milk").click();

        window.keeps("home", "Milk", "Bread");
    }

    @Test
    void allAreCompleted(Team team) {
        team.hasList("home", "Milk", "✓ Bread", "Apples");
        team.hasList("work", "Report");
        Window window = team.open("aniket");

        window.button("Complete all in home").click();

        window.keeps("home", "✓ Milk", "✓ Bread", "✓ Apples");
        window.keeps("work", "Report");
    }

    @Test
    void allAreReopened(Team team) {
        team.hasList("home", "✓ Milk", "✓ Bread");
        Window window = team.open("aniket");

        window.button("Reopen all in home").click();

        window.keeps("home", "Milk", "Bread");
    }

    @Test
    void theButtonForAllFollowsTheItems(Team team) {
        team.hasList("home", "Milk", "✓ Bread");
        Window window = team.open("aniket");

        window.checkbox("Milk").click();
        assertThat(window.button("Reopen all in home")).isVisible();
        assertThat(window.button("Complete all in home")).isHidden();

        window.checkbox("Bread").click();
        assertThat(window.button("Complete all in home")).isVisible();
        assertThat(window.button("Reopen all in home")).isHidden();
        window.keeps("home", "✓ Milk", "Bread");
    }

    @Test
    void aClickOnATitleEditsIt(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.button("Edit Milk").click();

        assertThat(window.field("Title")).hasValue("Milk");
        assertThat(window.field("Title")).isFocused();
    }

    @Test
    void whatElseTheItemHasIsHiddenWhileItIsEdited(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.button("Edit Milk").click();

        assertThat(window.field("Title")).isVisible();
        assertThat(window.button("Edit Milk")).isHidden();
        assertThat(window.button("Delete Milk")).isHidden();
        assertThat(window.button("Move down Milk")).isHidden();
        assertThat(window.button("Edit Bread")).isVisible();
    }

    @Test
    void enterSavesAnEdit(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.retitle("Milk", "Oat milk");
        window.press("Enter");

        window.keeps("home", "Oat milk", "Bread");
        assertThat(window.field("Title")).isHidden();
    }

    @Test
    void leavingAnEditSavesIt(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.retitle("Milk", "Oat milk");
        window.field("Add an item to home").click();

        window.keeps("home", "Oat milk", "Bread");
        assertThat(window.field("Title")).isHidden();
        assertThat(window.field("Add an item to home")).isFocused();
    }

    @Test
    void anEditedTitleIsTrimmed(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.retitle("Milk", "   Oat milk  ");
        window.press("Enter");

        window.keeps("home", "Oat milk");
    }

    @Test
    void anEditThatLeavesNothingDeletesTheItem(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.retitle("Milk", "  ");
        window.press("Enter");

        window.keeps("home", "Bread");
    }

    @Test
    void escapeGivesAnEditUp(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket");

        window.retitle("Milk", "Oat milk");
        window.press("Escape");

        assertThat(window.field("Title")).isHidden();
        window.keeps("home", "Milk", "Bread");
    }

    @Test
    void theButtonsOfAnItemShowUnderThePointer(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");
        var actions = window.button("Delete Milk").locator("..");

        assertThat(actions).hasCSS("opacity", "0");
        window.row("Milk").hover();
        assertThat(actions).hasCSS("opacity", "1");
    }

    @Test
    void theItemsThatAreOpenAreCounted(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");
        assertThat(window.summary()).hasText("1 item open in 1 list");
        assertThat(window.list("home")).containsText("1 open");

        window.add("home", "Bread");
        assertThat(window.summary()).hasText("2 items open in 1 list");
        assertThat(window.list("home")).containsText("2 open");

        window.checkbox("Milk").click();
        window.checkbox("Bread").click();
        assertThat(window.summary()).hasText("0 items open in 1 list");
        assertThat(window.list("home")).containsText("0 open");
    }

    @Test
    void clearDoneDeletesWhatIsDone(Team team) {
        team.hasList("home", "✓ Milk", "Bread", "✓ Apples");
        team.hasList("work", "✓ Report");
        Window window = team.open("aniket");

        window.button("Clear done in home").click();

        window.keeps("home", "Bread");
        window.keeps("work", "✓ Report");
    }

    @Test
    void clearDoneIsThereWhileSomethingIsDone(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");
        window.shows("home", "Milk");
        assertThat(window.button("Clear done in home")).isHidden();

        window.checkbox("Milk").click();
        assertThat(window.button("Clear done in home")).isVisible();

        window.button("Clear done in home").click();
        assertThat(window.button("Clear done in home")).isHidden();
    }

    @Test
    void itemsTheirStatesAndTheFilterOutliveAReload(Team team) {
        team.hasList("home");
        Window window = team.open("aniket");
        window.add("home", "Milk");
        window.add("home", "Bread");
        window.checkbox("Milk").click();
        window.link("Done").click();
        window.shows("home", "✓ Milk");
        window.serves("home", "✓ Milk", "Bread");

        window.reload();

        window.shows("home", "✓ Milk");
        assertThat(window.link("Done")).hasAttribute("aria-current", "true");
        window.link("All").click();
        window.keeps("home", "✓ Milk", "Bread");
    }

    @Test
    void openShowsWhatIsOpen(Team team) {
        team.hasList("home", "Milk", "✓ Bread");
        Window window = team.open("aniket");

        window.link("Open").click();

        window.shows("home", "Milk");
        assertThat(window.page()).hasURL(team.address("aniket/open"));
    }

    @Test
    void doneShowsWhatIsDone(Team team) {
        team.hasList("home", "Milk", "✓ Bread");
        Window window = team.open("aniket");

        window.link("Done").click();

        window.shows("home", "✓ Bread");
        assertThat(window.page()).hasURL(team.address("aniket/done"));
    }

    @Test
    void allShowsAll(Team team) {
        team.hasList("home", "Milk", "✓ Bread");
        Window window = team.open("aniket/done");
        window.shows("home", "✓ Bread");

        window.link("All").click();

        window.shows("home", "Milk", "✓ Bread");
    }

    @Test
    void backAndForwardChangeTheFilter(Team team) {
        team.hasList("home", "Milk", "✓ Bread");
        Window window = team.open("aniket");
        window.link("Open").click();
        window.link("Done").click();
        window.shows("home", "✓ Bread");

        window.page().goBack();
        window.shows("home", "Milk");
        window.page().goBack();
        window.shows("home", "Milk", "✓ Bread");
        window.page().goForward();
        window.shows("home", "Milk");
    }

    @Test
    void theFilterInForceIsMarked(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");
        assertThat(window.link("All")).hasAttribute("aria-current", "true");

        window.link("Open").click();

        assertThat(window.link("Open")).hasAttribute("aria-current", "true");
        assertThat(window.link("All")).not().hasAttribute("aria-current", "true");
    }

    @Test
    void whatIsCompletedLeavesTheOpenOnes(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = team.open("aniket/open");

        window.checkbox("Milk").click();

        window.shows("home", "Bread");
        window.serves("home", "✓ Milk", "Bread");
        assertThat(window.checkbox("Bread")).isFocused();
    }
}
