package todomanager.user.signin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import todomanager.http.Problem;

/// Checks tokens of the provider (RFC 9068, RFC 8725) by its keys. The one class here that knows
/// the library, which so is loaded only where it is needed.
final class Tokens {
    private static final int LONGEST = 8 << 10; // characters
    private static final int SKEW = 60; // seconds, of clocks
    private static final Duration OUTAGE = Duration.ofHours(8); // that the last keys outlast

    private final Provider provider;
    private final Rules rules;
    private final Clock clock;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable JWKSource<SecurityContext> source;
    private volatile @Nullable Instant fetched;

    /// What a token must be like, and where it says what.
    ///
    /// @param type of an access token: `at+jwt`, or `JWT` of a provider that has no other
    /// @param usernameClaim that names the user
    /// @param admin the claim that an administrator has, and its value, or one of its values
    record Rules(
            URI issuer,
            String clientId,
            String type,
            String usernameClaim,
            Optional<Map.Entry<String, String>> admin) {}

    /// What the provider says of somebody.
    ///
    /// @param name empty where it says none
    /// @param end when that is not good any more
    record Claims(String username, String name, boolean isVerified, boolean isAdmin, Instant end) {}

    Tokens(Provider provider, Rules rules, Clock clock) {
        this.provider = provider;
        this.rules = rules;
        this.clock = clock;
    }

    /// When the keys were last fetched.
    Optional<Instant> fetched() {
        return Optional.ofNullable(fetched);
    }

    /// Whom a bearer of the token is, who wants to use the API.
    ///
    /// @throws Problem 401 if it is not good here, 503 if the provider's keys can't be had
    Claims access(String token) {
        Set<@Nullable JOSEObjectType> types =
                Set.of(
                        new JOSEObjectType(rules.type),
                        new JOSEObjectType("application/" + rules.type));
        // one of JWT has the same type as what says who somebody is, which has a nonce
        try {
            return claims(check(token, processor(types, "", Set.of("nonce"))));
        } catch (Unfit e) {
            String why = e.getMessage();
            throw e.reason
                    .problem(
                            Status.UNAUTHORIZED_401,
                            "The token is refused, as " + why + ": get another from the provider.")
                    .with(
                            HeaderValues.create(
                                    HeaderNames.WWW_AUTHENTICATE,
                                    "Bearer realm=\"todo-manager\", error=\"invalid_token\", error_description=\"%s\""
                                            .formatted(why)));
        }
    }

    /// Whom the provider has signed in.
    ///
    /// @throws Problem 400 if it is not good here, 503 if the provider's keys can't be had
    Claims identity(String token, String nonce) {
        var types = new HashSet<@Nullable JOSEObjectType>();
        types.add(JOSEObjectType.JWT);
        types.add(null); // which OpenID Connect leaves open, and Dex does
        try {
            JWTClaimsSet claims = check(token, processor(types, nonce, Set.of()));
            if (claims.getAudience().size() > 1 && !rules.clientId.equals(claims.getClaim("azp"))) {
                throw new Unfit(Reason.TOKEN, "it is of another client");
            }
            return claims(claims);
        } catch (Unfit e) {
            throw Reason.CALLBACK.problem(
                    Status.BAD_REQUEST_400,
                    "The provider's token is not good here, as %s: sign in again."
                            .formatted(e.getMessage()));
        }
    }

    /// Why a token is not good here.
    @SuppressWarnings("serial") // it never leaves the process
    private static final class Unfit extends Exception {
        private final Reason reason;

        private Unfit(Reason reason, String why) {
            super(why, null, false, false);
            this.reason = reason;
        }
    }

    private JWTClaimsSet check(String token, DefaultJWTProcessor<SecurityContext> processor)
            throws Unfit {
        if (token.length() > LONGEST) {
            throw new Unfit(Reason.TOKEN, "it is longer than 8 KiB");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (jwt.getHeader().getKeyID() == null) {
                throw new Unfit(Reason.TOKEN, "it names no key");
            }
            JWTClaimsSet claims = processor.process(jwt, null);
            Instant latest = clock.instant().plusSeconds(SKEW);
            if (claims.getIssueTime().toInstant().isAfter(latest)) {
                throw new Unfit(Reason.TOKEN, "it is of the future");
            }
            return claims;
        } catch (ExpiredJWTException e) {
            throw new Unfit(Reason.EXPIRED, "it has expired");
        } catch (RateLimitReachedException e) {
            // of an unknown key, for which the provider is asked twice in half a minute
            if (fetched == null) {
                throw away(e);
            }
            throw new Unfit(Reason.TOKEN, "its key is not known");
        } catch (KeySourceException e) {
            throw away(e);
        } catch (BadJWTException e) {
            throw new Unfit(
                    Reason.TOKEN,
                    "its iss is not that of oidc.issuer, its aud does not have oidc.client-id, or another claim is missing or wrong");
        } catch (BadJWSException e) {
            throw new Unfit(Reason.TOKEN, "its signature is not of the provider's key");
        } catch (BadJOSEException e) {
            throw new Unfit(
                    Reason.TOKEN,
                    "its typ is not that of oidc.token-type, or it is not signed by RS256 or ES256 with a key of the provider");
        } catch (JOSEException | ParseException | RuntimeException e) {
            throw new Unfit(Reason.TOKEN, "it is no signed JWT");
        }
    }

    private static Problem away(Exception e) {
        return Reason.PROVIDER.problem(
                Status.SERVICE_UNAVAILABLE_503,
                "No token can be checked now, as the provider's keys can't be had: try again in a moment.",
                e);
    }

    private DefaultJWTProcessor<SecurityContext> processor(
            Set<@Nullable JOSEObjectType> types, String nonce, Set<String> prohibited) {
        var exactly = new JWTClaimsSet.Builder().issuer(rules.issuer.toString());
        if (!nonce.isEmpty()) {
            exactly.claim("nonce", nonce);
        }
        var processor = new DefaultJWTProcessor<SecurityContext>();
        var type = new DefaultJOSEObjectTypeVerifier<SecurityContext>(types);
        processor.setJWSTypeVerifier(type);
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(
                        Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256),
                        (selector, context) -> source().get(selector, context)));
        var claims =
                new DefaultJWTClaimsVerifier<SecurityContext>(
                        Set.of(rules.clientId),
                        exactly.build(),
                        Set.of("sub", "exp", "iat"),
                        prohibited) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        claims.setMaxClockSkew(SKEW);
        processor.setJWTClaimsSetVerifier(claims);
        return processor;
    }

    /// Keys are kept for five minutes, then fetched again, and when one is not known: at most twice
    /// in half a minute.
    private JWKSource<SecurityContext> source() throws KeySourceException {
        JWKSource<SecurityContext> made = source;
        if (made != null) {
            return made;
        }
        making.lock();
        try {
            made = source;
            if (made == null) {
                URL keys = provider.discover().keys().toURL();
                made =
                        JWKSourceBuilder.<SecurityContext>create(keys, this::fetch)
                                .refreshAheadCache(false)
                                .outageTolerant(OUTAGE.toMillis())
                                .build();
                source = made;
            }
            return made;
        } catch (IOException e) {
            throw new KeySourceException("the provider can't be asked", e);
        } finally {
            making.unlock();
        }
    }

    private Resource fetch(URL keys) throws IOException {
        String json = new String(Provider.get(URI.create(keys.toString())), StandardCharsets.UTF_8);
        try {
            JWKSet.parse(json);
        } catch (ParseException e) {
            throw new IOException(keys + " answers with no keys", e);
        }
        fetched = clock.instant();
        return new Resource(json, "application/json");
    }

    private Claims claims(JWTClaimsSet claims) {
        if (!(claims.getClaim(rules.usernameClaim) instanceof String username)
                || username.isEmpty()) {
            throw Reason.USER.problem(
                    Status.FORBIDDEN_403,
                    "The provider does not say which user this is: have it put %s into its tokens."
                            .formatted(rules.usernameClaim));
        }
        boolean isVerified = Boolean.TRUE.equals(claims.getClaim("email_verified"));
        if (rules.usernameClaim.equals("email") && !isVerified) {
            throw Reason.USER.problem(
                    Status.FORBIDDEN_403,
                    "The provider has not verified this user's email: verify it there first.");
        }
        String name = claims.getClaim("name") instanceof String text ? text : "";
        Instant end = claims.getExpirationTime().toInstant().plusSeconds(SKEW);
        return new Claims(username, name, isVerified, isAdmin(claims), end);
    }

    /// A claim may lie in others, as `realm_access.roles` does.
    private boolean isAdmin(JWTClaimsSet claims) {
        if (rules.admin.isEmpty()) {
            return false;
        }
        String name = rules.admin.get().getKey();
        Object value = claims.getClaim(name);
        if (value == null) {
            value = claims.getClaims();
            for (String part : name.split("\\.", -1)) {
                value = value instanceof Map<?, ?> object ? object.get(part) : null;
            }
        }
        String wanted = rules.admin.get().getValue();
        return value instanceof List<?> values ? values.contains(wanted) : wanted.equals(value);
    }
}
