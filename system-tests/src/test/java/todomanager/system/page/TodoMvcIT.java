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
    void enterAddsAnItem(Team team) {
        team.hasList("home", "Milk");
        Window window = team.open("aniket");

        window.field("Add an item to home").fill("Bread");
        window.press("Enter");

        window.keeps("home", "Milk", "Bread");
        assertThat(window.field("Add an item to home")).isFocused();
        assertThat(window.field("Add an item to home")).hasValue("");
    }
}
