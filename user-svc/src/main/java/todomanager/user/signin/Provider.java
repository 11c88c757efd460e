package todomanager.user.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.Status;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import todomanager.http.Problem;
import todomanager.text.SafeText;

/// The OpenID provider, as it describes itself (OpenID Connect Discovery). Nothing of its tokens is
/// kept, and nothing that it answers is logged.
final class Provider implements AutoCloseable {
    private static final Logger LOG = System.getLogger("todomanager");
    private static final Duration PATIENCE = Duration.ofSeconds(2); // for a whole answer
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1); // while it is away
    private static final int LARGEST = 256 << 10; // bytes of an answer

    private final URI issuer;
    private final String clientId;
    private final Path secretFile;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile @Nullable Endpoints endpoints;
    private @Nullable IOException failure;
    private long nextLook;
    private @Nullable CompletableFuture<Void> soon;

    /// Where it has what.
    ///
    /// @param end where people sign out there, if they can
    /// @param namesItself whether it says who it is when it sends people back (RFC 9207)
    /// @param takesBasic whether it takes the secret in a header, and not in the body
    record Endpoints(
            URI authorization,
            URI token,
            URI keys,
            Optional<URI> end,
            boolean namesItself,
            boolean takesBasic) {}

    /// @param secretFile which has the client's secret alone, and is read for each sign-in
    Provider(URI issuer, String clientId, Path secretFile) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.secretFile = secretFile;
    }

    /// Looks at it soon, which logs what is wrong with it before somebody wants to sign in. Not at
    /// once: on one processor the first answer after a start would take 150 ms longer.
    void lookSoon() {
        soon =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                discover();
                            } catch (IOException e) {
                                // logged, and tried again when somebody signs in
                            }
                        },
                        CompletableFuture.delayedExecutor(
                                1, TimeUnit.SECONDS, Thread::startVirtualThread));
    }

    @Override
    public void close() {
        if (soon != null) {
            soon.cancel(false);
        }
    }

    /// @throws Problem 503 if it can't be asked now
    Endpoints endpoints() {
        try {
            return discover();
        } catch (IOException e) {
            throw away(e);
        }
    }

    /// @throws IOException if it can't be asked now; that is tried once a second at most
    Endpoints discover() throws IOException {
        Endpoints known = endpoints;
        if (known != null) {
            return known;
        }
        looking.lock();
        try {
            known = endpoints;
            if (known == null) {
                known = look();
                endpoints = known;
            }
            return known;
        } finally {
            looking.unlock();
        }
    }

    private Endpoints look() throws IOException {
        IOException last = failure;
        if (last != null && System.nanoTime() - nextLook < 0) {
            throw last;
        }
        try {
            Endpoints found = read(get(URI.create(base() + "/.well-known/openid-configuration")));
            if (last != null) {
                LOG.log(Level.INFO, "oidc.issuer = {0}: the provider is there", issuer);
            }
            return found;
        } catch (IOException e) {
            if (last == null || !String.valueOf(last.getMessage()).equals(e.getMessage())) {
                LOG.log(Level.WARNING, "oidc.issuer = {0}: {1}", issuer, e.getMessage());
            }
            failure = e;
            nextLook = System.nanoTime() + BETWEEN_LOOKS.toNanos();
            throw e;
        }
    }

    private String base() {
        return issuer.toString().replaceFirst("/$", "");
    }

    private Endpoints read(byte[] json) throws IOException {
        try {
            JsonObject found = object(json);
            String itself = found.getString("issuer", "");
            if (!issuer.toString().equals(itself)) {
                throw new IOException(
                        "the provider there calls itself %s; set oidc.issuer to exactly that"
                                .formatted(SafeText.quoted(itself)));
            }
            var methods = found.getJsonArray("token_endpoint_auth_methods_supported");
            return new Endpoints(
                    endpoint(found, "authorization_endpoint"),
                    endpoint(found, "token_endpoint"),
                    endpoint(found, "jwks_uri"),
                    found.get("end_session_endpoint") instanceof JsonString
                            ? Optional.of(endpoint(found, "end_session_endpoint"))
                            : Optional.empty(),
                    found.getBoolean("authorization_response_iss_parameter_supported", false),
                    methods == null
                            || methods.getValuesAs(JsonString::getString)
                                    .contains("client_secret_basic"));
        } catch (ClassCastException | IllegalArgumentException e) {
            throw new IOException("the provider there describes itself in no usable way", e);
        }
    }

    /// Keys and secrets go by TLS, if the issuer does.
    private URI endpoint(JsonObject found, String name) throws IOException {
        URI endpoint = URI.create(found.getString(name, ""));
        boolean isSafe =
                issuer.getScheme().equalsIgnoreCase(endpoint.getScheme())
                        || "https".equalsIgnoreCase(endpoint.getScheme());
        if (!isSafe || endpoint.getHost() == null) {
            throw new IOException("the provider there has no usable " + name);
        }
        return endpoint;
    }

    /// Exchanges a code for the token that says who somebody is.
    ///
    /// @throws Problem 400 if the provider does not take the code, 503 if it can't be asked now
    String idToken(String code, String verifier, String redirectUri) {
        Endpoints known = endpoints();
        try {
            String secret = Files.readString(secretFile).strip();
            var form =
                    Map.of(
                            "grant_type", "authorization_code",
                            "code", code,
                            "code_verifier", verifier,
                            "redirect_uri", redirectUri,
                            "client_id", clientId);
            var request = HttpRequest.newBuilder(known.token());
            String body = form(form);
            if (known.takesBasic) {
                String pair = encoded(clientId) + ':' + encoded(secret);
                request.header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
            } else {
                body += '&' + form(Map.of("client_secret", secret));
            }
            HttpResponse<byte[]> answer =
                    send(
                            request.header("Content-Type", "application/x-www-form-urlencoded")
                                    .header("Accept", "application/json")
                                    .POST(BodyPublishers.ofString(body)));
            if (answer.statusCode() == 400) {
                throw Reason.CALLBACK.problem(
                        Status.BAD_REQUEST_400,
                        "The provider does not take the code, which is good once: sign in again.");
            }
            if (answer.statusCode() == 200) {
                return object(answer.body()).getString("id_token");
            }
            throw new IOException(
                    "the provider answers %d to a code; check the client's id and secret"
                            .formatted(answer.statusCode()));
        } catch (IOException e) {
            throw away(e);
        } catch (ClassCastException | NullPointerException e) {
            throw away(new IOException("the provider's answer to a code has no token", e));
        }
    }

    private static Problem away(IOException e) {
        return Reason.PROVIDER.problem(
                Status.SERVICE_UNAVAILABLE_503,
                "Nobody can sign in now, as the provider gives no usable answer: try again in a moment.",
                e);
    }

    static byte[] get(URI uri) throws IOException {
        HttpResponse<byte[]> answer =
                send(HttpRequest.newBuilder(uri).header("Accept", "application/json"));
        if (answer.statusCode() != 200) {
            throw new IOException(uri + " answers " + answer.statusCode());
        }
        return answer.body();
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
        HttpRequest asked = request.build();
        // one for each of these, which are rare: a start would take a fifth longer with it
        HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(PATIENCE)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
        try {
            return client.sendAsync(
                            asked, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST))
                    .get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException(asked.uri() + " does not answer within " + PATIENCE, e);
        } catch (ExecutionException e) {
            boolean isUnknown =
                    e.getCause() instanceof ConnectException refused
                            && refused.getCause() instanceof UnresolvedAddressException;
            String why = isUnknown ? "no host has that name" : String.valueOf(e.getCause());
            throw new IOException(asked.uri() + " can't be asked: " + why, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while it was asked", e);
        } finally {
            client.shutdownNow();
        }
    }

    private static JsonObject object(byte[] json) throws IOException {
        try (var reader = Json.createReader(new ByteArrayInputStream(json))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw new IOException("the provider's answer is no JSON", e);
        }
    }

    static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> encoded(parameter.getKey()) + '=' + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
