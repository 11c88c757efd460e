package todomanager.system.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.assertions.LocatorAssertions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the page costs: its first paint with data, and its work on many items. Times are printed,
/// since they are those of a machine; requests are asserted.
@ExtendWith(TeamExtension.class)
@Timeout(120)
@Tag("system")
class SpeedIT {
    private static final int LISTS = 20;
    private static final int ITEMS = 100;

    /// The moment after the frame that shows the first item.
    private static final String SHOWN =
            """
            new MutationObserver((_, observer) => {
              if (!document.querySelector("li.row")) return;
              observer.disconnect();
              requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => (globalThis.shownAt = performance.now());
                port2.postMessage(0);
              });
            }).observe(document, { childList: true, subtree: true });\
            """;

    private static final String WATCH =
            """
            globalThis.seen = { longtask: [], event: [] };
            for (const type of Object.keys(seen)) {
              new PerformanceObserver((list) => seen[type].push(...list.getEntries().map(({ duration }) => duration)))
                .observe({ type, durationThreshold: 16 });
            }\
            """;

    @Test
    void listsAreShownAfterFiveRequestsAtMost(Team team) {
        team.hasList("home", "Milk", "Bread");
        team.hasList("work", "Report");
        for (int round = 0; round < 5; round++) {
            team.open("aniket").shows("home", "Milk", "Bread");
        }
        Window window = team.window();
        var requests = new ArrayList<String>();
        window.page().onRequest(request -> requests.add(URI.create(request.url()).getPath()));
        window.page().addInitScript(SHOWN);

        window.go("aniket");
        window.awaits("Boolean(globalThis.shownAt)");

        var shown = (Number) window.page().evaluate("() => shownAt");
        List<String> before =
                List.copyOf(requests.subList(0, requests.indexOf("/users/aniket/lists") + 1));
        System.out.printf(
                "first paint with data: %.0f ms, %d requests %s%n",
                shown.doubleValue(), before.size(), before);
        assertThat(before).hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void manyItemsAreScrolledAndCheckedOff(Team team) {
        for (int list = 1; list <= LISTS; list++) {
            String name = "list " + list;
            team.hasList(
                    name,
                    IntStream.rangeClosed(1, ITEMS)
                            .mapToObj(item -> name + ", item " + item)
                            .toArray(String[]::new));
        }
        Window window = team.open("aniket");
        assertThat(window.checkbox("list 1, item 1"))
                .isVisible(
                        new LocatorAssertions.IsVisibleOptions().setTimeout(3 * Chromium.PATIENCE));
        assertThat(window.button("Rename this user")).isVisible();
        window.page().evaluate(WATCH);

        for (int step = 0; step < 40; step++) {
            window.page().mouse().wheel(0, 300);
            window.page().evaluate("() => new Promise(requestAnimationFrame)");
        }
        String scrolling = longest(window);
        window.page().evaluate("() => scrollTo(0, 0)");
        for (int item = 1; item <= 10; item++) {
            window.checkbox("list 1, item " + item).click();
        }
        window.page().waitForCondition(() -> team.items("list 1").get(9).startsWith("✓"));
        String checking = longest(window);

        System.out.printf(
                "%d lists of %d items: scrolling %s; checking off %s%n",
                LISTS, ITEMS, scrolling, checking);
    }

    private static String longest(Window window) {
        var seen =
                (Map<?, ?>)
                        window.page()
                                .evaluate(
                                        """
                                        () => {
                                          const result = {};
                                          for (const type in seen) {
                                            result[type] = Math.max(0, ...seen[type]);
                                            seen[type] = [];
                                          }
                                          return result;
                                        }\
                                        """);
        return "longest task over 50 ms: %s ms, longest event over 16 ms: %s ms"
                .formatted(seen.get("longtask"), seen.get("event"));
    }
}
