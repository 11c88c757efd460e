package todomanager.user.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.header;
import static todomanager.testkit.Wire.problem;
import static todomanager.testkit.Wire.statuses;
import static todomanager.user.signin.SignedInService.key;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.auth.SecretKeys;
import todomanager.testkit.LogRecorder;
import todomanager.testkit.Wire;

/// Who comes with the cookie of a session.
@Timeout(60)
class SessionTest {
    private static final String JSON = "Content-Type: application/json\r\nContent-Length: 2\r\n";

    @TempDir private static Path folder;

    private static SignedInService service;

    @BeforeAll
    static void start() {
        service = new SignedInService(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
    }

    @Test
    void refusesACookieWithABitChanged() {
        byte[] sealed = Base64.getUrlDecoder().decode(service.sealed("ana", inAnHour()));
        for (int bit = 0; bit < sealed.length * 8; bit += 7) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));

            assertThat(status(Base64.getUrlEncoder().encodeToString(changed)))
                    .as("bit %d", bit)
                    .isEqualTo("401");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "=", "AAAA", "ä", "\"\"", "a b"})
    void refusesWhatIsNoSession(String cookie) {
        assertThat(status(cookie)).isEqualTo("401");
    }

    @Test
    void refusesASessionThatHasEnded() {
        assertThat(status(service.sealed("ana", Instant.now().minusSeconds(1)))).isEqualTo("401");
    }

    @Test
    void refusesASignInThatHasBegunForASession() {
        String begun = header("Set-Cookie", service.get("/auth/login", ""));

        assertThat(status(begun.replaceFirst("^[^=]+=([^;]+).*", "$1"))).isEqualTo("401");
    }

    @Test
    void refusesACookieOfSomebodyWhoIsNoUserAnyMore() {
        String answer = service.get("/users/eve", service.cookie("eve", inAnHour()));

        assertThat(statuses(answer)).containsExactly("403");
    }

    @Test
    void doesNotLetSomebodyWhoWasDeletedComeBack(@TempDir Path own) throws IOException {
        try (var service = new SignedInService(own)) {
            String headers = service.cookie("ana", inAnHour()) + "Sec-Fetch-Site: same-origin\r\n";
            service.todoService.answers("204 None", "", "");
            assertThat(statuses(service.wire.exchange("DELETE", "/users/ana", headers)))
                    .containsExactly("204");

            assertThat(statuses(service.wire.send(request("PUT", "/users/ana", headers + JSON))))
                    .containsExactly("403");
            assertThat(statuses(service.get("/users/ana", headers))).containsExactly("404");
        }
    }

    @Test
    void givesEverybodyTheirOwn() {
        String cookie = service.cookie("ana", inAnHour());

        assertThat(service.get("/users/ana", cookie)).contains("\"Ana\"");
        assertThat(service.get("/users/ana/lists", cookie)).contains("Buy milk");
        assertThat(service.get("/auth/me", cookie)).contains("\"username\":\"ana\"");
        assertThat(statuses(service.get("/users/bo", cookie))).containsExactly("404");
        assertThat(statuses(service.get("/users/bo/lists", cookie))).containsExactly("404");
    }

    @Test
    void tellsCachesThatTheAnswerIsOneUsers() {
        String answer = service.get("/users/ana", service.cookie("ana", inAnHour()));

        assertThat(header("Vary", answer)).isEqualTo("Authorization, Cookie");
    }

    @Test
    void findsTheCookieAmongOthers() {
        String cookie = service.cookie("ana", inAnHour()).replaceFirst("Cookie: ", "");

        assertThat(statuses(service.get("/users/ana", "Cookie: a=b; x__Host-session=c;" + cookie)))
                .containsExactly("200");
    }

    @ParameterizedTest
    @CsvSource({
        "'Sec-Fetch-Site: same-origin', 200",
        "'Origin: http://localhost', 200",
        "'Sec-Fetch-Site: same-origin\r\nOrigin: http://localhost', 200",
        "'X: y', 403",
        "'Sec-Fetch-Site: cross-site', 403",
        "'Sec-Fetch-Site: same-site', 403",
        "'Sec-Fetch-Site: none', 403",
        "'Sec-Fetch-Site: same-site\r\nOrigin: http://localhost', 403",
        "'Sec-Fetch-Site: same-origin\r\nOrigin: http://localhost:81', 403",
        "'Origin: http://localhost:81', 403",
        "'Origin: http://evil.example', 403",
        "'Origin: null', 403",
    })
    void letsOnlyItsOwnPageWrite(String headers, String status) {
        String cookie = service.cookie("ana", inAnHour());

        assertThat(write("PATCH", "/users/ana", cookie + headers + "\r\n")).isEqualTo(status);
    }

    @Test
    void takesNoFormForAWrite() {
        String headers =
                service.cookie("ana", inAnHour())
                        + "Sec-Fetch-Site: same-origin\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n";

        assertThat(statuses(service.wire.send(request("PATCH", "/users/ana", headers))))
                .containsExactly("415");
    }

    @Test
    void opensWhatTheSecondKeySealed(@TempDir Path own) throws IOException {
        try (var service = new SignedInService(own)) {
            String old = Files.readString(service.keysFile());
            String cookie = service.cookie("ana", inAnHour());

            service.writeKeys(key(), old);

            awaitNewKeys(service);
            assertThat(statuses(service.get("/users/ana", cookie))).containsExactly("200");
        }
    }

    @Test
    void refusesWhatAKeySealedThatIsGone(@TempDir Path own) throws IOException {
        try (var service = new SignedInService(own)) {
            String cookie = service.cookie("ana", inAnHour());
            assertThat(statuses(service.get("/users/ana", cookie))).containsExactly("200");

            service.writeKeys(key());

            awaitNewKeys(service);
            assertThat(statuses(service.get("/users/ana", cookie))).containsExactly("401");
        }
    }

    /// As on two machines, of which one seals with the new key before the other does.
    @Test
    void signsNobodyOutWhileItsKeysAreRolled(@TempDir Path own) throws Exception {
        try (var service = new SignedInService(own);
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            String old = Files.readString(service.keysFile());
            String now = key();
            var isDone = new AtomicBoolean();
            String early = service.cookie("ana", inAnHour());
            Future<Set<String>> answers =
                    clients.submit(() -> {
                        var seen = new HashSet<String>();
                        while (!isDone.get()) {
                            seen.addAll(statuses(service.get("/users/ana", early)));
                        }
                        return seen;
                    });
            Path newOnly = Files.writeString(own.resolve("new"), now);
            var seal = new Seal(new SecretKeys("keys", newOnly));
            String late = seal.seal(Session.PURPOSE, new Session("bo", false, inAnHour()).json());

            service.writeKeys(old, now);
            service.awaitStatus(
                    "/users/bo", "Cookie: " + Session.COOKIE + '=' + late + "\r\n", "200");
            service.writeKeys(now, old);
            String begun = "";
            while (seal.open(Transaction.PURPOSE, begun).isEmpty()) {
                begun =
                        header("Set-Cookie", service.get("/auth/login", ""))
                                .replaceFirst("^[^=]+=([^;]+).*", "$1");
            }
            isDone.set(true);

            assertThat(answers.get()).containsExactly("200");
        }
    }

    @Test
    void keepsTheLastKeysWhileTheFileIsSpoilt(@TempDir Path own) throws IOException {
        try (var service = new SignedInService(own);
                var log = new LogRecorder("todomanager")) {
            String cookie = service.cookie("ana", inAnHour());

            service.writeKeys("spoilt");

            while (log.lines().stream().noneMatch(line -> line.contains("last keys stay"))) {
                assertThat(statuses(service.get("/users/ana", cookie))).containsExactly("200");
            }
            assertThat(statuses(service.get("/users/ana", cookie))).containsExactly("200");
            assertThat(log.lines()).noneMatch(line -> line.contains("spoilt"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT"})
    void signsNobodyOutByAnyOtherMethod(String method) {
        assertThat(statuses(service.wire.exchange(method, "/auth/logout"))).containsExactly("405");
    }

    @Test
    void signsOutWithTheProviderToo() {
        String answer =
                service.wire.exchange(
                        "POST",
                        "/auth/logout",
                        service.cookie("ana", inAnHour()) + "Sec-Fetch-Site: same-origin\r\n");

        assertThat(header("Set-Cookie", answer)).startsWith("__Host-session=; Path=/; Max-Age=0;");
        assertThat(problem(answer).getString("location"))
                .isEqualTo(
                        service.provider.endpoint("/end")
                                + "?client_id=todo-manager&post_logout_redirect_uri=http%3A%2F%2Flocalhost%2F");
    }

    @Test
    void letsNoOtherPageSignAnybodyOut() {
        String answer =
                service.wire.exchange(
                        "POST",
                        "/auth/logout",
                        service.cookie("ana", inAnHour()) + "Sec-Fetch-Site: same-site\r\n");

        assertThat(statuses(answer)).containsExactly("403");
        assertThat(answer).doesNotContain("Set-Cookie");
    }

    /// Until what only new keys open is opened.
    private static void awaitNewKeys(SignedInService service) {
        var seal = new Seal(new SecretKeys("keys", service.keysFile()));
        String cookie = seal.seal(Session.PURPOSE, new Session("bo", false, inAnHour()).json());
        service.awaitStatus(
                "/users/bo", "Cookie: " + Session.COOKIE + '=' + cookie + "\r\n", "200");
    }

    private static String status(String cookie) {
        return status("/users/ana", cookie);
    }

    private static String status(String path, String cookie) {
        return statuses(
                        service.get(
                                path,
                                "Cookie: " + Session.COOKIE + '=' + Wire.utf8(cookie) + "\r\n"))
                .getFirst();
    }

    private static String write(String method, String path, String headers) {
        return statuses(service.wire.send(request(method, path, headers + JSON))).getFirst();
    }

    private static String request(String method, String path, String headers) {
        String body = method.equals("PUT") ? "{\"name\":\"Ana\"}" : "{}";
        return Wire.request(
                        method,
                        path,
                        headers.replace("Length: 2", "Length: " + body.length())
                                + "Connection: close\r\n")
                + body;
    }

    private static Instant inAnHour() {
        return Instant.now().plusSeconds(3600);
    }
}
