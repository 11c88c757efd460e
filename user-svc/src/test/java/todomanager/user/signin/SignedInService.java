package todomanager.user.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.statuses;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import todomanager.auth.SecretKeys;
import todomanager.service.StartFailure;
import todomanager.testkit.StubTodoService;
import todomanager.testkit.Wire;
import todomanager.user.Main;

/// user-svc with sign-in, the provider that it asks, and a todo-svc that answers whatever it is
/// asked.
final class SignedInService implements AutoCloseable {
    static final String USERS =
            """
            {"ana": {"id": 1, "name": "Ana", "verified": 1},
             "bo": {"id": 2, "name": "Bo", "verified": 1},
             "service-account-todo-manager": {"id": 3, "name": "No person", "verified": 0}}
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);

    final LyingProvider provider = new LyingProvider();
    final StubTodoService todoService = new StubTodoService();
    final Wire wire;
    final Path folder;
    private final Seal seal;
    private final WebServer server;

    /// @param settings further ones, in YAML
    /// @param state of the provider at the start
    SignedInService(Path folder, String settings, Consumer<LyingProvider> state) {
        this.folder = folder;
        state.accept(provider);
        todoService.answers("200 OK", "application/json", "{\"home\":[\"Buy milk\"]}");
        try {
            Files.writeString(folder.resolve("users.json"), USERS);
            Files.writeString(folder.resolve("secret"), LyingProvider.SECRET + '\n');
            writeKeys(key());
            String signIn =
                    """
                    todo: {uri: '%2$s'}
                    oidc: {issuer: '%3$s', client-id: %4$s, client-secret-file: '%1$s/secret'}
                    session.keys-file: '%1$s/keys'
                    """
                            .formatted(
                                    folder,
                                    todoService.uri(),
                                    provider.issuer(),
                                    LyingProvider.CLIENT);
            this.server = configured(folder, signIn + settings).build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (StartFailure e) {
            throw new AssertionError(e);
        }
        this.seal = new Seal(new SecretKeys("keys", keysFile()));
        this.wire = new Wire(server.port());
    }

    SignedInService(Path folder, String settings) {
        this(folder, settings, _ -> {});
    }

    SignedInService(Path folder) {
        this(folder, "");
    }

    /// The service as these settings, in YAML, have it, with the users of a folder.
    static WebServerConfig.Builder configured(Path folder, String settings)
            throws IOException, StartFailure {
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"),
                        """
                        server: {port: 0, sockets: {admin: {port: 0}}}
                        data: {path: '%s/users.json', poll: PT0S}
                        %s
                        """
                                .formatted(folder, settings));
        var builder = WebServer.builder();
        Main.SERVICE.configure(builder, Main.SERVICE.configuration("--config", config.toString()));
        return builder;
    }

    static String key() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    Path keysFile() {
        return folder.resolve("keys");
    }

    void writeKeys(String... keys) throws IOException {
        Files.writeString(keysFile(), String.join("\n", keys));
    }

    String host() {
        return "http://localhost";
    }

    String get(String path, String headers) {
        return wire.exchange("GET", path, headers);
    }

    /// The status of a GET with a token.
    String status(String path, String token) {
        return statuses(get(path, "Authorization: Bearer " + token + "\r\n")).getFirst();
    }

    /// Asks until that is the status.
    void awaitStatus(String path, String headers, String status) {
        long begin = System.nanoTime();
        String answer = get(path, headers);
        while (!statuses(answer).contains(status)) {
            assertThat(System.nanoTime() - begin).as(answer).isLessThan(PATIENCE.toNanos());
            LockSupport.parkNanos(POLL.toNanos());
            answer = get(path, headers);
        }
    }

    /// A session as the service seals it.
    String cookie(String username, Instant end) {
        return "Cookie: " + Session.COOKIE + '=' + sealed(username, end) + "\r\n";
    }

    String sealed(String username, Instant end) {
        return seal.seal(Session.PURPOSE, new Session(username, false, end).json());
    }

    @Override
    public void close() throws IOException {
        server.stop();
        provider.close();
        todoService.close();
    }
}
