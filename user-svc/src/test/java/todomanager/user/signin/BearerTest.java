package todomanager.user.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static todomanager.testkit.Wire.problem;
import static todomanager.testkit.Wire.statuses;
import static todomanager.user.signin.LyingProvider.at;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import todomanager.testkit.Wire;

/// Who comes with a token of the provider.
@Timeout(60)
class BearerTest {
    @TempDir private static Path folder;

    private static SignedInService service;
    private static LyingProvider provider;

    @BeforeAll
    static void start() {
        service = new SignedInService(folder);
        provider = service.provider;
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
    }

    static Stream<Arguments> badTokens() throws JOSEException {
        JWK unknown = LyingProvider.rsaKey("rsa");
        return Stream.of(
                argumentSet("no algorithm", none()),
                argumentSet("HS256 by the public key", byPublicKey()),
                argumentSet("RS512", header(head -> new JWSHeader.Builder(JWSAlgorithm.RS512))),
                argumentSet(
                        "another's key in its header",
                        provider.token(unknown, head -> head.jwk(unknown.toPublicJWK()), _ -> {})),
                argumentSet(
                        "the address of another's keys in its header",
                        provider.token(
                                unknown, head -> head.jwkURL(provider.endpoint("/else")), _ -> {})),
                argumentSet(
                        "another's key of the same id", provider.token(unknown, _ -> {}, _ -> {})),
                argumentSet("an unknown key", provider.token(provider.rsa(), id("nope"), _ -> {})),
                argumentSet(
                        "a path for a key", provider.token(provider.rsa(), id("../rsa"), _ -> {})),
                argumentSet("no key", provider.token(provider.rsa(), id(null), _ -> {})),
                argumentSet(
                        "the key of another algorithm",
                        provider.token(provider.rsa(), id("ec"), _ -> {})),
                argumentSet("no type", type(null)),
                argumentSet("the type of an ID token", type("JWT")),
                argumentSet("a critical header", critical()),
                argumentSet("expired", lie(claims -> claims.expirationTime(at(-62)))),
                argumentSet("not good yet", lie(claims -> claims.notBeforeTime(at(120)))),
                argumentSet("of the future", lie(claims -> claims.issueTime(at(300)))),
                argumentSet("no end", lie(claims -> claims.expirationTime(null))),
                argumentSet("no beginning", lie(claims -> claims.issueTime(null))),
                argumentSet("no subject", lie(claims -> claims.subject(null))),
                argumentSet("no issuer", lie(claims -> claims.issuer(null))),
                argumentSet("another issuer", lie(claims -> claims.issuer("http://evil.example"))),
                argumentSet(
                        "the issuer with a slash",
                        lie(claims -> claims.issuer(provider.issuer() + "/"))),
                argumentSet("no audience", lie(claims -> claims.audience((String) null))),
                argumentSet("another audience", lie(claims -> claims.audience("another"))),
                argumentSet("what says who somebody is", lie(claims -> claims.claim("nonce", "x"))),
                argumentSet("one byte changed", changed(provider.token())),
                argumentSet("no signature", provider.token().replaceFirst("[^.]+$", "")),
                argumentSet("two parts", provider.token().replaceFirst("\\.[^.]+$", "")),
                argumentSet("too long", lie(claims -> claims.claim("long", "x".repeat(8192)))),
                argumentSet("no token", "abc"));
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void refusesATokenThatIsNotGoodHere(String token) {
        String answer = service.get("/users/ana", "Authorization: Bearer " + token + "\r\n");

        assertThat(statuses(answer)).containsExactly("401");
        assertThat(Wire.header("WWW-Authenticate", answer))
                .startsWith("Bearer realm=\"todo-manager\", error=\"invalid_token\"");
        assertThat(problem(answer).getString("detail")).endsWith(".");
    }

    @ParameterizedTest
    @CsvSource({"-61, 0", "-50, 0", "0, 0", "299, 59"})
    void heedsTheSkewOfClocks(long end, long begin) {
        String token =
                provider.token(claims -> claims.expirationTime(at(end)).issueTime(at(begin)));

        assertThat(service.status("/users/ana", token)).isEqualTo(end < -60 ? "401" : "200");
    }

    @Test
    void saysWhatToLookAt() {
        assertThat(refusal(type("JWT"))).contains("its typ is not that of oidc.token-type");
        assertThat(refusal(lie(claims -> claims.audience("another"))))
                .contains("its aud does not have oidc.client-id");
        assertThat(refusal(changed(provider.token())))
                .contains("its signature is not of the provider's key");
        assertThat(refusal("abc")).contains("it is no signed JWT");
    }

    private static String refusal(String token) {
        return Wire.header(
                "WWW-Authenticate",
                service.get("/users/ana", "Authorization: Bearer " + token + "\r\n"));
    }

    @Test
    void takesTokensOfBothKindsOfKeys() {
        assertThat(service.status("/users/ana", provider.token())).isEqualTo("200");
        assertThat(service.status("/users/ana", provider.token(provider.ec(), _ -> {}, _ -> {})))
                .isEqualTo("200");
    }

    @Test
    void takesOneOfSeveralAudiences() {
        String token =
                provider.token(claims -> claims.audience(List.of("else", LyingProvider.CLIENT)));

        assertThat(service.status("/users/ana", token)).isEqualTo("200");
    }

    @Test
    void asksForCredentials() {
        String answer = service.get("/users", "");

        assertThat(statuses(answer)).containsExactly("401");
        assertThat(Wire.header("WWW-Authenticate", answer))
                .isEqualTo("Bearer realm=\"todo-manager\"");
    }

    @ParameterizedTest
    @CsvSource({
        "'Authorization: Basic YTpi', 401",
        "'Authorization: Bearer', 401",
        "'Authorization: ', 401",
        "'Authorization: Bearer TOKEN\r\nAuthorization: Bearer TOKEN', 400",
        "'Authorization: Bearer TOKEN\r\nCookie: __Host-session=x', 400",
        "'authorization: bearer TOKEN', 200",
        "'Authorization: Bearer TOKEN\r\nCookie: other=x', 200",
        "'Authorization: Bearer TOKEN\r\nX-Forwarded-User: bo', 200",
        "'X-Forwarded-User: ana', 401",
    })
    void takesOneCredential(String headers, String status) {
        String answer =
                service.get("/users/ana", headers.replace("TOKEN", provider.token()) + "\r\n");

        assertThat(statuses(answer)).containsExactly(status);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /users/ana, 200",
        "GET, /users/ana/lists, 200",
        "GET, /users, 200",
        "GET, /auth/me, 200",
        "GET, /users/bo, 404",
        "GET, /users/bo/lists, 404",
        "GET, /users/bo/lists/home/items, 404",
        "GET, /users/nobody, 404",
        "PUT, /users/bo, 404",
        "PUT, /users/eve, 404",
        "PATCH, /users/bo, 404",
        "DELETE, /users/bo, 404",
        "POST, /users/bo/lists/home/items, 404",
        "GET, /users/%62o, 404",
        "GET, /users/b%6f/lists, 404",
        "GET, /users/bo/, 404",
        "GET, /users/ana/../bo, 404",
        "GET, /users/ana%2F..%2Fbo/lists, 404",
        "GET, /users/ana;x=1/lists, 404",
        "GET, /users/ANA, 404",
        "GET, /users/bo/lists/a%E2%80%A8b, 404",
        "PUT, /users/bo/lists/a%0Ab, 404",
        "GET, /users/bo/lists/a%0Db/items, 404",
        "DELETE, /users/bo/lists/home/items/%C2%85, 404",
        "GET, /users/b%0Ao/lists, 404",
        "GET, /nowhere, 404",
    })
    void givesEverybodyTheirOwn(String method, String path, String status) {
        String answer =
                service.wire.exchange(
                        method, path, "Authorization: Bearer " + provider.token() + "\r\n");

        assertThat(statuses(answer)).containsExactly(status);
        assertThat(status.equals("404") && answer.contains("\"Bo\"")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"/, 200", "/openapi, 200", "/page/page.css, 200", "/page/%2e%2e/users, 404"})
    void leavesOpenWhatIsForEverybody(String path, String status) {
        assertThat(statuses(service.get(path, ""))).containsExactly(status);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /users",
        "HEAD, /users",
        "OPTIONS, /users",
        "GET, /users/ana",
        "PUT, /users/ana",
        "DELETE, /users/ana",
        "GET, /users/ana/lists",
        "POST, /users/ana/lists/home/items",
        "GET, /auth/me",
        "GET, /nowhere",
        "FOO, /users"
    })
    void opensNothingElse(String method, String path) {
        assertThat(statuses(service.wire.exchange(method, path))).containsExactly("401");
    }

    @Test
    void refusesWhomTheProviderNamesButNobodyHereIs() {
        String eve = provider.token(claims -> claims.claim("preferred_username", "eve"));

        String answer = service.get("/users/eve", "Authorization: Bearer " + eve + "\r\n");

        assertThat(statuses(answer)).containsExactly("403");
        assertThat(problem(answer).getString("detail"))
                .contains("have an administrator add that username");
    }

    @ParameterizedTest
    @MethodSource("namesOfNobody")
    void refusesATokenThatNamesNobody(Object name) {
        String token = provider.token(claims -> claims.claim("preferred_username", name));

        assertThat(service.status("/users/ana", token)).isEqualTo("403");
    }

    static Stream<Object> namesOfNobody() {
        return Stream.of("", 1, List.of("ana"), true);
    }

    @Test
    void doesNotHeedAnAdministratorsClaimThatIsNotSet() {
        String token = provider.token(claims -> claims.claim("admin", true).claim("", ""));

        assertThat(service.status("/users/bo", token)).isEqualTo("404");
    }

    private static String lie(Consumer<JWTClaimsSet.Builder> lie) {
        return provider.token(lie);
    }

    private static Consumer<JWSHeader.Builder> id(@Nullable String id) {
        return head -> head.keyID(id);
    }

    private static String header(UnaryOperator<JWSHeader.Builder> made) {
        JWSHeader head =
                made.apply(new JWSHeader.Builder(JWSAlgorithm.RS256))
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID("rsa")
                        .build();
        return LyingProvider.sign(provider.rsa(), head, provider.claims(_ -> {}));
    }

    private static String type(@Nullable String type) {
        return provider.token(
                provider.rsa(),
                head -> head.type(type == null ? null : new JOSEObjectType(type)),
                _ -> {});
    }

    private static String critical() {
        return provider.token(
                provider.rsa(),
                head -> head.criticalParams(Set.of("exp")).customParam("exp", 1),
                _ -> {});
    }

    private static String none() {
        return new PlainJWT(
                        new PlainHeader.Builder().type(new JOSEObjectType("at+jwt")).build(),
                        provider.claims(_ -> {}))
                .serialize();
    }

    private static String byPublicKey() throws JOSEException {
        var jwt =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                .type(new JOSEObjectType("at+jwt"))
                                .keyID("rsa")
                                .build(),
                        provider.claims(_ -> {}));
        jwt.sign(new MACSigner(provider.rsa().toRSAPublicKey().getEncoded()));
        return jwt.serialize();
    }

    private static String changed(String token) {
        int place = token.length() - 20;
        char other = token.charAt(place) == 'A' ? 'B' : 'A';
        return token.substring(0, place) + other + token.substring(place + 1);
    }
}
