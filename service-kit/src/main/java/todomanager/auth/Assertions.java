package todomanager.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import todomanager.auth.SecretKeys.NamedKey;

/// What user-svc assures todo-svc of: a token (RFC 7519, HS256) that names one user, and whether
/// what is asked for is to be written. It is good for half a minute.
public final class Assertions {
    private static final String FROM = "user-svc";
    private static final String TO = "todo-svc";
    private static final String WRITE = "write";
    private static final String READ = "read";
    private static final Duration LIFE = Duration.ofSeconds(30);
    private static final Duration SKEW = Duration.ofSeconds(30); // of the clocks of two machines

    private final SecretKeys keys;
    private final Clock clock;

    /// What one is about.
    public record Subject(String user, boolean isWrite) {}

    public Assertions(SecretKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
        // the first one takes longer than a request may, on a machine with much else to do
        var _ = verify(sign(new Subject(FROM, false)));
    }

    /// The token for a request about a user.
    public String sign(Subject subject) {
        NamedKey key = keys.current().first();
        Instant now = clock.instant();
        var token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.id()).build(),
                        new JWTClaimsSet.Builder()
                                .issuer(FROM)
                                .audience(TO)
                                .subject(subject.user)
                                .claim("scope", subject.isWrite ? WRITE : READ)
                                .issueTime(Date.from(now))
                                .expirationTime(Date.from(now.plus(LIFE)))
                                .build());
        try {
            token.sign(new MACSigner(key.bytes()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    /// What a token is about, or nothing if it is not one of ours, or not good any more.
    public Optional<Subject> verify(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            String id = String.valueOf(jwt.getHeader().getKeyID());
            Optional<NamedKey> key = keys.current().find(id);
            if (key.isPresent()
                    && JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm())
                    && jwt.verify(new MACVerifier(key.get().bytes()))) {
                return subject(jwt.getJWTClaimsSet());
            }
        } catch (ParseException | JOSEException | RuntimeException e) {
            // none of ours
        }
        return Optional.empty();
    }

    private Optional<Subject> subject(JWTClaimsSet claims) throws ParseException {
        String scope = claims.getStringClaim("scope");
        Date issued = claims.getIssueTime();
        Date expires = claims.getExpirationTime();
        Instant now = clock.instant();
        boolean isGood =
                FROM.equals(claims.getIssuer())
                        && claims.getAudience().equals(List.of(TO))
                        && claims.getSubject() != null
                        && (WRITE.equals(scope) || READ.equals(scope))
                        && issued != null
                        && expires != null
                        && issued.toInstant().isBefore(now.plus(SKEW))
                        && expires.toInstant().plus(SKEW).isAfter(now);
        return isGood
                ? Optional.of(new Subject(claims.getSubject(), WRITE.equals(scope)))
                : Optional.empty();
    }
}
