package todomanager.system.published;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// What both services answer, against the descriptions that they serve.
@Tag("system")
@Timeout(60)
class OpenApiIT {
    /// Headers that every answer of HTTP/1.1 may have.
    private static final Set<String> UNDESCRIBED =
            Set.of("connection", "content-length", "content-type", "date");

    private static final SchemaRegistry SCHEMAS =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static Map<String, Serving> services = Map.of();

    @BeforeAll
    static void start() throws IOException {
        services =
                Map.of(
                        "todo-svc",
                        ServiceProcess.start("todo-svc", Map.of()),
                        "user-svc",
                        ServiceProcess.start("user-svc", Map.of("TODO_URI", "http://127.0.0.1:1")));
    }

    @AfterAll
    static void stop() {
        services.values().forEach(Serving::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user-svc", "todo-svc"})
    void hasTheNameAndTheVersionOfTheService(String service) throws Exception {
        JsonObject info = description(service).getJsonObject("info");

        assertThat(ServiceProcess.run(service, Map.of(), "--version").output())
                .containsExactly(info.getString("title") + " " + info.getString("version"));
    }

    @ParameterizedTest
    @CsvSource({
        "user-svc, GET,     /,                   200, /",
        "user-svc, GET,     /openapi,            200, /openapi",
        "user-svc, GET,     /users,              200, /users",
        "user-svc, HEAD,    /users,              200, /users",
        "user-svc, GET,     /users?limit=2,      200, /users",
        "user-svc, HEAD,    /users?limit=2,      200, /users",
        "user-svc, GET,     /users?limit=1000,   200, /users",
        "user-svc, GET,     /users?limit=0,      400, /users",
        "user-svc, GET,     /users?after=nobody, 410, /users",
        "user-svc, OPTIONS, /users,              204, /users",
        "user-svc, POST,    /users,              405, /users",
        "user-svc, GET,     /users/aniket,       200, /users/{username}",
        "user-svc, GET,     /users/nobody,       404, /users/{username}",
        "user-svc, HEAD,    /users/nobody,       404, /users/{username}",
        "user-svc, GET,     /users/a%2Fb,        404, /users/{username}",
        "user-svc, OPTIONS, /users/a%2Fb,        404, /users/{username}",
        "user-svc, GET,     /users/nobody/lists, 404, /users/{username}/lists",
        "user-svc, GET,     /users/aniket/lists, 503, /users/{username}/lists",
        "todo-svc, GET,     /,                   200, /",
        "todo-svc, GET,     /openapi,            200, /openapi",
        "todo-svc, GET,     /lists,              200, /lists",
        "todo-svc, HEAD,    /lists,              200, /lists",
        "todo-svc, GET,     /lists?limit=2,      200, /lists",
        "todo-svc, HEAD,    /lists?limit=2,      200, /lists",
        "todo-svc, GET,     /lists?limit=1000,   200, /lists",
        "todo-svc, GET,     /lists?limit=0,      400, /lists",
        "todo-svc, GET,     /lists?after=nobody, 410, /lists",
        "todo-svc, OPTIONS, /lists,              204, /lists",
        "todo-svc, POST,    /lists,              405, /lists",
        "todo-svc, GET,     /lists/aniket,       200, /lists/{username}",
        "todo-svc, GET,     /lists/nobody,       404, /lists/{username}",
    })
    void describesTheAnswer(String service, String method, String path, int status, String route)
            throws Exception {
        JsonObject description = description(service);
        JsonObject resource = description.getJsonObject("paths").getJsonObject(route);
        JsonObject operation = resource.getJsonObject(lowerCase(method));
        JsonObject responses =
                (operation == null ? resource.getJsonObject("get") : operation)
                        .getJsonObject("responses");

        var answer = send(service, method, path, "If-None-Match", "none");
        assertThat(answer.statusCode()).isEqualTo(status);
        requireDescribed(answer, responses, description);
        if (status == 200) {
            var notModified = send(service, method, path, "If-None-Match", "*");
            assertThat(notModified.statusCode()).isEqualTo(304);
            requireDescribed(notModified, responses, description);
            var failed = send(service, method, path, "If-Match", "none");
            assertThat(failed.statusCode()).isEqualTo(412);
            requireDescribed(failed, responses, description);
        }
    }

    private static void requireDescribed(
            HttpResponse<String> answer, JsonObject responses, JsonObject description) {
        String status = Integer.toString(answer.statusCode());
        JsonObject described =
                responses.getJsonObject(
                        responses.containsKey(status) ? status : status.charAt(0) + "XX");
        JsonObject response = resolved(described, description);

        var headers = new TreeMap<String, JsonObject>(String.CASE_INSENSITIVE_ORDER);
        response.getJsonObject("headers")
                .forEach((name, header) ->
                        headers.put(name, resolved(header.asJsonObject(), description)));
        var served = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
        served.addAll(answer.headers().map().keySet());
        served.removeAll(UNDESCRIBED);
        assertThat(headers.keySet()).containsAll(served);
        headers.values().removeIf(header -> !header.getBoolean("required", false));
        assertThat(served).containsAll(headers.keySet());

        Map<String, JsonValue> content =
                response.containsKey("content") ? response.getJsonObject("content") : Map.of();
        assertThat(content.keySet())
                .isEqualTo(Set.copyOf(answer.headers().allValues("Content-Type")));
        if (answer.body().startsWith("{")) {
            JsonObject type = content.values().iterator().next().asJsonObject();
            String schema =
                    Json.createObjectBuilder(type.getJsonObject("schema"))
                            .add("components", description.get("components"))
                            .build()
                            .toString();
            assertThat(
                            SCHEMAS.getSchema(schema, InputFormat.JSON)
                                    .validate(answer.body(), InputFormat.JSON))
                    .isEmpty();
        }
    }

    /// What it refers to, or else itself.
    private static JsonObject resolved(JsonObject value, JsonObject description) {
        return value.containsKey("$ref")
                ? description.getValue(value.getString("$ref").substring(1)).asJsonObject()
                : value;
    }

    private static JsonObject description(String service) throws Exception {
        String description = send(service, "GET", "/openapi", "If-None-Match", "none").body();
        try (var reader = Json.createReader(new StringReader(description))) {
            return reader.readObject();
        }
    }

    private static HttpResponse<String> send(
            String service, String method, String path, String condition, String tag)
            throws Exception {
        var request =
                HttpRequest.newBuilder(requireNonNull(services.get(service)).uri().resolve(path))
                        .method(method, BodyPublishers.noBody())
                        .header(condition, tag)
                        .build();
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static String lowerCase(String method) {
        return method.toLowerCase(Locale.ROOT);
    }
}
