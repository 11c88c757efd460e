package todomanager.system.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// A window of a browser of its own, in which elements are found as those who can't see it find
/// them: by role and name.
final class Window {
    private static final Set<String> COMPLAINTS = Set.of("error", "warning", "assert");

    private final BrowserContext context;
    private final Page page;
    private final URI service;
    private final Team team;
    private final List<String> said = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();

    Window(Browser browser, URI service, Team team) {
        this.service = service;
        this.team = team;
        context =
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setReducedMotion(ReducedMotion.REDUCE)
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
    Page page() {
        return page;
    }

    /// Shows what stands behind `#/` in an address.
    Window go(String route) {
        page.navigate(service + "/#/" + route);
        return this;
    }

    Locator find(AriaRole role, String name) {
        return page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator button(String name) {
        return find(AriaRole.BUTTON, name);
    }

    Locator checkbox(String title) {
        return find(AriaRole.CHECKBOX, title);
    }

    Locator field(String name) {
        return find(AriaRole.TEXTBOX, name);
    }

    Locator link(String name) {
        return find(AriaRole.LINK, name);
    }

    Locator list(String name) {
        return find(AriaRole.REGION, name);
    }

    Locator heading(String name) {
        return find(AriaRole.HEADING, name);
    }

    /// Presses a key, or keys at once such as `Control+Z`, where the focus is.
    void press(String key) {
        page.keyboard().press(key);
    }

    void type(String text) {
        page.keyboard().type(text);
    }

    /// Awaits that a list shows these items and no others.
    void shows(String list, String... items) {
        var tree = new StringBuilder("- list:\n  - /children: equal\n");
        for (String item : items) {
            boolean isDone = item.startsWith("✓ ");
            String[] parts = item.substring(isDone ? 2 : 0).split(" · ", -1);
            tree.append(
                    "  - listitem:\n    - checkbox \"%s\" [checked=%s]\n"
                            .formatted(parts[0], isDone));
            if (parts.length > 1) {
                tree.append("    - text: ").append(parts[1]).append('\n');
            }
        }
        Locator rows = list(list).getByRole(AriaRole.LISTITEM);
        assertThat(rows).hasCount(items.length);
        if (items.length > 0) {
            assertThat(list(list)).matchesAriaSnapshot(tree.toString());
        }
    }

    /// Awaits that these lists are shown and no others.
    void showsLists(String... names) {
        Locator headings =
                page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(2));
        assertThat(headings).hasText(names);
    }

    /// Awaits that a list shows these items and that the service has them, and no others.
    void keeps(String list, String... items) {
        shows(list, items);
        served(() -> team.items(list), items);
    }

    /// Awaits that these lists are shown and that the service has them, and no others.
    void keepsLists(String... names) {
        showsLists(names);
        served(team::lists, names);
    }

    /// Awaits that the service has this.
    void served(Supplier<List<String>> actual, String... values) {
        awaits(() -> actual.get().equals(List.of(values)));
        assertThat(actual.get()).containsExactly(values);
    }

    private void awaits(BooleanSupplier condition) {
        try {
            page.waitForCondition(condition);
        } catch (TimeoutError e) {
            // whoever asks next says what is there instead
        }
    }

    /// Awaits that a screen reader says this.
    void says(String text) {
        assertThat(page.getByRole(AriaRole.STATUS)).hasText(text);
    }

    /// Allows a complaint on the console that has this text.
    void expect(String complaint) {
        expected.add(complaint);
    }

    void close() {
        context.close();
    }

    List<String> complaints() {
        return said.stream()
                .filter(complaint -> expected.stream().noneMatch(complaint::contains))
                .toList();
    }
}
