package todomanager.user.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import todomanager.auth.SecretKeys.Keys;
import todomanager.http.Problem;
import todomanager.http.Revision;
import todomanager.text.SafeText;
import todomanager.user.signin.Tokens.Claims;
import todomanager.user.store.Members;

/// Finds out who asks: by the cookie of a session, or by a bearer's token.
///
/// What was found is known for a minute more, by the credential's SHA-256: to check one costs more
/// than many answers do.
final class Credentials {
    private static final Header CHALLENGE =
            HeaderValues.createCached(
                    HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"todo-manager\"");

    private static final String SCHEME = "Bearer ";
    private static final int MOST_KNOWN = 1024; // a power of two; some 300 KB of memory
    private static final Duration KNOWN = Duration.ofMinutes(1);

    private final Seal seal;
    private final Tokens tokens;
    private final Members members;
    private final Clock clock;
    private final AtomicReferenceArray<Known> known = new AtomicReferenceArray<>(MOST_KNOWN);

    /// @param keys that its session was opened with, or those of that time
    @SuppressWarnings("ArrayRecordComponent") // compared by MessageDigest
    private record Known(byte[] sum, Session session, Keys keys, Instant end) {}

    Credentials(Seal seal, Tokens tokens, Members members, Clock clock) {
        this.seal = seal;
        this.tokens = tokens;
        this.members = members;
        this.clock = clock;
    }

    /// Who asks.
    ///
    /// @param mayBeRemembered whether what was found a moment ago counts
    /// @throws Problem 401 if there are no credentials, or not good ones; 400 if there are two; 403
    ///   if they are of nobody who is a user here; 503 if they can't be checked now
    Session require(ServerRequestHeaders headers, boolean mayBeRemembered) {
        List<String> authorization = headers.all(HeaderNames.AUTHORIZATION, List::of);
        Optional<String> cookie = Cookies.find(headers, Session.COOKIE);
        if (authorization.size() + (cookie.isPresent() ? 1 : 0) > 1) {
            throw Reason.CREDENTIALS.problem(
                    Status.BAD_REQUEST_400,
                    "There are two credentials: send one Authorization header, or the cookie.");
        }
        if (cookie.isPresent()) {
            return find(
                    Session.COOKIE + '=' + cookie.get(),
                    mayBeRemembered,
                    () -> session(cookie.get()));
        }
        if (authorization.isEmpty()) {
            throw Reason.NO_CREDENTIALS
                    .problem(
                            Status.UNAUTHORIZED_401,
                            "Sign in first: on the page, or send a token of the provider as Authorization: Bearer TOKEN.")
                    .with(CHALLENGE);
        }
        String header = authorization.getFirst();
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw Reason.CREDENTIALS
                    .problem(
                            Status.UNAUTHORIZED_401,
                            "Only tokens are taken here: send one as Authorization: Bearer TOKEN.")
                    .with(CHALLENGE);
        }
        String token = header.substring(SCHEME.length()).strip();
        return find(SCHEME + token, mayBeRemembered, () -> bearer(token));
    }

    private interface Check {
        Session run();
    }

    private Session find(String credential, boolean mayBeRemembered, Check check) {
        byte[] sum = Revision.sha256().digest(credential.getBytes(UTF_8));
        int place = ((sum[0] << 8) | (sum[1] & 0xff)) & (MOST_KNOWN - 1);
        Instant now = clock.instant();
        Keys keys = seal.keys().current();
        Known found = known.get(place);
        if (mayBeRemembered
                && found != null
                && found.keys.equals(keys)
                && now.isBefore(found.end)
                && MessageDigest.isEqual(found.sum, sum)) {
            return found.session;
        }
        Session session = check.run();
        Instant end = now.plus(KNOWN);
        known.set(
                place,
                new Known(sum, session, keys, end.isBefore(session.end()) ? end : session.end()));
        return session;
    }

    private Session session(String cookie) {
        Session session =
                seal.open(Session.PURPOSE, cookie)
                        .map(Session::of)
                        .filter(opened -> clock.instant().isBefore(opened.end()))
                        .orElseThrow(() ->
                                Reason.COOKIE
                                        .problem(
                                                Status.UNAUTHORIZED_401,
                                                "The session has ended: sign in again.")
                                        .with(CHALLENGE));
        if (!members.has(session.username())) {
            throw noUser(session.username());
        }
        return session;
    }

    private Session bearer(String token) {
        Claims claims = tokens.access(token);
        if (!members.admit(claims.username(), claims.name(), claims.isVerified())) {
            throw noUser(claims.username());
        }
        return new Session(claims.username(), claims.isAdmin(), claims.end());
    }

    private static Problem noUser(String username) {
        return Reason.USER.problem(
                Status.FORBIDDEN_403,
                "The provider knows %s, but there is no such user here: have an administrator add that username."
                        .formatted(SafeText.quoted(username)));
    }
}
