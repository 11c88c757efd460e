package todomanager.system.telemetry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static todomanager.testkit.Http.awaitStatus;
import static todomanager.testkit.Http.get;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.Answer;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;
import todomanager.testkit.process.Tool;

/// What the packaged services tell of themselves: metrics, log lines, spans and events.
@Tag("system")
@Timeout(60)
class TelemetryIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331"; // its span

    @TempDir Path folder;

    @Test
    void countsRequestsByRouteMethodAndStatus() throws Exception {
        try (var todo = ServiceProcess.start("todo-svc", Map.of());
                var user = userService(todo, Map.of())) {
            awaitStatus(user.uri().resolve("/users/aniket/lists"), 200);
            get(user.uri().resolve("/users/nobody"));
            get(user.uri().resolve("/nothing"));
            var counted =
                    List.of(
                            "http_server_requests_seconds_count{method=\"GET\",outcome=\"SUCCESS\",status=\"200\",uri=\"/users/{username}/lists\"} 1",
                            "http_server_requests_seconds_count{method=\"GET\",outcome=\"CLIENT_ERROR\",status=\"404\",uri=\"/users/{username}\"} 1",
                            "http_server_requests_seconds_count{method=\"GET\",outcome=\"CLIENT_ERROR\",status=\"404\",uri=\"NOT_FOUND\"} 1");
            while (!metrics(user).containsAll(counted)) {
                // until all are, soon after their answers
            }

            assertThat(metrics(user))
                    .contains(
                            "http_client_requests_seconds_count{client_name=\"todo-svc\",method=\"GET\",outcome=\"SUCCESS\",status=\"200\",uri=\"/lists/{username}\"} 1",
                            "http_client_connections{client_name=\"todo-svc\",state=\"idle\"} 1.0",
                            "http_server_requests_active 0.0",
                            "build_info{application=\"user-svc\",version=\"1.0.0\"} 1")
                    .anyMatch(line -> line.startsWith("jvm_info{"));
        }
    }

    @Test
    void hasNoMoreSeriesHoweverManyPathsAndMethodsThereAre() throws Exception {
        var random = new Random(1);
        try (var todo = ServiceProcess.start("todo-svc", Map.of())) {
            ask(todo, 100, random);
            long before = seriesOfRequests(todo);
            ask(todo, 10_000, random);

            assertThat(seriesOfRequests(todo)).isEqualTo(before);
        }
    }

    private static long seriesOfRequests(Serving serving) throws Exception {
        return metrics(serving).stream().filter(line -> line.startsWith("http_")).count();
    }

    /// On one connection, with paths that have a route among them.
    private static void ask(Serving serving, int requests, Random random) throws IOException {
        try (var client = new Socket(InetAddress.getLoopbackAddress(), serving.uri().getPort())) {
            var in = new BufferedInputStream(client.getInputStream());
            for (int i = 0; i < requests; i++) {
                String word =
                        "X" + Long.toString(random.nextLong(1L << 40), 36).toUpperCase(Locale.ROOT);
                String method = i % 2 == 0 ? "GET" : word;
                String path = i % 4 < 2 ? "/lists/" + word : "/" + word;
                String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
                client.getOutputStream().write(request.getBytes(ISO_8859_1));
                assertThat(Answer.read(in).status()).isBetween(404, 405);
            }
        }
    }

    @Test
    void writesALineOfJsonForEachRequestButNotForHealth() throws Exception {
        try (var todo =
                ServiceProcess.start(
                        "todo-svc", Map.of("LOG_FORMAT", "json", "LOG_ACCESS", "true"))) {
            get(todo.admin().resolve("/observe/health/ready"));
            var answer = traced(todo.uri().resolve("/lists/%0Aforged%22"));
            List<JsonObject> lines = json(todo.process().stop().output());
            var access = lines.stream().filter(line -> line.containsKey("route")).toList();

            assertThat(access).hasSize(1);
            JsonObject line = access.getFirst();
            assertThat(line.getString("method")).isEqualTo("GET");
            assertThat(line.getString("route")).isEqualTo("/lists/{username}");
            assertThat(line.getString("path")).isEqualTo("/lists/%0Aforged%22");
            assertThat(line.getInt("status")).isEqualTo(404);
            assertThat(line.getInt("bytes")).isGreaterThan(answer.length());
            assertThat(line.getInt("duration_us")).isPositive();
            assertThat(line.getString("trace_id")).isEqualTo(TRACE);
            assertThat(line.getString("level")).isEqualTo("INFO");
            assertThat(line.getString("time")).endsWith("Z");
            assertThat(answer).contains("\"traceId\":\"" + TRACE + '"');
            assertThat(lines.getLast().getString("message")).contains("stop");
        }
    }

    @Test
    void writesNoLineForRequestsUnlessThatIsOn() throws Exception {
        try (var todo = ServiceProcess.start("todo-svc", Map.of())) {
            get(todo.uri().resolve("/lists"));

            assertThat(todo.process().stop().output()).noneMatch(line -> line.contains("/lists"));
        }
    }

    @Test
    void countsARequestOnceItIsAnsweredThoughItsBodyIsStillToCome() throws Exception {
        try (var todo = ServiceProcess.start("todo-svc", Map.of());
                var client = new Socket(InetAddress.getLoopbackAddress(), todo.uri().getPort())) {
            String head =
                    "GET /lists HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\n";
            client.getOutputStream().write(head.getBytes(ISO_8859_1));
            assertThat(Answer.read(client.getInputStream()).status()).isEqualTo(200);
            while (metrics(todo).stream()
                    .noneMatch(line ->
                            line.startsWith("http_server_requests_seconds_count")
                                    && line.endsWith("uri=\"/lists\"} 1"))) {
                // until it is, well before the client gives up
            }
        }
    }

    @Test
    void namesAFailedNeighbourInTheLogByTheIdThatTheUserHas() throws Exception {
        var environment = Map.of("LOG_FORMAT", "json", "TODO_URI", "http://127.0.0.1:1");
        try (var user = ServiceProcess.start("user-svc", environment)) {
            URI lists = user.uri().resolve("/users/aniket/lists");
            awaitStatus(lists, 503); // or 504 before, where the first call takes long
            JsonObject problem = json(traced(lists));
            JsonObject line =
                    json(user.process().stop().output()).stream()
                            .filter(of -> of.getString("id", "").equals(problem.getString("id")))
                            .findFirst()
                            .orElseThrow();

            assertThat(line.getString("trace_id")).isEqualTo(TRACE);
            assertThat(line.getInt("status")).isEqualTo(503);
            assertThat(line.getString("message")).contains("127.0.0.1:1", "refused");
        }
    }

    @Test
    void sendsTheSpansOfBothServicesToACollector() throws Exception {
        try (var collector = Collector.start("/v1/traces")) {
            var telling =
                    Map.of(
                            "OTEL_EXPORTER_OTLP_ENDPOINT",
                            collector.uri(),
                            "OTEL_BSP_SCHEDULE_DELAY",
                            "10");
            try (var todo = ServiceProcess.start("todo-svc", telling);
                    var user = userService(todo, telling)) {
                URI lists = user.uri().resolve("/users/aniket/lists");
                awaitStatus(lists, 200); // the first call may take longer than user-svc waits
                traced(lists);
                while (!collector.hasHeardOf("user-svc") || !collector.hasHeardOf("todo-svc")) {
                    // until both have a connection: at the end there may be no time for one
                }
                user.process().stop(); // sends what it has
                todo.process().stop();
            }
            String trace = new String(HexFormat.of().parseHex(TRACE), ISO_8859_1);

            assertThat(collector.sent())
                    .anyMatch(spans ->
                            spans.contains(trace)
                                    && spans.contains("user-svc")
                                    && spans.contains("GET /users/{username}/lists"))
                    .anyMatch(spans ->
                            spans.contains(trace)
                                    && spans.contains("todo-svc")
                                    && spans.contains("GET /lists/{username}"));
        }
    }

    /// One that keeps what is sent to some paths, and answers 404 to all else.
    private record Collector(HttpServer server, BlockingQueue<String> sent)
            implements AutoCloseable {
        static Collector start(String... paths) throws IOException {
            var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            var collector =
                    new Collector(HttpServer.create(loopback, 0), new LinkedBlockingQueue<>());
            for (String path : paths) {
                collector.server.createContext(path, collector::keep);
            }
            collector.server.start();
            return collector;
        }

        private void keep(HttpExchange exchange) throws IOException {
            sent.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        }

        /// What todo-svc sends of a request, at once.
        String sentBy(Map<String, String> environment) throws Exception {
            var hasty = new HashMap<>(environment);
            hasty.put("OTEL_BSP_SCHEDULE_DELAY", "10"); // milliseconds
            try (var todo = ServiceProcess.start("todo-svc", hasty)) {
                traced(todo.uri().resolve("/lists"));
                return sent.take();
            }
        }

        boolean hasHeardOf(String service) {
            return sent.stream().anyMatch(spans -> spans.contains(service));
        }

        String uri() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    '', service.name=todo-svc service.version=1.0.0
                    'OTEL_RESOURCE_ATTRIBUTES=service.name=x,service.version=9,service.namespace=shop', service.name=x service.version=9 service.namespace=shop
                    'OTEL_RESOURCE_ATTRIBUTES=service.name=x OTEL_SERVICE_NAME=y', service.name=y service.version=1.0.0
                    'OTEL_RESOURCE_ATTRIBUTES=service.name=x JAVA_TOOL_OPTIONS=-Dotel.resource.attributes=service.name=z', service.name=z service.version=1.0.0
                    """)
    void callsItselfInSpansWhatTheEnvironmentSays(String variables, String attributes)
            throws Exception {
        try (var collector = Collector.start("/v1/traces")) {
            var environment = new HashMap<>(variables(variables));
            environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.uri());

            assertThat(collector.sentBy(environment))
                    .contains(
                            Stream.of(attributes.split(" "))
                                    .map(TelemetryIT::inProtocolBuffers)
                                    .toArray(String[]::new));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=COLLECTOR/spans",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=COLLECTOR/spans OTEL_EXPORTER_OTLP_ENDPOINT=COLLECTOR/none",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT= OTEL_EXPORTER_OTLP_ENDPOINT=COLLECTOR",
                "OTEL_EXPORTER_OTLP_ENDPOINT=COLLECTOR/base/",
                "JAVA_TOOL_OPTIONS=-Dotel.exporter.otlp.traces.endpoint=COLLECTOR/spans",
            })
    void sendsSpansToTheEndpointOfTracesOrBelowTheOneOfAll(String variables) throws Exception {
        try (var collector = Collector.start("/spans", "/v1/traces", "/base/v1/traces")) {
            var environment = variables(variables.replace("COLLECTOR", collector.uri()));

            assertThat(collector.sentBy(environment)).contains("GET /lists");
        }
    }

    /// Assignments, a blank between any two.
    private static Map<String, String> variables(String text) {
        return Stream.of(text.split(" "))
                .filter(assignment -> !assignment.isEmpty())
                .map(assignment -> assignment.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    /// An attribute as the bytes that a collector is sent.
    private static String inProtocolBuffers(String attribute) {
        String[] parts = attribute.split("=", 2);
        int length = parts[1].length();
        return parts[0] + "\u0012" + (char) (length + 2) + '\n' + (char) length + parts[1];
    }

    @Test
    void isOneTraceOfBothServicesWhenReadBackFromJaeger() throws Exception {
        String jaeger = Tool.property("jaeger.query", "http://localhost:16686");
        String collector = Tool.property("jaeger.otlp", "http://localhost:4318");
        var telling = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector);
        String trace = "%032x".formatted(System.nanoTime());
        try (var todo = ServiceProcess.start("todo-svc", telling);
                var user = userService(todo, telling)) {
            URI lists = user.uri().resolve("/users/aniket/lists");
            awaitStatus(lists, 200); // the first call takes long, and may be given up
            assertThat(traced(trace, lists)).contains("school");
            user.process().stop(); // sends what it has
            todo.process().stop();
        }
        JsonObject kept = kept(jaeger, trace);
        while (kept.getJsonArray("spans").size() < 3) { // until it has filed what it took
            kept = kept(jaeger, trace);
        }
        List<String> spans = descendants(kept, CALLER);
        System.out.println("Trace: " + spans);

        assertThat(spans)
                .containsExactly(
                        "user-svc: server GET /users/{username}/lists",
                        "user-svc: client GET /lists/{username}",
                        "todo-svc: server GET /lists/{username}");
    }

    private static JsonObject kept(String jaeger, String trace) throws Exception {
        String answer = get(URI.create(jaeger + "/api/traces/" + trace)).body();
        return json(answer).get("data") instanceof JsonArray traces
                ? traces.getJsonObject(0)
                : json("{\"spans\": []}");
    }

    /// The children of a span, each before its own.
    private static List<String> descendants(JsonObject trace, String parent) {
        return trace.getJsonArray("spans").getValuesAs(JsonObject.class).stream()
                .filter(span ->
                        span.getValue("/references/0/spanID").equals(Json.createValue(parent)))
                .flatMap(span ->
                        Stream.concat(
                                Stream.of(described(trace, span)),
                                descendants(trace, span.getString("spanID")).stream()))
                .toList();
    }

    private static String described(JsonObject trace, JsonObject span) {
        String process = "/processes/" + span.getString("processID") + "/serviceName";
        String kind =
                span.getJsonArray("tags").getValuesAs(JsonObject.class).stream()
                        .filter(tag -> tag.getString("key").equals("span.kind"))
                        .map(tag -> tag.getString("value"))
                        .collect(Collectors.joining());
        String service = ((JsonString) trace.getValue(process)).getString();
        return "%s: %s %s".formatted(service, kind, span.getString("operationName"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"OTEL_SDK_DISABLED=true", "OTEL_TRACES_EXPORTER=none"})
    void namesTracesWhereTheSdkIsTurnedOff(String variable) throws Exception {
        try (var todo = ServiceProcess.start("todo-svc", withCollector(variable))) {
            assertThat(json(get(todo.uri().resolve("/nope")).body()).getString("traceId"))
                    .matches("(?!0{32})[0-9a-f]{32}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OTEL_BSP_SCHEDULE_DELAY=abc, abc",
        "OTEL_RESOURCE_ATTRIBUTES=foo, otel.resource.attributes",
        "'OTEL_TRACES_EXPORTER=none,otlp', otel.traces.exporter contains none"
    })
    void refusesToStartWhereAVariableOfTheSdkMakesNoSense(String variable, String named)
            throws Exception {
        var end = ServiceProcess.run("todo-svc", withCollector(variable));

        assertThat(end.exitCode()).isEqualTo(78);
        assertThat(end.output())
                .singleElement(STRING)
                .startsWith("todo-svc: can't start the server: a variable of OpenTelemetry's SDK: ")
                .contains(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    OTEL_EXPORTER_OTLP_PROTOCOL=grpc | otel.exporter.otlp.protocol = "grpc" (environment variable OTEL_EXPORTER_OTLP_PROTOCOL): not packaged; give http/protobuf
                    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/json | otel.exporter.otlp.traces.protocol = "http/json" (environment variable OTEL_EXPORTER_OTLP_TRACES_PROTOCOL): not packaged; give http/protobuf
                    OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf JAVA_TOOL_OPTIONS=-Dotel.exporter.otlp.protocol=grpc | otel.exporter.otlp.protocol = "grpc" (system property): not packaged; give http/protobuf
                    OTEL_TRACES_EXPORTER=console | otel.traces.exporter = "console" (environment variable OTEL_TRACES_EXPORTER): not packaged; give otlp or none
                    OTEL_TRACES_EXPORTER=otlp,zipkin | otel.traces.exporter = "otlp,zipkin" (environment variable OTEL_TRACES_EXPORTER): not packaged; give otlp or none
                    OTEL_METRICS_EXPORTER=prometheus | otel.metrics.exporter = "prometheus" (environment variable OTEL_METRICS_EXPORTER): not packaged; give otlp or none
                    OTEL_PROPAGATORS=tracecontext,b3 | otel.propagators = "tracecontext,b3" (environment variable OTEL_PROPAGATORS): not packaged; give tracecontext or baggage or none
                    OTEL_TRACES_SAMPLER=parentbased_jaeger_remote | otel.traces.sampler = "parentbased_jaeger_remote" (environment variable OTEL_TRACES_SAMPLER): not packaged; give always_on or always_off or traceidratio or parentbased_always_on or parentbased_always_off or parentbased_traceidratio
                    OTEL_EXPORTER_OTLP_COMPRESSION=zstd | otel.exporter.otlp.compression = "zstd" (environment variable OTEL_EXPORTER_OTLP_COMPRESSION): not packaged; give gzip or none
                    OTEL_CONFIG_FILE=/tmp/otel.yaml | otel.config.file = "/tmp/otel.yaml" (environment variable OTEL_CONFIG_FILE): not packaged; leave it out
                    OTEL_TRACES_SAMPLER=foo OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=grpc | otel.traces.sampler = "foo" (environment variable OTEL_TRACES_SAMPLER): not packaged; give always_on or always_off or traceidratio or parentbased_always_on or parentbased_always_off or parentbased_traceidratio
                    """)
    void saysWhichVariableOfTheSdkNamesWhatIsNotPackaged(String variables, String message)
            throws Exception {
        var end = ServiceProcess.run("todo-svc", withCollector(variables));

        assertThat(end.exitCode()).isEqualTo(78);
        assertThat(end.output())
                .filteredOn(line -> !line.startsWith("Picked up JAVA_TOOL_OPTIONS"))
                .containsExactly("todo-svc: can't start the server: " + message);
    }

    @Test
    void startsWhereWhatIsNotPackagedIsNotAskedForEither() throws Exception {
        var environment =
                withCollector(
                        "OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf");
        try (var todo = ServiceProcess.start("todo-svc", environment)) {
            assertThat(get(todo.uri().resolve("/lists")).statusCode()).isEqualTo(200);
        }
    }

    private static Map<String, String> withCollector(String variables) {
        var environment = new HashMap<>(variables(variables));
        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"); // nobody listens
        return environment;
    }

    @Test
    void losesSpansAndNoRequestWhileTheCollectorIsSilent() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var todo =
                        ServiceProcess.start(
                                "todo-svc",
                                Map.of(
                                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                                        "http://127.0.0.1:" + silent.getLocalPort(),
                                        "OTEL_BSP_SCHEDULE_DELAY",
                                        "10"))) {
            answerUntilSpansAreLost(todo);

            assertThat(todo.process().stop().output())
                    .filteredOn(line -> line.contains("takes no spans"))
                    .hasSize(1);
        }
    }

    @Test
    void namesTheStatusOfACollectorThatTakesNoSpans() throws Exception {
        try (var collector = Collector.start("/v1/traces")) {
            String endpoint = collector.uri() + "/nowhere";
            var environment =
                    Map.of(
                            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                            endpoint,
                            "OTEL_BSP_SCHEDULE_DELAY",
                            "10");
            try (var todo = ServiceProcess.start("todo-svc", environment)) {
                answerUntilSpansAreLost(todo);

                assertThat(todo.process().stop().output())
                        .filteredOn(line -> line.contains("takes no spans"))
                        .singleElement(STRING)
                        .endsWith(
                                " WARNING the collector at "
                                        + endpoint
                                        + " takes no spans, which are lost: HTTP status 404");
            }
        }
    }

    private static void answerUntilSpansAreLost(Serving todo) throws Exception {
        while (metrics(todo).stream()
                .noneMatch(
                        line -> line.matches("trace_spans_total\\{event=\"refused\"} [1-9].*"))) {
            assertThat(get(todo.uri().resolve("/lists")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void loadsNothingOfOpenTelemetryWithoutACollector() throws Exception {
        Path classes = folder.resolve("classes");
        var environment = Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes);
        try (var todo = ServiceProcess.start("todo-svc", environment)) {
            traced(todo.uri().resolve("/lists/aniket"));
            todo.process().stop();
        }

        assertThat(Files.readString(classes))
                .contains("todomanager.telemetry.Span")
                .doesNotContain("io.opentelemetry");
    }

    @Test
    void tellsFlightRecorderOfCallsAndReloads() throws Exception {
        Path recording = folder.resolve("user-svc.jfr");
        Path data = folder.resolve("users.json");
        Files.writeString(data, "{\"aniket\": {\"id\": 1, \"name\": \"A\", \"verified\": 1}}");
        var environment =
                Map.of(
                        "JAVA_TOOL_OPTIONS",
                        "-Xlog:disable -XX:StartFlightRecording=filename=" + recording,
                        "DATA_PATH",
                        data.toString(),
                        "DATA_POLL",
                        "PT0.01S");
        try (var todo = ServiceProcess.start("todo-svc", Map.of());
                var user = userService(todo, environment)) {
            awaitStatus(user.uri().resolve("/users/aniket/lists"), 200);
            Path bad = Files.writeString(folder.resolve("bad.json"), "{");
            Files.move(bad, data, StandardCopyOption.ATOMIC_MOVE); // or it is seen empty, too
            while (!metrics(user).contains("data_last_reload_successful 0.0")) {
                // until it has looked
            }
            user.process().stop();
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(recording);

        assertThat(named(events, "todomanager.Call"))
                .anySatisfy(call -> {
                    assertThat(call.getInt("status")).isEqualTo(200);
                    assertThat(call.getString("outcome")).isEqualTo("SUCCESS");
                    assertThat(call.getDuration()).isPositive();
                });
        assertThat(named(events, "todomanager.Reload"))
                .extracting(reload -> reload.getBoolean("successful"))
                .containsExactlyInAnyOrder(true, false);
    }

    private static Serving userService(Serving todo, Map<String, String> environment)
            throws IOException {
        var all = new HashMap<>(environment);
        all.put("TODO_URI", todo.uri().toString());
        return ServiceProcess.start("user-svc", all);
    }

    private static Stream<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream().filter(event -> event.getEventType().getName().equals(name));
    }

    /// The body of an answer to a request of the trace.
    private static String traced(URI uri) throws Exception {
        return traced(TRACE, uri);
    }

    private static String traced(String trace, URI uri) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(uri)
                            .header("traceparent", "00-" + trace + '-' + CALLER + "-01")
                            .build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    private static List<String> metrics(Serving serving) throws Exception {
        return get(serving.admin().resolve("/observe/metrics"))
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    private static List<JsonObject> json(List<String> lines) {
        return lines.stream().map((Function<String, JsonObject>) TelemetryIT::json).toList();
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
