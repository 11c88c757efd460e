package todomanager.user.signin;

import io.helidon.common.media.type.MediaTypes;
import io.helidon.common.parameters.Parameters;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import todomanager.http.Problem;
import todomanager.http.ProblemDetails;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.http.Resource.Answer;
import todomanager.user.signin.Provider.Endpoints;
import todomanager.user.signin.Tokens.Claims;
import todomanager.user.signin.Tokens.Rules;
import todomanager.user.store.Members;

/// The resources by which a browser signs somebody in and out: the authorization code flow of
/// OpenID Connect, with PKCE.
final class AuthRoutes implements HttpService {
    static final String LOGIN = "/auth/login";
    static final String CALLBACK = "/auth/callback";
    static final String LOGOUT = "/auth/logout";
    static final String ME = "/auth/me";

    /// Of this host, and none that a browser takes for another one's.
    private static final Pattern PATH = Pattern.compile("/(?![/\\\\])[!-\\[\\]-~]{0,1000}");

    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,64}"); // as RFC 6749 names them

    private static final Header NO_STORE =
            HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    private static final Header NO_REFERRER =
            HeaderValues.createCached(HeaderNames.create("Referrer-Policy"), "no-referrer");

    private final Rules rules;
    private final Provider provider;
    private final Tokens tokens;
    private final Members members;
    private final Seal seal;
    private final Optional<URI> publicUri;
    private final Clock clock;

    AuthRoutes(
            Rules rules,
            Provider provider,
            Tokens tokens,
            Members members,
            Seal seal,
            Optional<URI> publicUri,
            Clock clock) {
        this.rules = rules;
        this.provider = provider;
        this.tokens = tokens;
        this.members = members;
        this.seal = seal;
        this.publicUri = publicUri;
        this.clock = clock;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.any(LOGIN, new Resource(Map.of(Method.GET, forPeople(this::login))))
                .any(CALLBACK, new Resource(Map.of(Method.GET, forPeople(this::callback))))
                .any(LOGOUT, new Resource(Map.of(Method.POST, this::logout)))
                .any(ME, new Resource(AuthRoutes::me));
    }

    /// The same, but what goes wrong is a page for a browser.
    private Answer forPeople(Answer answer) {
        return (request, response) -> {
            try {
                return answer.to(request, response);
            } catch (Problem e) {
                if (!Resource.prefersHtml(request, MediaTypes.APPLICATION_JSON)) {
                    throw e;
                }
                String home = Resource.root(request, publicUri) + '/';
                return ProblemDetails.page(request, e, home).with(NO_STORE);
            }
        };
    }

    private Representation login(ServerRequest request, ServerResponse response) {
        Endpoints endpoints = provider.endpoints();
        String back = request.query().first("back").filter(AuthRoutes::isPath).orElse("/");
        Transaction begun = Transaction.begin(back, clock.instant());
        response.headers()
                .add(
                        Cookies.set(
                                Transaction.COOKIE,
                                seal.seal(Transaction.PURPOSE, begun.json()),
                                "Lax",
                                Transaction.LONGEST));
        var query = new LinkedHashMap<String, String>();
        query.put("response_type", "code");
        query.put("client_id", rules.clientId());
        query.put("redirect_uri", redirectUri(request));
        query.put("scope", "openid profile email");
        query.put("state", begun.state());
        query.put("nonce", begun.nonce());
        query.put("code_challenge", begun.challenge());
        query.put("code_challenge_method", "S256");
        return seeOther(with(endpoints.authorization(), query));
    }

    /// Where the provider sends people back, with a code.
    private Representation callback(ServerRequest request, ServerResponse response) {
        Transaction begun =
                Cookies.find(request.headers(), Transaction.COOKIE)
                        .flatMap(cookie -> seal.open(Transaction.PURPOSE, cookie))
                        .map(Transaction::of)
                        .filter(opened -> clock.instant().isBefore(opened.end()))
                        .orElseThrow(() ->
                                refused(
                                        "The browser has no cookie of this sign-in; it keeps one for five minutes, for one host name, and by HTTPS or on this machine"));
        Parameters query = request.query();
        if (!begun.hasState(query.first("state").orElse(""))) {
            throw refused("This is the answer to another sign-in");
        }
        response.headers().add(Cookies.remove(Transaction.COOKIE, "Lax"));
        Optional<String> from = query.first("iss").asOptional();
        if (from.filter(rules.issuer().toString()::equals).isEmpty()
                && (from.isPresent() || provider.endpoints().namesItself())) {
            throw refused("This is the answer of another provider");
        }
        if (query.contains("error")) {
            String error =
                    query.first("error")
                            .filter(it -> ERROR.matcher(it).matches())
                            .orElse("no reason");
            throw refused("The provider did not sign anybody in (%s)".formatted(error));
        }
        String code =
                query.first("code").orElseThrow(() -> refused("The provider's answer has no code"));
        String token = provider.idToken(code, begun.verifier(), redirectUri(request));
        Claims claims = tokens.identity(token, begun.nonce());
        if (members.admit(claims.username(), claims.name(), claims.isVerified())) {
            Reason.signedIn();
        } // others are told so as the page asks who they are
        Instant end = clock.instant().plus(Session.LONGEST);
        var session = new Session(claims.username(), claims.isAdmin(), end);
        response.headers()
                .add(
                        Cookies.set(
                                Session.COOKIE,
                                seal.seal(Session.PURPOSE, session.json()),
                                "Strict",
                                Session.LONGEST));
        return seeOther(Resource.root(request, publicUri) + begun.back());
    }

    /// Ends the session here, and tells where to end the provider's.
    private Representation logout(ServerRequest request, ServerResponse response) {
        response.headers().add(Cookies.remove(Session.COOKIE, "Strict"));
        String home = Resource.root(request, publicUri) + '/';
        var query = new LinkedHashMap<String, String>();
        query.put("client_id", rules.clientId());
        query.put("post_logout_redirect_uri", home);
        String location = end().map(end -> with(end, query)).orElse(home);
        return Representation.json(
                        out -> out.writeStartObject().write("location", location).writeEnd())
                .with(NO_STORE);
    }

    /// Who is away can't keep anybody signed in here.
    private Optional<URI> end() {
        try {
            return provider.discover().end();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Representation me(ServerRequest request) {
        return request.context().get(Session.class).orElseThrow().representation().with(NO_STORE);
    }

    private String redirectUri(ServerRequest request) {
        return Resource.root(request, publicUri) + CALLBACK;
    }

    private static boolean isPath(String back) {
        return PATH.matcher(back).matches();
    }

    private static Problem refused(String why) {
        return Reason.CALLBACK.problem(
                Status.BAD_REQUEST_400, why + ": begin again at /auth/login.");
    }

    private static String with(URI endpoint, Map<String, String> query) {
        String separator = endpoint.getRawQuery() == null ? "?" : "&";
        return endpoint + separator + Provider.form(query);
    }

    private static Representation seeOther(String location) {
        return Representation.text("Go on at the Location.\n")
                .with(Status.SEE_OTHER_303)
                .with(HeaderValues.create(HeaderNames.LOCATION, location))
                .with(NO_STORE)
                .with(NO_REFERRER);
    }
}
