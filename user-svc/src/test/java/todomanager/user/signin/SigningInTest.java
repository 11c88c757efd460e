package todomanager.user.signin;

import static com.nimbusds.jose.JOSEObjectType.JWT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.header;
import static todomanager.testkit.Wire.problem;
import static todomanager.testkit.Wire.statuses;
import static todomanager.user.signin.LyingProvider.at;

import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.telemetry.Metrics;
import todomanager.testkit.LogRecorder;

/// The way of a browser to the provider and back.
@Timeout(60)
class SigningInTest {
    @TempDir private static Path folder;

    private static SignedInService service;

    @BeforeAll
    static void start() {
        service = new SignedInService(folder);
    }

    @BeforeEach
    void tellTheTruth() {
        service.provider.tellsTheTruth();
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
    }

    /// A sign-in that has begun.
    private record Begun(String cookie, Map<String, String> asked) {
        String state() {
            return asked.getOrDefault("state", "");
        }

        String nonce() {
            return asked.getOrDefault("nonce", "");
        }
    }

    private static Begun begin(String back) {
        return begin(service, back);
    }

    private static Begun begin(SignedInService service, String back) {
        String answer = service.get("/auth/login" + back, "");
        assertThat(statuses(answer)).containsExactly("303");
        var asked = new TreeMap<String, String>();
        String query = URI.create(header("Location", answer)).getRawQuery();
        for (String pair : query.split("&", -1)) {
            asked.put(
                    pair.substring(0, pair.indexOf('=')),
                    URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), UTF_8));
        }
        String cookie = header("Set-Cookie", answer).replaceFirst(";.*", "");
        return new Begun("Cookie: " + cookie + "\r\n", asked);
    }

    private static String comeBack(Begun begun, String query) {
        return comeBack(service, begun, query);
    }

    private static String comeBack(SignedInService service, Begun begun, String query) {
        return service.get("/auth/callback?" + query, begun.cookie);
    }

    private static String comeBack(Begun begun) {
        return comeBack(begun, answerOf("code=c", begun));
    }

    /// What the provider answers to a sign-in: a code, or an error.
    private static String answerOf(String what, Begun begun) {
        return what + "&state=" + begun.state() + "&iss=" + service.provider.issuer();
    }

    private static String comeBackInABrowser(Begun begun, String what) {
        return service.get(
                "/auth/callback?" + answerOf(what, begun),
                begun.cookie + "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n");
    }

    /// The cookie of the session that an answer begins.
    private static String session(String answer) {
        String session =
                answer.lines()
                        .filter(line -> line.startsWith("Set-Cookie: __Host-session="))
                        .findFirst()
                        .orElseThrow();
        assertThat(session)
                .matches(
                        "Set-Cookie: __Host-session=[\\w-]{1,400}; Path=/; Max-Age=28800; HttpOnly; Secure; SameSite=Strict");
        return session.substring("Set-".length()).replaceFirst(";.*", "\r\n");
    }

    private static void requireRefused(String answer, String status) {
        assertThat(statuses(answer)).containsExactly(status);
        assertThat(answer).doesNotContain("__Host-session=");
        assertThat(problem(answer).getInt("status")).isEqualTo(Integer.parseInt(status));
    }

    @Test
    void sendsPeopleToTheProvider() throws Exception {
        String answer = service.get("/auth/login", "");
        Begun begun = begin("");

        assertThat(header("Location", answer))
                .startsWith(service.provider.endpoint("/authorize?a=b&").toString());
        assertThat(begun.asked)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", LyingProvider.CLIENT)
                .containsEntry("redirect_uri", "http://localhost/auth/callback")
                .containsEntry("scope", "openid profile email")
                .containsEntry("code_challenge_method", "S256");
        assertThat(header("Set-Cookie", answer))
                .matches(
                        "__Host-sign-in=[\\w-]+; Path=/; Max-Age=300; HttpOnly; Secure; SameSite=Lax");
        assertThat(header("Cache-Control", answer)).isEqualTo("no-store");
    }

    @Test
    void asksEachTimeAnew() {
        assertThat(begin("").asked).doesNotContainValue(begin("").state());
    }

    @Test
    void signsIn() throws Exception {
        Begun begun = begin("?back=/%23lists");
        service.provider.signsIn(begun.nonce(), _ -> {});

        String answer = comeBack(begun);

        assertThat(statuses(answer)).containsExactly("303");
        assertThat(header("Location", answer)).isEqualTo("http://localhost/#lists");
        assertThat(answer).contains("Set-Cookie: __Host-sign-in=; Path=/; Max-Age=0;");
        String cookie = session(answer);
        assertThat(service.get("/users/ana/lists", cookie)).contains("Buy milk");
        String verifier = service.provider.form().getOrDefault("code_verifier", "");
        assertThat(begun.asked)
                .containsEntry(
                        "code_challenge",
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(
                                        MessageDigest.getInstance("SHA-256")
                                                .digest(verifier.getBytes(UTF_8))));
        assertThat(service.provider.form())
                .containsEntry("grant_type", "authorization_code")
                .containsEntry("code", "c")
                .containsEntry("redirect_uri", "http://localhost/auth/callback")
                .doesNotContainKey("client_secret");
        assertThat(service.provider.authorization())
                .isEqualTo(
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                "todo-manager:the+client%27s+secret%3A+%2B%26%3D%25"
                                                        .getBytes(UTF_8)));
    }

    @Test
    void sendsTheSecretInTheBodyToAProviderThatTakesNoOther(@TempDir Path own) throws IOException {
        UnaryOperator<Map<String, Object>> lie =
                found -> {
                    found.put(
                            "token_endpoint_auth_methods_supported", List.of("client_secret_post"));
                    return found;
                };
        try (var another =
                new SignedInService(own, "", provider -> provider.describesItself(lie))) {
            Begun begun = begin(another, "");
            another.provider.signsIn(begun.nonce(), _ -> {});

            String answer =
                    comeBack(
                            another,
                            begun,
                            "code=c&state=" + begun.state() + "&iss=" + another.provider.issuer());

            assertThat(statuses(answer)).containsExactly("303");
            assertThat(another.provider.form())
                    .containsEntry("client_secret", LyingProvider.SECRET);
            assertThat(another.provider.authorization()).isNull();
        }
    }

    /// As Dex does.
    @Test
    void takesATokenThatSaysWhoSomebodyIsThoughItHasNoType() {
        Begun begun = begin("");
        String token =
                service.provider.token(
                        service.provider.rsa(),
                        head -> head.type(null),
                        claims -> claims.claim("nonce", begun.nonce()));
        service.provider.answersCodes(
                _ -> new LyingProvider.Answer(200, "{\"id_token\":\"" + token + "\"}"));

        assertThat(statuses(comeBack(begun))).containsExactly("303");
    }

    @Test
    void refusesTheStateOfAnotherBrowser() {
        Begun mine = begin("");
        Begun another = begin("");
        service.provider.signsIn(mine.nonce(), _ -> {});

        requireRefused(
                service.get(
                        "/auth/callback?code=c&iss="
                                + service.provider.issuer()
                                + "&state="
                                + another.state(),
                        mine.cookie),
                "400");
    }

    @ParameterizedTest
    @CsvSource({
        "code=c",
        "code=c&state=",
        "code=c&state=STATE",
        "code=c&state=STATE&iss=",
        "code=c&state=STATE&iss=http://evil.example",
        "code=c&state=STATE&iss=ISS/",
        "state=STATE&iss=ISS",
        "code=c&iss=ISS",
        "error=access_denied&state=STATE&iss=ISS",
        "error=%0d%0aSet-Cookie:%20a=b&code=c&state=STATE&iss=ISS",
        "''",
    })
    void refusesAnAnswerThatIsNotWhole(String query) {
        Begun begun = begin("");
        service.provider.signsIn(begun.nonce(), _ -> {});

        String answer =
                comeBack(
                        begun,
                        query.replace("STATE", begun.state())
                                .replace("ISS", service.provider.issuer()));

        requireRefused(answer, "400");
        assertThat(service.provider.form()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Cookie: __Host-sign-in=x\r\n", "Cookie: __Host-sign-in=\r\n"})
    void refusesAnAnswerToNothing(String cookie) {
        requireRefused(
                service.get(
                        "/auth/callback?code=c&state=s&iss=" + service.provider.issuer(), cookie),
                "400");
    }

    @Test
    void refusesASessionForASignInThatHasBegun() {
        String session = service.sealed("ana", at(60).toInstant());

        requireRefused(
                service.get(
                        "/auth/callback?code=c&state=s&iss=" + service.provider.issuer(),
                        "Cookie: __Host-sign-in=" + session + "\r\n"),
                "400");
    }

    @Test
    void refusesACodeThatTheProviderDoesNotTake() {
        Begun begun = begin("");
        service.provider.answersCodes(
                _ -> new LyingProvider.Answer(400, "{\"error\":\"invalid_grant\"}"));

        requireRefused(comeBack(begun), "400");
    }

    static Stream<Consumer<JWTClaimsSet.Builder>> lies() {
        return Stream.of(
                claims -> claims.claim("nonce", "another"),
                claims -> claims.claim("nonce", null),
                claims -> claims.issuer("http://evil.example"),
                claims -> claims.audience("another"),
                claims -> claims.audience(List.of("another", LyingProvider.CLIENT)),
                claims ->
                        claims.audience(List.of("another", LyingProvider.CLIENT))
                                .claim("azp", "another"),
                claims -> claims.expirationTime(at(-61)),
                claims -> claims.expirationTime(null),
                claims -> claims.issueTime(at(120)),
                claims -> claims.subject(null));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void refusesATokenThatLies(Consumer<JWTClaimsSet.Builder> lie) {
        Begun begun = begin("");
        service.provider.signsIn(begun.nonce(), lie);

        requireRefused(comeBack(begun), "400");
    }

    @Test
    void refusesATokenOfAnotherKey() {
        Begun begun = begin("");
        service.provider.signsIn(begun.nonce(), _ -> {});
        String another =
                service.provider.token(
                        LyingProvider.rsaKey("rsa"), head -> head.type(JWT), _ -> {});
        service.provider.answersCodes(
                _ -> new LyingProvider.Answer(200, "{\"id_token\":\"" + another + "\"}"));

        requireRefused(comeBack(begun), "400");
    }

    @Test
    void countsARefusedTokenAsASignInThatFailed() {
        double callbacks = refusals("callback");
        double tokens = refusals("token");
        Begun begun = begin("");
        service.provider.signsIn(begun.nonce(), claims -> claims.audience("another"));

        String answer = comeBack(begun);

        requireRefused(answer, "400");
        assertThat(problem(answer).getString("detail"))
                .contains("its aud does not have oidc.client-id");
        assertThat(refusals("callback")).isEqualTo(callbacks + 1);
        assertThat(refusals("token")).isEqualTo(tokens);
    }

    private static double refusals(String reason) {
        return Metrics.REGISTRY.get("sign.in.refusals").tag("reason", reason).counter().count();
    }

    /// Or they would see JSON in the place of a page.
    @Test
    void leavesItToThePageToTellWhomNobodyHereKnows() {
        Begun begun = begin("");
        service.provider.signsIn(
                begun.nonce(), claims -> claims.claim("preferred_username", "eve"));

        String answer = comeBack(begun);

        assertThat(statuses(answer)).containsExactly("303");
        for (String path : List.of("/auth/me", "/users", "/users/eve", "/users/eve/lists")) {
            assertThat(problem(service.get(path, session(answer))).getString("detail"))
                    .isEqualTo(
                            "The provider knows \"eve\", but there is no such user here: have an administrator add that username.");
        }
    }

    @Test
    void showsABrowserAPageOfWhatIsWrong() {
        Begun begun = begin("");

        String answer = comeBackInABrowser(begun, "error=access_denied");

        assertThat(statuses(answer)).containsExactly("400");
        assertThat(header("Content-Type", answer)).isEqualTo("text/html; charset=UTF-8");
        assertThat(header("Content-Security-Policy", answer)).isEqualTo("default-src 'none'");
        assertThat(header("Cache-Control", answer)).isEqualTo("no-store");
        assertThat(answer)
                .contains("Set-Cookie: __Host-sign-in=; ")
                .contains("did not sign anybody in (access_denied)")
                .contains("<a href=\"http://localhost/\">");
    }

    @Test
    void showsABrowserTheIdByWhichTheLogHasTheCause() {
        Begun begun = begin("");
        service.provider.answersCodes(_ -> new LyingProvider.Answer(401, ""));
        try (var log = new LogRecorder("todomanager")) {
            String answer = comeBackInABrowser(begun, "code=c");

            assertThat(statuses(answer)).containsExactly("503");
            String id =
                    answer.lines()
                            .filter(line -> line.matches("<p>id [0-9a-f-]{36}</p>"))
                            .findFirst()
                            .orElseThrow()
                            .replaceAll("<p>id |</p>", "");
            assertThat(log.lines())
                    .anyMatch(line ->
                            line.contains(id) && line.contains("check the client's id and secret"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<script>", "a b", "access_denied\u2028", "A"})
    void repeatsNoErrorThatIsNone(String error) {
        Begun begun = begin("");

        String answer =
                comeBack(begun, answerOf("error=" + URLEncoder.encode(error, UTF_8), begun));

        assertThat(problem(answer).getString("detail"))
                .isEqualTo(
                        "The provider did not sign anybody in (no reason): begin again at /auth/login.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 ",
                "200 {}",
                "200 []",
                "200 {\"id_token\":1}",
                "200 {\"id_token\":null}",
                "200 not JSON",
                "401 {\"error\":\"invalid_client\"}",
                "500 ",
                "302 ",
            })
    void saysThatTheProviderIsOfNoUse(String answer) {
        Begun begun = begin("");
        service.provider.answersCodes(_ ->
                new LyingProvider.Answer(
                        Integer.parseInt(answer.substring(0, 3)), answer.substring(4)));

        requireRefused(comeBack(begun), "503");
    }

    @ParameterizedTest
    @CsvSource({
        "/, http://localhost/",
        "/#a, http://localhost/#a",
        "/?a=b, http://localhost/?a=b",
        "//evil.example, http://localhost/",
        "/\\evil.example, http://localhost/",
        "http://evil.example, http://localhost/",
        "'/\r\nSet-Cookie: a=b', http://localhost/",
        "'/\t/evil.example', http://localhost/",
        "evil.example, http://localhost/",
        "@evil.example, http://localhost/",
        "'', http://localhost/",
        "/ä, http://localhost/",
    })
    void leadsBackToThisHostAlone(String back, String location) {
        Begun begun = begin("?back=" + URLEncoder.encode(back, UTF_8));
        service.provider.signsIn(begun.nonce(), _ -> {});

        assertThat(header("Location", comeBack(begun))).isEqualTo(location);
    }
}
