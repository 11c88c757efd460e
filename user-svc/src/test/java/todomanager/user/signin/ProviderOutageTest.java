package todomanager.user.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static todomanager.testkit.Wire.header;
import static todomanager.testkit.Wire.statuses;

import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import todomanager.testkit.LogRecorder;

/// What holds while the provider is away, slow, or not what it says.
@Timeout(60)
class ProviderOutageTest {
    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private SignedInService service;

    @SuppressWarnings("NullAway.Init") // before each test
    private LyingProvider provider;

    @BeforeEach
    void start() {
        use(new SignedInService(folder));
    }

    private void use(SignedInService started) {
        service = started;
        provider = started.provider;
    }

    /// Another one, whose provider is like this from the start.
    private void startWhere(Consumer<LyingProvider> state) throws IOException {
        service.close();
        use(new SignedInService(folder, "", state));
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
    }

    @Test
    void checksNoTokenAsLongAsItHasNoKeys() throws IOException {
        startWhere(LyingProvider::goesAway);
        String token = provider.token();

        for (int i = 0; i < 10; i++) {
            assertThat(service.status("/users/ana", token)).isEqualTo("503");
        }
        assertThat(statuses(service.get("/auth/login", ""))).containsExactly("503");
    }

    @Test
    void goesOnByItselfWhenTheProviderIsThere() throws IOException {
        startWhere(LyingProvider::goesAway);
        assertThat(service.status("/users/ana", provider.token())).isEqualTo("503");

        provider.comesBack();

        try (var log = new LogRecorder("todomanager")) {
            service.awaitStatus(
                    "/users/ana", "Authorization: Bearer " + provider.token() + "\r\n", "200");
            assertThat(statuses(service.get("/auth/login", ""))).containsExactly("303");
            assertThat(log.lines())
                    .contains("oidc.issuer = " + provider.issuer() + ": the provider is there");
        }
    }

    @Test
    void checksTokensByTheKeysThatItHas() {
        assertThat(service.status("/users/ana", provider.token())).isEqualTo("200");
        String another = provider.token(claims -> claims.claim("preferred_username", "bo"));
        provider.goesAway();

        assertThat(service.status("/users/bo", another)).isEqualTo("200");
    }

    @Test
    void keepsThoseWhoAreSignedIn() {
        provider.goesAway();

        String cookie = service.cookie("ana", Instant.now().plusSeconds(60));

        assertThat(service.get("/users/ana/lists", cookie)).contains("Buy milk");
    }

    @Test
    void signsOutWithoutTheProvider() throws IOException {
        startWhere(LyingProvider::goesAway);

        String answer = service.wire.exchange("POST", "/auth/logout");

        assertThat(header("Set-Cookie", answer)).startsWith("__Host-session=; ");
        assertThat(answer).contains("{\"location\":\"http://localhost/\"}");
    }

    @Test
    void answersInTimeThoughTheProviderIsSilent() throws IOException {
        startWhere(LyingProvider::fallsSilent);

        assertThat(service.status("/users/ana", provider.token())).isEqualTo("503");
        assertThat(statuses(service.get("/auth/login", ""))).containsExactly("503");
    }

    @Test
    void takesUpNewKeys() {
        assertThat(service.status("/users/ana", provider.token())).isEqualTo("200");

        JWK now = LyingProvider.rsaKey("new");
        provider.rollsItsKeys(now);

        assertThat(service.status("/users/ana", provider.token(now, _ -> {}, _ -> {})))
                .isEqualTo("200");
    }

    @Test
    void isNotMadeToFetchKeysByStrangers() {
        String token = provider.token();
        for (int i = 0; i < 2_000; i++) {
            String unknown = LyingProvider.renamed(token, "unknown-" + i);

            assertThat(service.status("/users/ana", unknown)).isEqualTo("401");
        }
        assertThat(provider.fetches()).isLessThanOrEqualTo(2);
        assertThat(service.status("/users/ana", token)).isEqualTo("200");
    }

    static Stream<UnaryOperator<Map<String, Object>>> lies() {
        return Stream.of(
                with("issuer", "http://evil.example"),
                with("issuer", 1),
                with("jwks_uri", "file:///etc/passwd"),
                with("token_endpoint", "ftp://localhost/token"),
                with("authorization_endpoint", "javascript:alert(1)"),
                with("jwks_uri", "http://[not a URI"),
                without("jwks_uri"),
                without("authorization_endpoint"));
    }

    private static UnaryOperator<Map<String, Object>> with(String name, Object value) {
        return found -> {
            found.put(name, value);
            return found;
        };
    }

    private static UnaryOperator<Map<String, Object>> without(String name) {
        return found -> {
            found.remove(name);
            return found;
        };
    }

    @Test
    void saysThatNoHostHasTheNameOfTheIssuer() {
        String tooLong = "x".repeat(64); // so that nobody is asked for it
        var provider = new Provider(URI.create("http://" + tooLong), "", folder);
        try (var log = new LogRecorder("todomanager")) {
            assertThatThrownBy(provider::discover)
                    .hasMessageEndingWith("can't be asked: no host has that name");
            assertThat(log.lines()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("lies")
    void doesNotUseAProviderThatDescribesItselfInNoUsableWay(UnaryOperator<Map<String, Object>> lie)
            throws IOException {
        try (var log = new LogRecorder("todomanager")) {
            startWhere(provider -> provider.describesItself(lie));

            assertThat(statuses(service.get("/auth/login", ""))).containsExactly("503");
            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line).contains("oidc.issuer", "the provider"));
        }
    }

    @Test
    void saysBeforeAnybodySignsInThatTheProviderIsAway() throws IOException {
        try (var log = new LogRecorder("todomanager")) {
            startWhere(LyingProvider::goesAway);

            String says =
                    "oidc.issuer = %1$s: %1$s/.well-known/openid-configuration can't be asked"
                            .formatted(provider.issuer());
            while (log.lines().stream().noneMatch(line -> line.startsWith(says))) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    @Test
    void answersRandomBytesWithoutFailing() {
        var random = new Random(26);
        for (int i = 0; i < 1_000; i++) {
            String bytes = bytes(random);

            assertThat(statuses(service.get("/users/ana", "Cookie: __Host-session=" + bytes)))
                    .allSatisfy(status -> assertThat(status).startsWith("4"));
            assertThat(statuses(service.get("/users/ana", "Authorization: Bearer " + bytes)))
                    .allSatisfy(status -> assertThat(status).startsWith("4"));
        }
    }

    private static String bytes(Random random) {
        var bytes = new StringBuilder();
        int length = random.nextInt(200);
        for (int i = 0; i < length; i++) {
            char next = (char) random.nextInt(256);
            bytes.append(next == '\r' || next == '\n' ? '.' : next);
        }
        return bytes.append("\r\n").toString();
    }

    @Test
    void logsNoSecret() throws IOException {
        String token = provider.token();
        String cookie = service.sealed("ana", Instant.now().plusSeconds(60));
        try (var log = new LogRecorder("")) {
            assertThat(service.status("/users/ana", token)).isEqualTo("200");
            assertThat(service.status("/users/ana", token + "x")).isEqualTo("401");
            String begun = header("Set-Cookie", service.get("/auth/login", ""));
            provider.goesAway();
            var _ = service.get("/auth/login?back=" + token, "");
            var _ =
                    service.get(
                            "/auth/callback?code=secret-code&state=" + token,
                            "Cookie: " + begun.replaceFirst(";.*", "") + "\r\n");
            var _ = service.get("/users/ana", "Cookie: __Host-session=" + cookie + "x\r\n");

            assertThat(log.lines())
                    .noneSatisfy(line ->
                            assertThat(line)
                                    .containsAnyOf(
                                            token, cookie, "secret-code", LyingProvider.SECRET));
        }
    }
}
