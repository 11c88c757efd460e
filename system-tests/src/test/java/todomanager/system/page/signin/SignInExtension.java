package todomanager.system.page.signin;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import todomanager.system.page.Services;
import todomanager.system.page.Services.Access;
import todomanager.system.page.Team;
import todomanager.system.page.TeamExtension;
import todomanager.system.page.Window;

/// Gives a test a [Team] that signs in. One provider serves all classes.
///
/// Afterwards no secret of all these sign-ins is to be found in what the services have told.
final class SignInExtension extends TeamExtension implements AfterAllCallback {
    private static final Namespace OURS = Namespace.create(SignInExtension.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String administrator;
    private final Secrets secrets = new Secrets();
    private final Path folder = folder();
    private String key = key();
    private String provider = ""; // how its addresses begin

    /// @param administrator who manages the users
    SignInExtension(String administrator) {
        this.administrator = administrator;
    }

    @Override
    protected Services start(ExtensionContext tests) {
        Keycloak keycloak =
                tests.getRoot()
                        .getStore(OURS)
                        .computeIfAbsent(Keycloak.class, _ -> Keycloak.start(), Keycloak.class);
        provider = keycloak.origin();
        var settings = new HashMap<>(secrets.settings());
        settings.putAll(
                Map.of(
                        "OIDC_ISSUER", keycloak.issuer().toString(),
                        "OIDC_CLIENT_ID", Keycloak.CLIENT,
                        "OIDC_CLIENT_SECRET_FILE", write("secret", Keycloak.SECRET),
                        "OIDC_ADMIN_CLAIM", "preferred_username",
                        "OIDC_ADMIN_VALUE", administrator,
                        "SESSION_KEYS_FILE", write("session.keys", key),
                        "AUTH_ASSERTION_KEYS_FILE", write("assertion.keys", key())));
        return Services.start(
                new Access(
                        settings,
                        administrator,
                        username -> secrets.add(keycloak.token(username))));
    }

    @Override
    public void afterAll(ExtensionContext tests) throws IOException, InterruptedException {
        try (secrets) {
            if (!provider.isEmpty()) { // or all tests were skipped
                secrets.requireNone(services(tests));
            }
        }
    }

    /// A window that shows what stands behind `#/` in an address, to whoever may see it.
    Window open(Team team, String route) {
        Window window = team.window();
        window.expect("status of 401");
        window.expect(provider);
        window.page().context().onRequest(request -> secrets.addOfAddress(request.url()));
        return window.go(route);
    }

    /// The same, after that user has signed in.
    Window openAs(String username, Team team, String route) {
        Window window = open(team, route);
        signIn(window, username);
        return window;
    }

    /// Signs somebody in from where the page asks for that.
    void signIn(Window window, String username) {
        window.link("Sign in").click();
        addCookies(window);
        fillIn(window.page(), username);
        assertThat(window.button("Sign out")).isVisible();
        addCookies(window);
    }

    private void addCookies(Window window) {
        for (var cookie : window.page().context().cookies()) {
            secrets.add(cookie.value);
        }
    }

    /// Fills in what the provider asks for.
    void fillIn(Page page, String username) {
        page.locator("#username").fill(username);
        page.locator("#password").fill(secrets.add(username + "-secret"));
        page.locator("#kc-login").click();
    }

    /// Says yes to the provider's question whether one wants to sign out.
    void confirmSignOut(Window window) {
        window.page().locator("#kc-logout").click();
    }

    /// Has nobody be signed in any more, and awaits that a window would find that out, as it will
    /// by what is done in it next.
    void endSessions(Window window) {
        window.hide();
        key = key();
        write("session.keys", key);
        awaitAnswer(window, 401);
    }

    /// Removes the user aniket, whose window may ask for his lists meanwhile, and waits until it
    /// would be refused: with another key, all cookies are looked at once more.
    void removeUser(Window window, Team team) {
        window.expect("status of 403");
        window.expect("status of 404");
        team.services().send("DELETE", "/users/aniket", "");
        write("session.keys", key() + '\n' + key);
        awaitAnswer(window, 403);
    }

    private static void awaitAnswer(Window window, int status) {
        window.page()
                .waitForCondition(() ->
                        window.page()
                                .evaluate("() => fetch('auth/me').then(({ status }) => status)")
                                .equals(status));
    }

    private String write(String name, String content) {
        try {
            content.lines().forEach(secrets::add);
            return Files.writeString(folder.resolve(name), content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String key() {
        byte[] key = new byte[32];
        RANDOM.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("sign-in");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
