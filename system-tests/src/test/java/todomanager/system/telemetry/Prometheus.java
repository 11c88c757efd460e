package todomanager.system.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import todomanager.testkit.Http;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;
import todomanager.testkit.process.Tool;

/// A Prometheus that reads the metrics of services of this machine each second, and follows rules.
final class Prometheus implements AutoCloseable {
    /// What a cluster's PodMonitor makes of a pod.
    static final String NAMESPACE = "todo-manager";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Instant start = Instant.now();
    private final Path log;
    private final URI uri;
    private final Process process;

    /// What a query has for an answer: the labels of each series, and its values, but for NaN.
    record Series(Map<String, String> labels, List<Double> values) {}

    /// A rule as Prometheus understands it; the name is that of its series, if it records one.
    record Rule(String name, boolean isAlert, String query, String error) {}

    /// Runs promtool, and answers what it says.
    ///
    /// @throws AssertionError with that, if it finds anything wrong
    static String tool(String... arguments) throws IOException, InterruptedException {
        String promtool = Tool.require("promtool", "prometheus");
        Process process =
                new ProcessBuilder(
                                Stream.concat(Stream.of(promtool), Stream.of(arguments)).toList())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(output);
        }
        return output;
    }

    /// Starts one with its files in a folder, and waits until it has read each service's metrics.
    Prometheus(Path folder, Map<String, Serving> services, Path rules) throws IOException {
        Path own = Files.createTempDirectory(folder, "prometheus");
        log = own.resolve("log");
        uri = URI.create("http://127.0.0.1:" + ServiceProcess.freePort());
        Path configuration =
                Files.writeString(
                        own.resolve("prometheus.yaml"),
                        """
                        global: {scrape_interval: 1s, evaluation_interval: 1s}
                        rule_files: ['%s']
                        scrape_configs:
                        """
                                        .formatted(rules)
                                + services.entrySet().stream()
                                        .map(of -> scrape(of.getKey(), of.getValue()))
                                        .collect(Collectors.joining()));
        process =
                new ProcessBuilder(
                                Tool.require("prometheus", "prometheus"),
                                "--config.file=" + configuration,
                                "--storage.tsdb.path=" + own.resolve("data"),
                                "--web.listen-address=" + uri.getAuthority(),
                                "--log.level=warn")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            await("up == 1", services.size());
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    private static String scrape(String job, Serving service) {
        return """
        - job_name: %s
          metrics_path: /observe/metrics
          static_configs: [{targets: ['%s'], labels: {namespace: %s, pod: %s-0}}]
        """
                .formatted(job, service.admin().getAuthority(), NAMESPACE, job);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        ended(PATIENCE);
    }

    /// Waits until a query has an answer.
    void await(String query) throws IOException {
        await(query, 1);
    }

    private void await(String query, int series) throws IOException {
        if (!holds(() -> answers(query) >= series)) {
            throw new AssertionError("no answer: " + query + "; " + Files.readString(log));
        }
    }

    private int answers(String query) {
        try {
            return now(query).size();
        } catch (IOException e) {
            return 0; // it starts
        }
    }

    /// Whether a condition is met before long.
    boolean holds(BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < PATIENCE.toNanos()) {
            if (condition.getAsBoolean()) {
                return true;
            }
            if (ended(Duration.ofMillis(200))) {
                break;
            }
        }
        return false;
    }

    private boolean ended(Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// What a query has for an answer at this moment.
    List<Series> now(String query) throws IOException {
        return series(get("query?query=" + encoded(query)), "value");
    }

    /// What a query has had for an answer in each second since the start.
    List<Series> sinceStart(String query) throws IOException {
        String range =
                "&start=%d&end=%d&step=1s"
                        .formatted(start.getEpochSecond(), Instant.now().getEpochSecond());
        return series(get("query_range?query=" + encoded(query) + range), "values");
    }

    private static List<Series> series(JsonObject data, String values) {
        return data.getJsonArray("result").getValuesAs(JsonObject.class).stream()
                .map(one -> new Series(labels(one), values(one, values)))
                .filter(one -> !one.values.isEmpty())
                .toList();
    }

    private static Map<String, String> labels(JsonObject series) {
        return series.getJsonObject("metric").entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey, of -> ((JsonString) of.getValue()).getString()));
    }

    private static List<Double> values(JsonObject series, String name) {
        var pairs = series.getJsonArray(name);
        var values =
                pairs.getFirst() instanceof JsonNumber
                        ? Stream.of(pairs.getString(1))
                        : pairs.stream().map(pair -> pair.asJsonArray().getString(1));
        return values.map(Prometheus::number).filter(value -> !value.isNaN()).toList();
    }

    private static Double number(String text) {
        return Double.valueOf(text.replace("Inf", "Infinity"));
    }

    List<Rule> rules() throws IOException {
        return get("rules").getJsonArray("groups").getValuesAs(JsonObject.class).stream()
                .flatMap(
                        group -> group.getJsonArray("rules").getValuesAs(JsonObject.class).stream())
                .map(rule ->
                        new Rule(
                                rule.getString("name"),
                                rule.getString("type").equals("alerting"),
                                rule.getString("query"),
                                rule.getString("lastError", "")))
                .toList();
    }

    /// @throws IOException if it does not listen yet, or listens and is not ready: then it answers
    ///   503 with plain text
    /// @throws AssertionError with what Prometheus says is wrong
    private JsonObject get(String resource) throws IOException {
        try {
            var response = Http.get(uri.resolve("/api/v1/" + resource));
            String body = response.body();
            if (response.statusCode() == 503) {
                throw new IOException(body);
            }
            try (var reader = Json.createReader(new StringReader(body))) {
                JsonObject answer = reader.readObject();
                if (!answer.getString("status").equals("success")) {
                    throw new AssertionError(body);
                }
                return answer.getJsonObject("data");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String encoded(String query) {
        return URLEncoder.encode(query, UTF_8);
    }
}
