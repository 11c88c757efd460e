package todomanager.system.page.faults;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import todomanager.system.page.Services.Outage;
import todomanager.system.page.Team;
import todomanager.system.page.TeamExtension;
import todomanager.system.page.Window;

/// What people change while the service is away or slow, or while its answers are lost.
@ExtendWith(TeamExtension.class)
@Timeout(60)
@Tag("system")
class OutageIT {
    private static final Pattern WRITES = Pattern.compile("PUT|POST|PATCH|DELETE");

    private static final Map<String, Integer> AT_FIRST =
            Map.of("PUT", 201, "PATCH", 200, "DELETE", 204);

    private final List<String> made = new ArrayList<>();
    private final Set<String> late = new HashSet<>();

    @BeforeEach
    void nothingIsMade() {
        made.clear();
        late.clear();
    }

    @Test
    void changesAreKeptWhileTheServiceIsAwayAndSentInTheirOrder(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = open(team);
        try (Outage _ = team.services().outage()) {
            window.add("home", "Apples");
            window.checkbox("Milk").click();
            window.retitle("Bread", "Rye bread");
            window.press("Enter");
            window.button("Edit Apples").press("Alt+ArrowUp");
            window.field("New list").fill("work");
            window.press("Enter");
            window.add("work", "Report");

            window.shows("home", "✓ Milk", "Apples", "Rye bread");
            window.shows("work", "Report");
            isKept(window, "6 changes");
            assertThat(window.row("Apples")).containsText("Not sent yet");
            assertThat(window.row("Report")).containsText("Not sent yet");
            assertThat(made).isEmpty();
        }

        window.serves("work", "Report");
        window.keeps("home", "✓ Milk", "Apples", "Rye bread");
        hasMade(
                window,
                "PUT 201 home/items/*",
                "PATCH 200 home/items/*",
                "PATCH 200 home/items/*",
                "PATCH 200 home/items/*",
                "PUT 201 work",
                "PUT 201 work/items/*");
        assertThat(banner(window)).isHidden();
        assertThat(window.row("Apples")).not().containsText("Not sent yet");
    }

    @Test
    void changesThatAreKeptOutliveAReload(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = open(team);
        try (Outage _ = team.services().outage()) {
            window.add("home", "Apples");
            window.add("home", "Pears");
            window.checkbox("Milk").click();
            window.remove("Bread");
            isKept(window, "4 changes");

            window.page().reload();

            window.shows("home", "Apples", "Pears");
            isKept(window, "4 changes");
        }

        window.keeps("home", "✓ Milk", "Apples", "Pears");
        hasMade(
                window,
                "PUT 201 home/items/*",
                "PUT 201 home/items/*",
                "PATCH 200 home/items/*",
                "DELETE 204 home/items/*");
    }

    @Test
    void whatIsToBeReportedHasTheIdThatTheLogHasFirst(Team team) {
        Window window = open(team);
        var asked = new AtomicInteger();
        window.page()
                .route(
                        url -> url.endsWith("/lists?view=items"),
                        route ->
                                route.fulfill(
                                        new Route.FulfillOptions()
                                                .setStatus(502)
                                                .setContentType("application/problem+json")
                                                .setBody(
                                                        "{\"detail\": \"Report it.\", \"id\": \"%d\"}"
                                                                .formatted(
                                                                        asked.incrementAndGet()))));

        window.page().evaluate("() => dispatchEvent(new Event('online'))");

        window.says("Report it. (id 1)");
        window.page().waitForCondition(() -> asked.get() > 1);
        window.says("Report it. (id 1)");
        assertThat(banner(window)).containsText("Report it. (id 1)");
    }

    @Test
    void changesThatAreKeptAreSentFromAnotherUsersLists(Team team) {
        team.hasUser("bo", "Bo Berg");
        team.hasList("home", "Milk");
        Window window = open(team);
        try (Outage _ = team.services().outage()) {
            window.add("home", "Apples");
            isKept(window, "1 change");
            window.link("All users").click();
            window.link("Bo Berg bo").click();
            assertThat(window.heading("bo’s lists")).isVisible();
        }

        window.serves("home", "Milk", "Apples");
        window.showsLists();
        window.go("aniket").shows("home", "Milk", "Apples");
    }

    @Test
    void whatIsDeletedAndTakenBackMeanwhileStaysAsItWas(Team team) {
        team.hasList("home", "Milk", "Bread", "Apples");
        Window window = open(team);
        try (Outage _ = team.services().outage()) {
            window.remove("Bread");
            isKept(window, "1 change");
            window.button("Undo").click();
            window.shows("home", "Milk", "Bread", "Apples");
        }

        assertThat(banner(window)).isHidden();
        window.keeps("home", "Milk", "Bread", "Apples");
    }

    @Test
    void aChangeThatIsRefusedAfterwardsKeepsNoOtherBack(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        window.expect("status of 422");
        try (Outage _ = team.services().outage()) {
            window.add("home", "x".repeat(501));
            window.add("home", "Bread");
            isKept(window, "2 changes");
        }

        window.keeps("home", "Milk", "Bread");
        assertThat(window.field("Add an item to home")).hasValue("x".repeat(501));
    }

    @Test
    void aScreenReaderSaysThatTheServiceIsAwayAndThatItIsBack(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        window.shows("home", "Milk");
        window.page().context().setOffline(true);
        window.add("home", "Bread");
        window.says("The service can’t be reached.");

        window.page().context().setOffline(false);

        window.keeps("home", "Milk", "Bread");
        assertThat(banner(window)).isHidden();
        window.says("Connected again.");
    }

    @Test
    void listsArriveAsSoonAsTheServiceIsThere(Team team) {
        team.hasList("home", "Milk");
        Window window;
        try (Outage _ = team.services().outage()) {
            window = opening(team);
            assertThat(banner(window)).isVisible();
        }

        window.shows("home", "Milk");
        assertThat(banner(window)).isHidden();
    }

    @Test
    void listsAreShownOnceWhatWaitedIsSent(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        var isAway = new AtomicBoolean(true);
        var isSent = new AtomicBoolean();
        onWrites(
                window,
                route -> {
                    if (isAway.get()) {
                        route.abort();
                    } else {
                        isSent.set(true);
                        route.resume();
                    }
                });
        window.page()
                .route(
                        url -> url.endsWith("/lists?view=items"),
                        route -> {
                            if (isAway.get() || isSent.get()) {
                                route.resume();
                            } else {
                                route.fulfill(new Route.FulfillOptions().setStatus(503));
                            }
                        });
        window.add("home", "Bread");
        isKept(window, "1 change");
        window.at("2026-11-29"); // so that no poll comes
        isAway.set(false);

        window.page().reload();

        window.keeps("home", "Milk", "Bread");
    }

    @Test
    void aNewItemWhoseAnswerIsLostIsMadeOnce(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        window.expect("status of 412");
        losesOneAnswer(window);

        window.add("home", "Bread");

        assertThat(banner(window)).isVisible();
        window.serves("home", "Milk", "Bread");
        isSent(window);
        window.keeps("home", "Milk", "Bread");
        hasMade(window);
    }

    @Test
    void anEditWhoseAnswerIsLostIsNoConflict(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        window.expect("status of 412");
        losesOneAnswer(window);

        window.retitle("Milk", "Oat milk");
        window.due().fill("2090-01-01");
        window.button("Save").click();

        assertThat(banner(window)).isVisible();
        isSent(window);
        window.shows("home", "Oat milk · Due 1 Jan 2090");
        window.serves("home", "Oat milk · 2090-01-01");
    }

    @Test
    void aDeletionWhoseAnswerIsLostIsDone(Team team) {
        team.hasList("home", "Milk", "Bread");
        Window window = open(team);
        window.expect("status of 404");
        losesOneAnswer(window);

        window.remove("Milk");

        assertThat(banner(window)).isVisible();
        isSent(window);
        window.keeps("home", "Bread");
    }

    @Test
    void aMoveToAnotherListWhoseAnswerIsLostIsDone(Team team) {
        team.hasList("home", "Milk", "Bread");
        team.hasList("work");
        Window window = open(team);
        window.expect("status of 404");
        losesOneAnswer(window);

        window.button("Edit Milk").click();
        window.find(AriaRole.COMBOBOX, "List").selectOption("work");
        window.button("Save").click();

        assertThat(banner(window)).isVisible();
        isSent(window);
        window.keeps("home", "Bread");
        window.keeps("work", "Milk");
    }

    @Test
    void aRenameWhoseAnswerIsLostIsDone(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        window.expect("status of 404");
        losesOneAnswer(window);

        window.list("home").hover();
        window.button("Rename home").click();
        window.field("Name of the list").fill("house");
        window.press("Enter");

        assertThat(banner(window)).isVisible();
        isSent(window);
        window.keepsLists("house");
        window.keeps("house", "Milk");
    }

    @Test
    void aListWhoseAnswerIsLostIsMadeOnce(Team team) {
        Window window = open(team);
        losesOneAnswer(window);

        window.field("New list").fill("home");
        window.press("Enter");

        assertThat(banner(window)).isVisible();
        isSent(window);
        window.keepsLists("home");
    }

    @Test
    void aListThatIsTakenBackAndItsAnswerLostIsMadeOnce(Team team) {
        team.hasList("home", "Milk", "✓ Bread");
        Window window = open(team);
        window.list("home").hover();
        window.button("Delete home").click();
        window.keepsLists();
        losesOneAnswer(window);

        window.button("Undo").click();

        assertThat(banner(window)).isVisible();
        isSent(window);
        window.keepsLists("home");
        window.keeps("home", "Milk", "✓ Bread");
    }

    @Test
    void aSlowServiceIsNotWaitedFor(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        window.shows("home", "Milk");
        Queue<Route> held = holdsWrites(window);

        window.add("home", "Bread");
        window.shows("home", "Milk", "Bread");
        window.add("home", "Apples");
        window.checkbox("Bread").click();
        window.retitle("Apples", "Red apples");
        window.press("Enter");
        window.field("Add an item to home").fill("Pea");

        window.shows("home", "Milk", "✓ Bread", "Red apples");
        window.serves("home", "Milk");
        for (int change = 0; change < 4; change++) {
            window.page().waitForCondition(() -> !held.isEmpty());
            assertThat(held).hasSize(1);
            held.remove().resume();
        }
        window.keeps("home", "Milk", "✓ Bread", "Red apples");
        assertThat(window.field("Add an item to home")).hasValue("Pea");
        assertThat(window.field("Add an item to home")).isFocused();
        assertThat(banner(window)).isHidden();
    }

    @Test
    void aWindowWithWhatIsNotSentAsksBeforeItIsClosed(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        var asked = new ArrayList<String>();
        window.page()
                .onDialog(dialog -> {
                    asked.add(dialog.type());
                    dialog.dismiss();
                });
        try (Outage _ = team.services().outage()) {
            window.add("home", "Bread");
            isKept(window, "1 change");

            window.page().close(new Page.CloseOptions().setRunBeforeUnload(true));

            window.page().waitForCondition(() -> !asked.isEmpty());
            assertThat(asked).containsExactly("beforeunload");
        }
    }

    @Test
    void aBrowserThatLetsNothingBeStoredShowsThePage(Team team) {
        team.hasList("home", "Milk");
        Window window = opening(team);
        window.page()
                .addInitScript(
                        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('', 'SecurityError') } })");
        window.page().reload();

        window.add("home", "Bread");
        window.keeps("home", "Milk", "Bread");
    }

    @Test
    void whatIsReadDuringASlowWriteShowsNothingTwice(Team team) {
        team.hasList("home", "Milk");
        Window window = open(team);
        window.shows("home", "Milk");
        Queue<Route> held = holdsWrites(window);
        window.add("home", "Bread");
        window.page().waitForCondition(() -> !held.isEmpty());
        Route write = held.remove();
        var answer = write.fetch();

        window.page()
                .waitForResponse(
                        "**/lists?view=items",
                        () -> window.page().evaluate("() => dispatchEvent(new Event('online'))"));

        window.keeps("home", "Milk", "Bread");
        write.fulfill(new Route.FulfillOptions().setResponse(answer));
        window.keeps("home", "Milk", "Bread");
    }

    private Window open(Team team) {
        Window window = opening(team);
        assertThat(window.field("New list")).isVisible();
        return window;
    }

    private Window opening(Team team) {
        Window window = team.window();
        window.expect("status of 50");
        window.expect("ERR_INTERNET_DISCONNECTED");
        window.expect("ERR_FAILED");
        window.page()
                .onResponse(answer -> {
                    String change =
                            answer.request().method()
                                    + ' '
                                    + answer.url().replaceFirst(".*/lists/", "");
                    if (WRITES.matcher(change).lookingAt()) {
                        isAnswered(window, change, answer.status());
                    }
                });
        return window.go("aniket");
    }

    /// A service that has just started may be late: then the page sends the change again, and is
    /// told that it is made, or makes it so.
    private void isAnswered(Window window, String change, int status) {
        if (status == 504) {
            late.add(change);
            window.expect("status of 412");
            window.expect("status of 404");
            return;
        }
        String method = change.substring(0, change.indexOf(' '));
        boolean wasLate = late.contains(change);
        if (status < 300 || (wasLate && (status == 412 || status == 404))) {
            Integer told = wasLate ? AT_FIRST.get(method) : Integer.valueOf(status);
            made.add(
                    change.replaceFirst(" ", " " + told + " ").replaceFirst("items/.*", "items/*"));
        }
    }

    /// Has the service make the next change, and the window not know.
    private static void losesOneAnswer(Window window) {
        var isLost = new AtomicBoolean();
        onWrites(
                window,
                route -> {
                    if (isLost.getAndSet(true)) {
                        route.resume();
                    } else {
                        route.fetch();
                        route.abort();
                    }
                });
    }

    private static Queue<Route> holdsWrites(Window window) {
        var held = new ArrayDeque<Route>();
        onWrites(window, held::add);
        return held;
    }

    private static void onWrites(Window window, Consumer<Route> handler) {
        window.page()
                .route(
                        "**/lists/**",
                        route -> {
                            if (WRITES.matcher(route.request().method()).matches()) {
                                handler.accept(route);
                            } else {
                                route.resume();
                            }
                        });
    }

    /// Awaits that the service has made these changes, in this order.
    private void hasMade(Window window, String... changes) {
        window.page().waitForCondition(() -> made.size() >= changes.length);
        assertThat(made).containsExactly(changes);
    }

    private static void isKept(Window window, String changes) {
        assertThat(banner(window)).containsText(changes + " not sent yet.");
    }

    private static void isSent(Window window) {
        assertThat(banner(window)).isHidden();
        assertThat(window.button("Dismiss")).isHidden();
    }

    private static Locator banner(Window window) {
        return window.page().locator("#banner");
    }
}
