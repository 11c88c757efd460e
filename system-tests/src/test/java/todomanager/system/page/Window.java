package todomanager.system.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ReducedMotion;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// A window of a browser of its own, in which elements are found as those who can't see it find
/// them: by role and name.
public final class Window {
    private static final Set<String> COMPLAINTS = Set.of("error", "warning", "assert");
    private static final String LATE = "status of 504";

    private static final int MOST_STOPS = 60; // of Tab on a page with a few items

    private final BrowserContext context;
    private final Page page;
    private final Team team;
    private final List<String> said = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();

    Window(Browser browser, URI service, Team team) {
        this.team = team;
        context =
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setReducedMotion(ReducedMotion.REDUCE)
                                .setLocale("en-GB")
                                .setTimezoneId("UTC"));
        context.setDefaultTimeout(Chromium.PATIENCE);
        context.onConsoleMessage(message -> {
            if (COMPLAINTS.contains(message.type())) {
                said.add(message.text() + " (" + message.location() + ')');
            }
        });
        context.onWebError(error -> said.add(error.error()));
        context.onRequest(request -> {
            if (!request.url().startsWith(service + "/")) {
                said.add("a request to another host: " + request.url());
            }
        });
        context.addInitScript(
                "addEventListener('securitypolicyviolation', (event) =>"
                        + " console.error(`${event.violatedDirective} forbids ${event.blockedURI}`))");
        page = context.newPage();
    }

    /// What a test needs that is said here for none.
    public Page page() {
        return page;
    }

    /// Shows what stands behind `#/` in an address.
    public Window go(String route) {
        page.navigate(team.address(route));
        return this;
    }

    public Locator find(AriaRole role, String name) {
        return page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    public Locator button(String name) {
        return find(AriaRole.BUTTON, name);
    }

    public Locator link(String name) {
        return find(AriaRole.LINK, name);
    }

    public Locator checkbox(String title) {
        return find(AriaRole.CHECKBOX, title);
    }

    public Locator field(String name) {
        return find(AriaRole.TEXTBOX, name);
    }

    /// An item where it stands, with all that can be done with it.
    public Locator row(String title) {
        var itself = new Locator.FilterOptions().setHas(checkbox(title));
        return page.getByRole(AriaRole.LISTITEM).filter(itself);
    }

    /// What an item is dragged by, which has no role: keys do the same.
    public Locator grip(String title) {
        return row(title).getByTitle("Drag to move");
    }

    public Locator list(String name) {
        return find(AriaRole.REGION, name);
    }

    public Locator heading(String name) {
        return find(AriaRole.HEADING, name);
    }

    /// The line that tells what there is to do in all.
    public Locator summary() {
        return page.getByRole(AriaRole.BANNER).getByRole(AriaRole.PARAGRAPH);
    }

    /// Types a new item, and Enter.
    public void add(String list, String title) {
        field("Add an item to " + list).fill(title);
        press("Enter");
    }

    /// Types another title, which is not saved yet.
    public void retitle(String title, String other) {
        button("Edit " + title).click();
        field("Title").fill(other);
    }

    /// Deletes an item by its button.
    public void remove(String title) {
        row(title).hover();
        button("Delete " + title).click();
    }

    /// The date of the item that is edited, for which there is no role.
    public Locator due() {
        return page.getByLabel("Due", new Page.GetByLabelOptions().setExact(true));
    }

    /// The offer to take deletions back.
    public Locator undo() {
        return button("Undo").locator("..");
    }

    /// Drags an item until the pointer is over a place, a part of its height from the top.
    public void drag(String title, Locator to, double height) {
        row(title).hover();
        BoundingBox box = to.boundingBox();
        grip(title).hover();
        page.mouse().down();
        page.mouse().move(box.x + box.width / 2, box.y + box.height * height);
        page.mouse().up();
    }

    /// Puts a text on the clipboard, and pastes it.
    public void paste(String text) {
        context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
        page.evaluate("(text) => navigator.clipboard.writeText(text)", text);
        press("Control+v");
    }

    /// Stops the page's clock at the beginning of a day.
    public Window at(String date) {
        page.clock().install(new Clock.InstallOptions().setTime(date + "T00:00:00Z"));
        page.clock().pauseAt(date + "T00:00:01Z");
        return this;
    }

    /// Lets time pass on the page's clock, by which calls have their time-outs, too: so all that
    /// was done is answered before.
    ///
    /// @param time in milliseconds
    public void passes(long time) {
        settles();
        page.clock().runFor(time);
    }

    /// Presses a key, or keys at once such as `Control+z`, where the focus is.
    public void press(String key) {
        page.keyboard().press(key);
    }

    public void type(String text) {
        page.keyboard().type(text);
    }

    /// Goes on by Tab until the focus is there.
    public void tabTo(Locator element) {
        assertThat(element).isVisible();
        for (int presses = 0; presses < MOST_STOPS; presses++) {
            press("Tab");
            if (element.and(page.locator(":focus")).count() == 1) {
                return;
            }
        }
        throw new AssertionError("Tab does not lead to " + element);
    }

    /// Awaits that a list shows these items and no others.
    public void shows(String list, String... items) {
        var tree = new StringBuilder("- list:\n  - /children: equal\n");
        for (String item : items) {
            boolean isDone = item.startsWith("✓ ");
            String[] parts = item.substring(isDone ? 2 : 0).split(" · ", -1);
            tree.append(
                    "  - listitem:\n    - checkbox \"%s\" [checked=%s]\n"
                            .formatted(parts[0], isDone));
            if (parts.length > 1) {
                tree.append("    - text: \"%s\"\n".formatted(parts[1]));
            }
        }
        Locator rows = list(list).getByRole(AriaRole.LISTITEM);
        assertThat(rows).hasCount(items.length);
        if (items.length > 0) {
            assertThat(list(list)).matchesAriaSnapshot(tree.toString());
        }
    }

    /// Awaits that these lists are shown and no others.
    public void showsLists(String... names) {
        Locator headings =
                page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(2));
        assertThat(headings).hasText(names);
    }

    /// Awaits that a list shows these items and that the service has them, and no others.
    public void keeps(String list, String... items) {
        shows(list, items);
        serves(list, items);
    }

    /// Awaits that the service has these items in a list, and no others.
    public void serves(String list, String... items) {
        serves(() -> team.items(list), items);
    }

    /// Awaits that these lists are shown and that the service has them, and no others.
    public void keepsLists(String... names) {
        showsLists(names);
        serves(team::lists, names);
    }

    private void serves(Supplier<List<String>> served, String... values) {
        try {
            page.waitForCondition(() -> served.get().equals(List.of(values)));
        } catch (TimeoutError e) {
            assertThat(served.get()).containsExactly(values); // says what is there instead
        }
    }

    /// Awaits that all that was done is answered.
    public void settles() {
        awaits("JSON.parse(sessionStorage.kept ?? '{\"outbox\": []}').outbox.length === 0");
    }

    /// Awaits that an expression is true. Playwright's own way evaluates a text within the page
    /// after its first try, which the page forbids.
    void awaits(String expression) {
        page.waitForCondition(() -> page.evaluate(expression).equals(true));
    }

    /// Reloads the page once all that was done on it is answered; what is not would be sent again.
    public void reload() {
        settles();
        page.reload();
    }

    /// Puts the window behind others, where it asks for no news.
    public void hide() {
        becomes("hidden");
    }

    /// Puts it before them again.
    public void show() {
        becomes("visible");
    }

    private void becomes(String state) {
        page.evaluate(
                """
                (value) => {
                  Object.defineProperty(document, "visibilityState", { value, configurable: true });
                  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
                }\
                """,
                state);
    }

    /// Awaits that a screen reader says this.
    public void says(String text) {
        assertThat(page.getByRole(AriaRole.STATUS)).hasText(text);
    }

    /// Allows a complaint on the console that has this text.
    public void expect(String complaint) {
        expected.add(complaint);
    }

    void close() {
        context.close();
    }

    /// A machine that has much else to do may let a call end late, where no test expects that. The
    /// page makes the call again, and may be told then that it is made.
    List<String> complaints() {
        List<String> unexpected = without(said, expected);
        boolean wasLate = unexpected.stream().anyMatch(complaint -> complaint.contains(LATE));
        return wasLate
                ? without(unexpected, List.of(LATE, "status of 412", "status of 404"))
                : unexpected;
    }

    private static List<String> without(List<String> complaints, List<String> parts) {
        return complaints.stream()
                .filter(complaint -> parts.stream().noneMatch(complaint::contains))
                .toList();
    }
}
