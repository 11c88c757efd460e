package todomanager.system.page.faults;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import todomanager.system.page.Team;
import todomanager.system.page.TeamExtension;
import todomanager.system.page.Window;

/// Two windows on the same lists.
@ExtendWith(TeamExtension.class)
@Timeout(60)
class ConflictsIT {
    private static final long POLL = 10_000; // milliseconds

    @Test
    void whoSavesWhatWasChangedElsewhereSeesBoth(Team team) {
        Window window = withConflict(team);

        assertThat(window.page().getByRole(AriaRole.ALERT))
                .containsText("Changed elsewhere, to “Whole milk”");
        assertThat(window.field("Title")).hasValue("Oat milk");
        assertThat(window.field("Title")).isFocused();
        window.serves("home", "Whole milk", "Bread");
    }

    @Test
    void mineCanBeKept(Team team) {
        Window window = withConflict(team);

        window.button("Keep mine").click();

        window.keeps("home", "Oat milk", "Bread");
        assertThat(window.button("Edit Oat milk")).isFocused();
    }

    @Test
    void mineCanBeKeptByTheKeyboard(Team team) {
        Window window = withConflict(team);

        window.tabTo(window.button("Keep mine"));
        window.press("Enter");

        window.keeps("home", "Oat milk", "Bread");
    }

    @Test
    void theirsCanBeTaken(Team team) {
        Window window = withConflict(team);

        window.button("Take theirs").click();

        window.keeps("home", "Whole milk", "Bread");
        assertThat(window.button("Edit Whole milk")).isFocused();
    }

    @Test
    void theirsIsTakenByEscape(Team team) {
        Window window = withConflict(team);

        window.press("Escape");

        window.keeps("home", "Whole milk", "Bread");
    }

    @Test
    void mineIsAskedForAgainIfTheyChangeItAgain(Team team) {
        Window window = withConflict(team);
        team.hasChanged("home", "Whole milk", "{\"title\": \"Soy milk\"}");

        window.button("Keep mine").click();

        assertThat(window.page().getByRole(AriaRole.ALERT)).containsText("to “Soy milk”");
        assertThat(window.field("Title")).hasValue("Oat milk");
        window.button("Keep mine").click();
        window.keeps("home", "Oat milk", "Bread");
    }

    @Test
    void aDateThatWasChangedElsewhereIsAConflict(Team team) {
        Window window = editing(team);
        team.hasChanged("home", "Milk", "{\"due\": \"2090-01-01\"}");

        window.press("Enter");

        assertThat(window.page().getByRole(AriaRole.ALERT))
                .containsText("to “Milk”, due 1 Jan 2090");
        window.button("Keep mine").click();
        window.shows("home", "Oat milk · Due 1 Jan 2090", "Bread");
        window.serves("home", "Oat milk · 2090-01-01", "Bread");
    }

    @Test
    void aTitleThatWasChangedElsewhereIsKeptWithANewDate(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = open(team);
        window.expect("status of 412");
        window.button("Edit Milk").click();
        window.due().fill("2090-01-01");
        team.hasChanged("home", "Milk", "{\"title\": \"Whole milk\"}");

        window.button("Save").click();
        window.button("Keep mine").click();

        window.shows("home", "Whole milk · Due 1 Jan 2090", "Bread");
        window.serves("home", "Whole milk · 2090-01-01", "Bread");
    }

    @Test
    void whatWasOnlyCompletedElsewhereIsNoConflict(Team team) {
        Window window = editing(team);
        team.hasChanged("home", "Milk", "{\"completed\": true}");

        window.press("Enter");
        window.serves("home", "✓ Oat milk", "Bread");

        polls(window);
        window.shows("home", "✓ Oat milk", "Bread");
    }

    @Test
    void whatWasOnlyMovedElsewhereIsNoConflict(Team team) {
        Window window = editing(team);
        Window other = open(team);
        other.button("Edit Milk").press("Alt+ArrowDown");
        other.keeps("home", "Bread", "Milk");

        window.press("Enter");
        window.serves("home", "Bread", "Oat milk");

        polls(window);
        window.shows("home", "Bread", "Oat milk");
    }

    @Test
    void theSameChangeElsewhereIsNoConflict(Team team) {
        Window window = editing(team);
        team.hasChanged("home", "Milk", "{\"title\": \"Oat milk\"}");

        window.press("Enter");

        window.keeps("home", "Oat milk", "Bread");
        assertThat(window.button("Keep mine")).isHidden();
    }

    @Test
    void checkingOffIsNoConflict(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = open(team);
        window.shows("home", "Milk", "Bread");
        team.hasChanged("home", "Milk", "{\"title\": \"Whole milk\", \"due\": \"2090-01-01\"}");

        window.checkbox("Milk").click();

        window.serves("home", "✓ Whole milk · 2090-01-01", "Bread");

        polls(window);
        window.shows("home", "✓ Whole milk · Due 1 Jan 2090", "Bread");
    }

    @Test
    void theTitleOfAnItemThatWasDeletedElsewhereGoesToTheField(Team team) {
        Window window = editing(team);
        window.expect("status of 404");
        team.hasDeleted("home", "Milk");

        window.press("Enter");

        assertThat(window.field("Add an item to home")).hasValue("Oat milk");
        assertThat(window.page().getByRole(AriaRole.STATUS))
                .containsText("It was deleted elsewhere.");
        window.keeps("home", "Bread");
        window.field("Add an item to home").press("Enter");
        window.keeps("home", "Bread", "Oat milk");
    }

    @Test
    void theTitleOfAnItemWhoseListWasDeletedElsewhereGoesToTheField(Team team) {
        Window window = editing(team);
        window.expect("status of 404");
        team.services().send("DELETE", "/users/aniket/lists/home", "");

        window.press("Enter");

        assertThat(window.field("Add an item to home")).hasValue("Oat milk");
        window.field("Add an item to home").press("Enter");
        window.keeps("home", "Oat milk");
    }

    @Test
    void theNameOfAListThatWasDeletedElsewhereGoesToAField(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        window.expect("status of 404");
        window.button("Rename home").focus();
        window.press("Enter");
        window.field("Name of the list").fill("house");
        team.services().send("DELETE", "/users/aniket/lists/home", "");

        window.press("Enter");

        assertThat(window.page().getByRole(AriaRole.STATUS)).containsText("Taken back: Renamed");
        assertThat(window.field("Add an item to home")).hasValue("house");
    }

    @Test
    void whatIsTypedOutlivesTheDeletionOfItsList(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        window.field("Add an item to home").fill("Bread");
        team.services().send("DELETE", "/users/aniket/lists/home", "");

        polls(window);

        window.shows("home");
        assertThat(window.field("Add an item to home")).hasValue("Bread");
        assertThat(window.field("Add an item to home")).isFocused();
    }

    @Test
    void changesInBothWindowsAreKept(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        Window other = open(team);
        other.shows("home", "Milk");

        window.add("home", "Bread");
        window.serves("home", "Milk", "Bread");
        other.checkbox("Milk").click();
        other.serves("home", "✓ Milk", "Bread");
        other.add("home", "Apples");
        other.serves("home", "✓ Milk", "Bread", "Apples");

        polls(other);
        other.shows("home", "✓ Milk", "Bread", "Apples");
    }

    @Test
    void changesOfAnotherWindowArriveWithinTenSeconds(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        window.shows("home", "Milk");
        assertThat(window.button("Rename this user")).isVisible();

        team.hasChanged("home", "Milk", "{\"title\": \"Oat milk\"}");
        team.hasList("work", "Report");
        polls(window);

        window.showsLists("home", "work");
        window.shows("home", "Oat milk");
    }

    @Test
    void whatHasNotChangedIsNotSentAgain(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        window.shows("home", "Milk");
        assertThat(window.button("Rename this user")).isVisible();

        var answer = window.page().waitForResponse("**/lists?view=items", () -> polls(window));

        assertThat(answer.status()).isEqualTo(304);
    }

    @Test
    void aHiddenWindowAsksForNothing(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        window.shows("home", "Milk");
        assertThat(window.button("Rename this user")).isVisible();
        List<String> asked = requests(window.page());
        window.hide();

        window.passes(3 * POLL);
        assertThat(asked).isEmpty();

        team.hasChanged("home", "Milk", "{\"title\": \"Oat milk\"}");
        window.show();
        window.shows("home", "Oat milk");
    }

    private static Window open(Team team) {
        Window window = team.window();
        window.page().clock().install();
        return window.go("aniket");
    }

    private static void polls(Window window) {
        window.settles();
        window.page().clock().fastForward(POLL);
    }

    private static List<String> requests(Page page) {
        var requests = new ArrayList<String>();
        page.onRequest(request -> requests.add(request.method() + ' ' + request.url()));
        return requests;
    }

    /// A window in which the title of Milk is changed to Oat milk, and not saved.
    private static Window editing(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = open(team);
        window.expect("status of 412");
        window.retitle("Milk", "Oat milk");
        return window;
    }

    private static Window withConflict(Team team) {
        Window window = editing(team);
        Window other = open(team);
        other.retitle("Milk", "Whole milk");
        other.press("Enter");
        other.keeps("home", "Whole milk", "Bread");

        window.press("Enter");

        assertThat(window.button("Keep mine")).isVisible();
        assertThat(window.button("Take theirs")).isVisible();
        return window;
    }
}
