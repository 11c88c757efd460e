package todomanager.user.signin;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import todomanager.auth.Guard;
import todomanager.auth.Misconfigured;
import todomanager.service.Setting;
import todomanager.service.Settings;
import todomanager.telemetry.Metrics;
import todomanager.user.signin.Tokens.Rules;
import todomanager.user.store.Members;
import todomanager.user.store.UserStore;

/// Sign-in as it is set up.
public final class SignIn implements HttpService, AutoCloseable {
    public static final Setting<Optional<URI>> ISSUER = Setting.uri("oidc.issuer").optional();
    private static final Setting<Optional<String>> CLIENT_ID =
            Setting.text("oidc.client-id").optional();
    private static final Setting<Optional<Path>> CLIENT_SECRET_FILE =
            Setting.path("oidc.client-secret-file").optional();
    private static final Setting<Optional<Path>> SESSION_KEYS_FILE =
            Setting.path("session.keys-file").optional();
    private static final Setting<String> TOKEN_TYPE =
            Setting.oneOf("oidc.token-type", List.of("at+jwt", "jwt"));
    private static final Setting<String> USERNAME_CLAIM = Setting.text("oidc.username-claim");
    private static final Setting<Boolean> CREATE_USERS =
            Setting.oneOf("oidc.create-users", List.of(true, false));
    private static final Setting<Optional<String>> ADMIN_CLAIM =
            Setting.text("oidc.admin-claim").optional();
    private static final Setting<Optional<String>> ADMIN_VALUE =
            Setting.text("oidc.admin-value").optional();

    /// What can be set for it.
    public static final List<Setting<?>> SETTINGS =
            List.of(
                    ISSUER,
                    CLIENT_ID,
                    CLIENT_SECRET_FILE,
                    SESSION_KEYS_FILE,
                    TOKEN_TYPE,
                    USERNAME_CLAIM,
                    CREATE_USERS,
                    ADMIN_CLAIM,
                    ADMIN_VALUE);

    private static final Set<String> PUBLIC =
            Set.of("/", "/openapi", AuthRoutes.LOGIN, AuthRoutes.CALLBACK, AuthRoutes.LOGOUT);

    private final URI issuer;
    private final Provider provider;
    private final AuthRoutes routes;
    private final Credentials credentials;

    /// @throws Misconfigured if it can't be
    public SignIn(URI issuer, Settings settings, UserStore store, Clock clock) {
        this.issuer = issuer;
        String clientId = settings.required(CLIENT_ID, ISSUER);
        Path secretFile = settings.required(CLIENT_SECRET_FILE, ISSUER);
        requireSecret(secretFile);
        var seal =
                new Seal(
                        Settings.keys(
                                SESSION_KEYS_FILE, settings.required(SESSION_KEYS_FILE, ISSUER)));
        boolean addsUsers = settings.get(CREATE_USERS);
        if (addsUsers && !store.isWritable()) {
            throw new Misconfigured(
                    "oidc.create-users = true: needs data.writable=true, as users are written");
        }
        Reason.observe();
        this.provider = new Provider(issuer, clientId, secretFile);
        var rules =
                new Rules(
                        issuer,
                        clientId,
                        settings.get(TOKEN_TYPE),
                        settings.get(USERNAME_CLAIM),
                        admin(settings));
        var tokens = new Tokens(provider, rules, clock);
        Metrics.gauge(
                "sign.in.keys.age.seconds",
                "How long ago the provider's keys were fetched; NaN before that",
                () ->
                        tokens.fetched()
                                .map(at -> Duration.between(at, clock.instant()).toMillis() / 1e3)
                                .orElse(Double.NaN));
        var members = new Members(store, addsUsers);
        this.credentials = new Credentials(seal, tokens, members, clock);
        this.routes =
                new AuthRoutes(
                        rules,
                        provider,
                        tokens,
                        members,
                        seal,
                        settings.get(Settings.PUBLIC_URI),
                        clock);
    }

    private static Optional<Map.Entry<String, String>> admin(Settings settings) {
        boolean isSet =
                settings.get(ADMIN_CLAIM).isPresent() || settings.get(ADMIN_VALUE).isPresent();
        return isSet
                ? Optional.of(
                        Map.entry(
                                settings.required(ADMIN_CLAIM, ADMIN_VALUE),
                                settings.required(ADMIN_VALUE, ADMIN_CLAIM)))
                : Optional.empty();
    }

    /// Whoever sets what only sign-in reads means it.
    ///
    /// @throws Misconfigured if something of it is set without an issuer
    public static void requireNothing(Settings settings) {
        for (var setting : List.of(CLIENT_ID, ADMIN_CLAIM, ADMIN_VALUE)) {
            requireUnset(setting.key(), settings.get(setting));
        }
        for (var setting : List.of(CLIENT_SECRET_FILE, SESSION_KEYS_FILE)) {
            requireUnset(setting.key(), settings.get(setting));
        }
    }

    private static void requireUnset(String key, Optional<?> value) {
        if (value.isPresent()) {
            throw new Misconfigured(
                    key + ": is for sign-in; set oidc.issuer (OIDC_ISSUER), or leave this out");
        }
    }

    private static void requireSecret(Path file) {
        String wrong = "";
        try {
            if (Files.readString(file).isBlank()) {
                wrong = "is empty; put the secret into it that the provider shows";
            }
        } catch (IOException e) {
            wrong = "can't be read; check that it is there, and its permissions";
        }
        if (!wrong.isEmpty()) {
            throw new Misconfigured("%s = %s: %s".formatted(CLIENT_SECRET_FILE.key(), file, wrong));
        }
    }

    /// What stands before all resources.
    public Guard guard() {
        return new Guard(
                new SignInFilter(credentials, SignIn::isPublic), "people sign in with " + issuer);
    }

    private static boolean isPublic(String path) {
        return PUBLIC.contains(path) || path.startsWith("/page/");
    }

    /// Begins what goes on beside requests.
    public void start() {
        provider.lookSoon();
    }

    @Override
    public void close() {
        provider.close();
    }

    @Override
    public void routing(HttpRules rules) {
        routes.routing(rules);
    }
}
