package todomanager.system.page.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.Tool;

/// A provider with whom people sign in: aniket and alice, each with `NAME-secret`.
final class Keycloak implements AutoCloseable {
    static final String CLIENT = "todo-manager";
    static final String SECRET = "test-only-secret";

    /// Who a client is that asks for itself.
    static final String PROGRAM = "service-account-" + CLIENT;

    private static final Duration FRESH = Duration.ofMinutes(4); // of the five of a token

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Token> tokens = new HashMap<>();
    private final URI issuer;

    private record Token(String value, Instant end) {}

    private Keycloak(Process process, URI issuer) {
        this.process = process;
        this.issuer = issuer;
    }

    /// Starts one by the script that the property `keycloak` names, which takes a minute of a
    /// processor.
    static Keycloak start() {
        String script = Tool.property("keycloak", "SCRIPT");
        try {
            var port = Integer.toString(ServiceProcess.freePort());
            var builder =
                    new ProcessBuilder(ServiceProcess.ROOT.resolve(script).toString(), port)
                            .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            Process process = builder.start();
            BufferedReader output = process.inputReader(UTF_8);
            String issuer = output.readLine();
            if (issuer == null) {
                throw new AssertionError("Keycloak does not start by " + script);
            }
            return new Keycloak(process, URI.create(issuer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI issuer() {
        return issuer;
    }

    /// How all of its addresses begin.
    String origin() {
        return issuer.resolve("/").toString();
    }

    /// A token by which that user may use the API.
    String token(String username) {
        Token known = tokens.get(username);
        if (known == null || known.end.isBefore(Instant.now())) {
            known = new Token(fetch(username), Instant.now().plus(FRESH));
            tokens.put(username, known);
        }
        return known.value;
    }

    private String fetch(String username) {
        String form =
                username.equals(PROGRAM)
                        ? "grant_type=client_credentials&client_id=%s&client_secret=%s"
                                .formatted(CLIENT, SECRET)
                        : "grant_type=password&client_id=todo-cli&username=%1$s&password=%1$s-secret"
                                .formatted(username);
        var request =
                HttpRequest.newBuilder(URI.create(issuer + "/protocol/openid-connect/token"))
                        .POST(BodyPublishers.ofString(form))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .build();
        try {
            String json = client.send(request, BodyHandlers.ofString()).body();
            try (var reader = Json.createReader(new StringReader(json))) {
                return reader.readObject().getString("access_token");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The script ends it when it is told to.
    @Override
    public void close() {
        client.close();
        process.destroy();
    }
}
