package todomanager.system.telemetry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.system.telemetry.Prometheus.Rule;
import todomanager.system.telemetry.Prometheus.Series;
import todomanager.testkit.Answer;
import todomanager.testkit.Load;
import todomanager.testkit.process.PostgreSql;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// What `k8s/monitoring` brings along, as its readers take it: rules and alerts as promtool and
/// Prometheus do, the dashboard's queries as Grafana asks them, the runbook as people look for it.
@Tag("system")
@Timeout(420)
class MonitoringIT {
    private static final Path MONITORING = ServiceProcess.ROOT.resolve("k8s/monitoring");
    private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");
    private static final Pattern TESTED_ALERT =
            Pattern.compile("alertname: (\\w+),?\\s+exp_alerts:(.*)");
    private static final Pattern RUNBOOK_URL =
            Pattern.compile("runbook_url: docs/operations.md#(\\w+)");
    private static final Pattern RUNBOOK_SECTION = Pattern.compile("(?m)^### (\\w+)$");
    private static final Pattern SELECTOR =
            Pattern.compile("\\w+(?::\\w+)+|\\w+\\{[^}]*\\}"); // of what is recorded, and of others

    @TempDir private Path folder;

    private final List<Serving> started = new ArrayList<>();

    /// Of a panel of the dashboard, or of a rule.
    private record Query(String where, String promql) {}

    /// A query, and all that it has had for an answer.
    private record Asked(Query query, List<Series> answer) {
        @Override
        public String toString() {
            double most =
                    answer.stream()
                            .flatMap(series -> series.values().stream())
                            .mapToDouble(Double::doubleValue)
                            .max()
                            .orElse(Double.NaN);
            return String.format(
                    Locale.ROOT,
                    "%s: %d series, up to %.4g: %s",
                    query.where,
                    answer.size(),
                    most,
                    query.promql);
        }
    }

    @Test
    void alertsFireWhenTheyShouldAndOnlyThen() throws Exception {
        String withSummary = rules().replaceAll("\n +description:(?s:.*?)runbook_url.*", "");
        Files.writeString(folder.resolve("rules.yaml"), withSummary);
        Path tests = folder.resolve("test.yaml");
        Files.writeString(tests, tests());
        System.out.println("Alerts: " + Prometheus.tool("test", "rules", tests.toString()).strip());

        for (String alert : new LinkedHashSet<>(all(ALERT, rules()))) {
            List<String> expected =
                    TESTED_ALERT
                            .matcher(tests())
                            .results()
                            .filter(tested -> tested.group(1).equals(alert))
                            .map(tested -> tested.group(2))
                            .toList();
            long silent = expected.stream().filter(" []}"::equals).count();
            System.out.printf(
                    "Alerts: %s: fires in %d cases, silent in %d%n",
                    alert, expected.size() - silent, silent);
            assertThat(silent).as(alert).isBetween(1L, expected.size() - 1L);
        }
    }

    @Test
    void eachAlertNamesItsSectionOfTheRunbook() throws IOException {
        List<String> alerts = all(ALERT, rules());
        List<String> urls = all(RUNBOOK_URL, rules());
        String runbook = operations().replaceFirst("(?s).*\n## Alerts\n(.*?)(\n## .*|$)", "$1");
        List<String> sections = all(RUNBOOK_SECTION, runbook);

        assertThat(urls)
                .isEqualTo(alerts.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
        assertThat(sections).containsExactlyElementsOf(alerts.stream().distinct().toList());
    }

    /// The services do all that there are metrics of. Then neither the dashboard nor a rule asks
    /// for what they do not tell.
    @Test
    void noQueryOfTheDashboardOrTheRulesIsWithoutAnAnswer() throws Exception {
        Path users = copy("users.json");
        Map<String, String> ports = ports();
        Path rules = Files.writeString(folder.resolve("rules.yaml"), rules());
        try {
            Serving todo = start("todo-svc", copy("todo.json"), ports);
            var toTodo = new HashMap<>(ports());
            toTodo.put("TODO_URI", todo.uri().toString());
            Serving user = start("user-svc", users, toTodo);
            var services = Map.of("todo-svc", todo, "user-svc", user);
            try (var prometheus = new Prometheus(folder, services, rules);
                    var toUsers =
                            load(user, "/users", "/users/aniket", "/users/aniket/lists", "/");
                    var toTodos = load(todo, "/lists", "/lists/aniket", "/nope")) {
                prometheus.await("http_server_requests_seconds_count{uri=\"/lists\"} > 0");
                write(user, "/users/ana", "{\"name\": \"Ana\"}");
                write(todo, "/lists/ana/home/items/x1", "{\"title\": \"Water\"}");
                serveBadDocumentAndBack(users, prometheus);
                sendGarbage(user);
                stopAndStart(todo, ports, prometheus);
                overload(user, started.getLast(), prometheus);
                user.process().stop();
                signInWithoutAProvider(start("user-svc", users, withSignIn(toTodo)), prometheus);
                assertThat(prometheus.holds(() -> unanswered(prometheus).isEmpty()))
                        .as(() -> String.join("\n", unanswered(prometheus)))
                        .isTrue();
                asked(prometheus).forEach(asked -> System.out.println("Queries: " + asked));
                System.out.println("Queries: users: " + toUsers.stop());
                System.out.println("Queries: todos: " + toTodos.stop());
            }
        } finally {
            started.forEach(Serving::close);
        }
    }

    private static Map<String, String> ports() throws IOException {
        return Map.of(
                "SERVER_PORT", Integer.toString(ServiceProcess.freePort()),
                "SERVER_SOCKETS_ADMIN_PORT", Integer.toString(ServiceProcess.freePort()));
    }

    private Path copy(String document) throws IOException {
        Path shipped = ServiceProcess.ROOT.resolve("database").resolve(document);
        return Files.copy(shipped, folder.resolve(document));
    }

    private Serving start(String service, Path data, Map<String, String> environment)
            throws IOException {
        var all = new HashMap<>(environment);
        all.put("DATA_PATH", data.toString());
        all.put("DATA_WRITABLE", "true");
        all.put("DATA_POLL", "PT0.1S");
        Serving serving = ServiceProcess.start(service, all);
        started.add(serving);
        return serving;
    }

    private static Load load(Serving service, String... paths) {
        var plan =
                new Load.Plan(
                        service.uri().getPort(),
                        4,
                        1_000_000,
                        Duration.ofMinutes(7),
                        k -> paths[k % paths.length]);
        return Load.start(plan.withRate(100));
    }

    private static void write(Serving service, String path, String body) throws Exception {
        var request =
                HttpRequest.newBuilder(service.uri().resolve(path))
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(body));
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(request.build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        }
    }

    private static void serveBadDocumentAndBack(Path data, Prometheus prometheus)
            throws IOException {
        String good = Files.readString(data);
        Files.writeString(data, "{");
        prometheus.await("data_last_reload_successful{job=\"user-svc\"} == 0");
        Files.writeString(data, good + " ");
        prometheus.await("data_last_reload_successful{job=\"user-svc\"} == 1");
    }

    private static void sendGarbage(Serving service) throws IOException {
        int port = service.uri().getPort();
        try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream().write("garbage\r\n\r\n".getBytes(US_ASCII));
            assertThat(Answer.read(client.getInputStream()).status()).isEqualTo(400);
        }
    }

    /// From then on its data is in a database.
    private void stopAndStart(Serving todo, Map<String, String> ports, Prometheus prometheus)
            throws Exception {
        todo.process().stop();
        prometheus.await(
                "rate(http_client_requests_seconds_count{outcome=\"UNREACHABLE\"}[5s]) > 0");
        Path document = folder.resolve("todo.json");
        var environment = new HashMap<>(ports);
        environment.put("DATA_STORE", "postgresql");
        environment.put("DATA_URL", PostgreSql.database());
        environment.put("DATA_USERNAME", PostgreSql.USERNAME);
        ServiceProcess.run("todo-svc", environment, "migrate");
        ServiceProcess.run("todo-svc", environment, "import", document.toString());
        Serving again = start("todo-svc", document, environment);
        write(again, "/lists/ana/home/items/x2", "{\"title\": \"Sleep\"}");
        prometheus.await("rate(http_client_requests_seconds_count{outcome=\"SUCCESS\"}[5s]) > 0");
    }

    /// More clients at once than a resource has room for, while todo-svc is silent.
    private static void overload(Serving user, Serving todo, Prometheus prometheus)
            throws Exception {
        var plan =
                new Load.Plan(
                        user.uri().getPort(),
                        400,
                        1_000_000,
                        Duration.ofSeconds(30),
                        k -> "/users/aniket/lists");
        todo.process().pause();
        try (var _ = Load.start(plan)) {
            prometheus.await("http_server_requests_shed_total > 0");
        } finally {
            todo.process().resume();
        }
    }

    /// The same with a provider that is away.
    private Map<String, String> withSignIn(Map<String, String> environment) throws IOException {
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        Path keys = Files.writeString(folder.resolve("keys"), key);
        var all = new HashMap<>(environment);
        all.put("OIDC_ISSUER", "http://127.0.0.1:1");
        all.put("OIDC_CLIENT_ID", "todo-manager");
        all.put("OIDC_CLIENT_SECRET_FILE", keys.toString());
        all.put("SESSION_KEYS_FILE", keys.toString());
        return all;
    }

    private static void signInWithoutAProvider(Serving user, Prometheus prometheus)
            throws Exception {
        var request = HttpRequest.newBuilder(user.uri().resolve("/auth/login"));
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(request.build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        }
        prometheus.await("sign_in_refusals_total{reason=\"provider\"} > 0");
    }

    private static List<String> unanswered(Prometheus prometheus) {
        try {
            return asked(prometheus).stream()
                    .filter(asked -> asked.answer.isEmpty())
                    .map(Asked::toString)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Asked> asked(Prometheus prometheus) throws IOException {
        var queries = panels();
        for (Rule rule : prometheus.rules()) {
            assertThat(rule.error()).as(rule.toString()).isEmpty();
            if (rule.isAlert()) { // whose own answer is empty while all is well
                all(SELECTOR, rule.query())
                        .forEach(selector ->
                                queries.add(new Query("alert " + rule.name(), selector)));
            } else {
                queries.add(new Query("rule", rule.name()));
            }
        }
        var asked = new ArrayList<Asked>();
        for (Query query : queries) {
            asked.add(new Asked(query, prometheus.sinceStart(query.promql())));
        }
        return asked;
    }

    private static List<Query> panels() throws IOException {
        var queries = new ArrayList<Query>();
        Path dashboard = MONITORING.resolve("dashboard.json");
        try (var reader = Json.createReader(Files.newBufferedReader(dashboard))) {
            for (JsonObject panel : objects(reader.readObject(), "panels")) {
                for (JsonObject target : objects(panel, "targets")) {
                    String query =
                            target.getString("expr")
                                    .replace("$__rate_interval", "10s")
                                    .replace("$namespace", Prometheus.NAMESPACE);
                    assertThat(query).doesNotContain("$");
                    queries.add(new Query("panel " + panel.getString("title"), query));
                }
            }
        }
        return queries;
    }

    private static List<JsonObject> objects(JsonObject parent, String name) {
        return parent.containsKey(name)
                ? parent.getJsonArray(name).getValuesAs(JsonObject.class)
                : List.of();
    }

    private static String rules() throws IOException {
        String resource = Files.readString(MONITORING.resolve("prometheusrule.yaml"));
        String spec = "\nspec:\n"; // which is the content of a rule file
        return resource.substring(resource.indexOf(spec) + spec.length()).stripIndent();
    }

    private static String tests() throws IOException {
        return Files.readString(MONITORING.resolve("prometheusrule.test.yaml"));
    }

    private static String operations() throws IOException {
        return Files.readString(ServiceProcess.ROOT.resolve("docs/operations.md"));
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.groupCount() > 0 ? match.group(1) : match.group())
                .toList();
    }
}
