package todomanager.system.page.signin;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import todomanager.system.page.Team;
import todomanager.system.page.Window;

/// People who sign in, and out.
@Timeout(60)
@Tag("system")
class SignInIT {
    @RegisterExtension static final SignInExtension SIGN_IN = new SignInExtension(Keycloak.PROGRAM);

    private static final String ASKS = "Sign in to see your lists";

    @Test
    void byOneButtonOneSeesOnesLists(Team team) {
        team.hasList("home", "Milk", "✓ Bread");
        Window window = SIGN_IN.open(team, "");
        assertThat(window.heading(ASKS)).isFocused();
        assertThat(window.button("Sign out")).isHidden();
        window.showsLists(ASKS);

        SIGN_IN.signIn(window, "aniket");

        window.shows("home", "Milk", "✓ Bread");
        assertThat(window.heading("Aniket Sharma’s lists")).isVisible();
        assertThat(window.page().getByText("aniket", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        assertThat(window.link("All users")).isHidden();
        assertThat(window.page()).hasURL(team.address("aniket"));
    }

    @Test
    void oneComesBackToWhereOneWas(Team team) {
        team.hasList("home", "Milk", "✓ Bread");

        Window window = SIGN_IN.openAs("aniket", team, "aniket/done");

        assertThat(window.page()).hasURL(team.address("aniket/done"));
        window.shows("home", "✓ Bread");
    }

    @Test
    void theAddressOfAnotherUserLeadsToOnesOwn(Team team) {
        team.hasUser("alice", "Alice");
        team.hasList("home", "Milk");

        Window window = SIGN_IN.openAs("aniket", team, "alice");

        assertThat(window.page()).hasURL(team.address("aniket"));
        window.shows("home", "Milk");
    }

    @Test
    void aKeyboardIsEnough(Team team) {
        team.hasList("home");
        Window window = SIGN_IN.open(team, "aniket");

        window.tabTo(window.link("Sign in"));
        window.press("Enter");
        assertThat(window.page().locator("#username")).isFocused();
        window.type("aniket");
        window.tabTo(window.page().locator("#password"));
        window.type("aniket-secret");
        window.press("Enter");
        window.tabTo(window.field("Add an item to home"));
        window.type("Milk");
        window.press("Enter");
        window.keeps("home", "Milk");
        window.page().keyboard().press("Home");
        window.button("Sign out").focus();
        window.press("Enter");
        window.tabTo(window.page().locator("#kc-logout"));
        window.press("Enter");

        assertThat(window.heading(ASKS)).isFocused();
    }

    @Test
    void whatOneDoesIsThereAfterAReload(Team team) {
        team.hasList("home", "Milk");
        Window window = SIGN_IN.openAs("aniket", team, "aniket");

        window.add("home", "Bread");
        window.checkbox("Milk").click();
        window.button("Rename this user").click();
        window.field("Name of the user").fill("Aniket");
        window.press("Enter");
        window.says("Aniket’s lists");
        window.reload();

        window.keeps("home", "✓ Milk", "Bread");
        assertThat(window.heading("Aniket’s lists")).isVisible();
    }

    @Test
    void whoSignsOutIsAskedToSignIn(Team team) {
        team.hasList("home", "Milk");
        Window window = SIGN_IN.openAs("aniket", team, "aniket");
        window.shows("home", "Milk");
        window.field("Add an item to home").fill("half a tho");

        window.button("Sign out").click();
        SIGN_IN.confirmSignOut(window);

        assertThat(window.heading(ASKS)).isFocused();
        assertThat(window.list("home")).isHidden();
        assertThat(window.page().evaluate("() => sessionStorage.kept"))
                .isEqualTo("{\"outbox\":[],\"drafts\":{}}");
        window.go("aniket");
        window.showsLists(ASKS);
        window.link("Sign in").click();
        assertThat(window.page().locator("#username")).isVisible(); // not signed in there any more
    }

    @Test
    void oneIsAskedBeforeWhatIsNotSentIsLost(Team team) {
        team.hasList("home", "Milk");
        Window window = SIGN_IN.openAs("aniket", team, "aniket");
        window.shows("home", "Milk");
        window.expect("ERR_INTERNET_DISCONNECTED");
        var asked = new ArrayList<String>();
        window.page()
                .onceDialog(dialog -> {
                    asked.add(dialog.message());
                    dialog.dismiss();
                });
        window.page().context().setOffline(true);
        window.add("home", "Bread");
        assertThat(window.page().getByText("1 change not sent yet.")).isVisible();

        window.button("Sign out").click();

        window.page().waitForCondition(() -> !asked.isEmpty());
        assertThat(asked).containsExactly("Lose what is not sent yet?");
        window.page().onDialog(Dialog::accept);
        window.button("Sign out").click();
        assertThat(window.page().getByText("Not signed out: The service can’t be reached.").first())
                .isVisible();
        window.page().context().setOffline(false);
        window.keeps("home", "Milk", "Bread");
    }

    @Test
    void whatIsBeingEditedIsSentBeforeOneIsSignedOut(Team team) {
        team.hasList("home", "Milk");
        Window window = SIGN_IN.openAs("aniket", team, "aniket");

        window.retitle("Milk", "Oat milk");
        window.button("Sign out").click();
        SIGN_IN.confirmSignOut(window);

        assertThat(window.heading(ASKS)).isFocused();
        window.serves("home", "Oat milk");
    }

    @Test
    void whoIsNoUserHereIsTold(Team team) {
        Window window = SIGN_IN.open(team, "");
        window.expect("status of 403");

        SIGN_IN.signIn(window, "alice");

        assertThat(window.heading("You are not a user here")).isFocused();
        assertThat(window.page().getByText("The provider knows \"alice\"")).isVisible();
        assertThat(window.link("Sign in")).isHidden();
    }

    @Test
    void whoIsNoUserAnyMoreIsToldAndSignsOut(Team team) {
        Window window = SIGN_IN.openAs("aniket", team, "aniket");
        SIGN_IN.removeUser(window, team);

        window.page().reload();

        assertThat(window.heading("You are not a user here")).isFocused();
        assertThat(window.page().getByText("The provider knows \"aniket\"")).isVisible();
        assertThat(window.link("Sign in")).isHidden();
        window.button("Sign out").click();
        SIGN_IN.confirmSignOut(window);
        assertThat(window.heading(ASKS)).isFocused();
    }

    @Test
    void noPageOfAnotherPortWritesWithTheCookie(Team team) throws IOException {
        team.hasList("home", "Milk");
        Window window = SIGN_IN.openAs("aniket", team, "aniket");
        window.shows("home", "Milk");
        window.expect("status of 403");
        String items = team.services().uri() + "/users/aniket/lists/home/items";
        String logout = team.services().uri() + "/auth/logout";
        HttpServer other =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext(
                "/",
                exchange -> {
                    byte[] html =
                            """
                            <!doctype html>
                            <form method="post" enctype="text/plain" action="%s">
                            <input name='{"title": "' value='Evil"}'><button>Send</button>
                            </form>\
                            """
                                    .formatted(items)
                                    .getBytes(UTF_8);
                    exchange.getResponseHeaders().add("Content-Type", "text/html");
                    exchange.sendResponseHeaders(200, html.length);
                    exchange.getResponseBody().write(html);
                    exchange.close();
                });
        other.start();
        try {
            String address = "http://127.0.0.1:" + other.getAddress().getPort() + '/';
            window.expect(address);
            window.page().navigate(address);

            String me = team.services().uri() + "/auth/me";
            assertThat(status(window, me, () -> fetch(window, "GET", me, null)))
                    .as("the cookie is sent")
                    .isEqualTo(200);
            String evil = "{\"title\": \"Evil\"}";
            assertThat(status(window, items, () -> fetch(window, "POST", items, evil)))
                    .isEqualTo(403);
            assertThat(status(window, logout, () -> fetch(window, "POST", logout, "")))
                    .isEqualTo(403);
            assertThat(status(window, items, () -> window.button("Send").click())).isEqualTo(403);
        } finally {
            other.stop(0);
        }

        window.go("aniket");
        window.keeps("home", "Milk");
        assertThat(window.button("Sign out")).isVisible();
    }

    /// Sends what a page may send to another one's service without being allowed to.
    private static void fetch(Window window, String method, String address, @Nullable String body) {
        window.page()
                .evaluate(
                        """
                        ([method, address, body]) => fetch(address, {
                          method,
                          mode: "no-cors",
                          credentials: "include",
                          headers: { "Content-Type": "text/plain" },
                          body,
                        })\
                        """,
                        Arrays.asList(method, address, body));
    }

    /// What is answered to it.
    private static int status(Window window, String address, Runnable sends) {
        return window.page()
                .waitForResponse(answer -> answer.url().equals(address), sends)
                .status();
    }
}
