package todomanager.system.page.signin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import todomanager.system.page.Services;

/// What nobody may find in what the services tell of themselves: keys, passwords, tokens, cookies,
/// and what the provider puts into an address. Takes in the services' traces, too.
final class Secrets implements AutoCloseable {
    private static final Pattern PARAMETER =
            Pattern.compile("[?&](?:code|state|nonce|code_challenge|id_token_hint)=([^&#]+)");
    private static final int SHORTEST = 12; // characters, or it is found by chance

    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    private final Queue<String> traces = new ConcurrentLinkedQueue<>();
    private final HttpServer collector;

    Secrets() {
        try {
            collector =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        collector.createContext(
                "/",
                exchange -> {
                    traces.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        collector.start();
    }

    /// What has the services tell as much of themselves as they can.
    Map<String, String> settings() {
        return Map.of(
                "LOG_ACCESS", "true",
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                        "http://localhost:" + collector.getAddress().getPort(),
                "OTEL_EXPORTER_OTLP_COMPRESSION", "none");
    }

    String add(String secret) {
        if (secret.length() >= SHORTEST) {
            secrets.add(secret);
        }
        return secret;
    }

    void addOfAddress(String address) {
        Matcher parameter = PARAMETER.matcher(address);
        while (parameter.find()) {
            add(parameter.group(1));
        }
    }

    /// Sends each of them to where it does not belong, and looks for all of them in the answers,
    /// the log, the metrics and the traces. Ends the services.
    void requireNone(Services services) throws IOException, InterruptedException {
        assertThat(secrets).hasSizeGreaterThan(10);
        var told = new TreeMap<String, String>();
        told.put("answers", misused(services.uri()));
        told.put("metrics", services.metrics());
        told.put("log", services.stop());
        told.put("traces", String.join("\n", traces));
        assertThat(told.get("answers")).contains("\"status\":400", "\"status\":401");
        assertThat(told.get("metrics")).contains("sign_in_refusals_total");
        assertThat(told.get("log")).contains("/auth/callback", "/users/");
        assertThat(told.get("traces")).contains("/auth/callback", "todo-svc");
        System.out.printf(
                "%d secrets of sign-in searched in %s%n",
                secrets.size(),
                told.entrySet().stream()
                        .map(text ->
                                "%s (%d characters)"
                                        .formatted(text.getKey(), text.getValue().length()))
                        .toList());
        told.forEach((where, text) -> assertThat(secrets).as(where).noneMatch(text::contains));
    }

    private String misused(URI service) throws IOException, InterruptedException {
        var answers = new StringBuilder();
        try (var client = HttpClient.newHttpClient()) {
            for (String secret : secrets) {
                for (var request :
                        Set.of(
                                HttpRequest.newBuilder(
                                        service.resolve(
                                                "/auth/callback?code=%1$s&state=%1$s"
                                                        .formatted(Services.encoded(secret)))),
                                HttpRequest.newBuilder(service.resolve("/auth/me"))
                                        .header("Authorization", "Bearer " + secret + 'x'),
                                HttpRequest.newBuilder(service.resolve("/auth/me"))
                                        .header("Cookie", "__Host-session=" + secret + 'x'))) {
                    answers.append(client.send(request.build(), BodyHandlers.ofString()).body());
                }
            }
        }
        return answers.toString();
    }

    @Override
    public void close() {
        collector.stop(0);
    }
}
