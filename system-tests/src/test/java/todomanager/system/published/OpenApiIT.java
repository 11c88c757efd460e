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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.Http;
import todomanager.testkit.process.PostgreSql;
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

    /// One user-svc can't reach a todo-svc, the others can. Each writes in a copy of its own.
    @BeforeAll
    static void start(@TempDir Path folder, @TempDir Path another) throws Exception {
        Serving todo = service("todo-svc", copy("todo", folder), "http://127.0.0.1:1");
        Serving alone = service("user-svc", copy("users", folder), "http://127.0.0.1:1");
        Serving both = service("user-svc", copy("users", another), todo.uri().toString());
        var database = onPostgreSql();
        services =
                Map.of(
                        "todo-svc on PostgreSQL",
                        start("todo-svc", "todo", database),
                        "user-svc on PostgreSQL",
                        start("user-svc", "users", database),
                        "todo-svc",
                        todo,
                        "todo-svc of a ConfigMap",
                        ServiceProcess.start("todo-svc", Map.of("DATA_WRITABLE", "false")),
                        "user-svc",
                        alone,
                        "user-svc and todo-svc",
                        both);
        // the first call may take longer than user-svc waits
        Http.awaitStatus(alone.uri().resolve("/users/aniket/lists"), 503);
        Http.awaitStatus(both.uri().resolve("/users/aniket/lists"), 200);
    }

    private static Serving service(String name, String document, String todo) throws IOException {
        return ServiceProcess.start(
                name, Map.of("DATA_PATH", document, "DATA_WRITABLE", "true", "TODO_URI", todo));
    }

    private static Map<String, String> onPostgreSql() {
        return Map.of(
                "DATA_STORE", "postgresql",
                "DATA_URL", PostgreSql.database(),
                "DATA_USERNAME", PostgreSql.USERNAME,
                "DATA_WRITABLE", "true",
                "TODO_URI", "http://127.0.0.1:1");
    }

    /// Starts one whose database has what a document has.
    private static Serving start(String name, String document, Map<String, String> environment)
            throws IOException {
        ServiceProcess.run(name, environment, "migrate");
        ServiceProcess.run(name, environment, "import", "database/" + document + ".json");
        return ServiceProcess.start(name, environment);
    }

    private static String copy(String document, Path folder) throws IOException {
        Path original = ServiceProcess.ROOT.resolve("database").resolve(document + ".json");
        return Files.copy(original, folder.resolve(document + ".json")).toString();
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
        "user-svc, GET,     /page/page.css,      200, /page/{file}",
        "user-svc, GET,     /page/icon.svg,      200, /page/{file}",
        "user-svc, HEAD,    /page/page.js,       200, /page/{file}",
        "user-svc, GET,     /page/index.html,    404, /page/{file}",
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
        "user-svc, OPTIONS, /users/aniket,       204, /users/{username}",
        "user-svc, POST,    /users/aniket,       405, /users/{username}",
        "user-svc, DELETE,  /users/nobody/lists, 404, /users/{username}/lists",
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
        "todo-svc, OPTIONS, /lists/aniket,       204, /lists/{username}",
        "todo-svc, GET,     /lists/aniket?view=items, 200, /lists/{username}",
        "todo-svc, GET,     /lists/aniket?view=list,  400, /lists/{username}",
        "todo-svc, GET,     /lists/aniket/school,     200, /lists/{username}/{list}",
        "todo-svc, GET,     /lists/aniket/none,       404, /lists/{username}/{list}",
        "todo-svc, OPTIONS, /lists/aniket/none,       204, /lists/{username}/{list}",
        "todo-svc, POST,    /lists/aniket/school,     405, /lists/{username}/{list}",
        "todo-svc, GET,     /lists/aniket/school/items, 200, /lists/{username}/{list}/items",
        "todo-svc, GET,     /lists/aniket/school/items?completed=no, 400,"
                + " /lists/{username}/{list}/items",
        "todo-svc, GET,     /lists/aniket/school/items/none, 404,"
                + " /lists/{username}/{list}/items/{id}",
        "todo-svc on PostgreSQL, GET, /lists,               200, /lists",
        "todo-svc on PostgreSQL, GET, /lists?limit=2,       200, /lists",
        "todo-svc on PostgreSQL, GET, /lists?after=nobody,  410, /lists",
        "todo-svc on PostgreSQL, GET, /lists/aniket,        200, /lists/{username}",
        "todo-svc on PostgreSQL, GET, /lists/nobody,        404, /lists/{username}",
        "todo-svc on PostgreSQL, GET, /lists/aniket/school, 200, /lists/{username}/{list}",
        "user-svc on PostgreSQL, GET, /users,               200, /users",
        "user-svc on PostgreSQL, GET, /users?limit=2,       200, /users",
        "user-svc on PostgreSQL, GET, /users/aniket,        200, /users/{username}",
        "user-svc on PostgreSQL, GET, /users/nobody,        404, /users/{username}",
        "user-svc and todo-svc, GET, /users/aniket/lists?view=items, 200, /users/{username}/lists",
        "user-svc and todo-svc, GET, /users/aniket/lists/school, 200,"
                + " /users/{username}/lists/{list}",
        "user-svc and todo-svc, OPTIONS, /users/aniket/lists/school/items, 204,"
                + " /users/{username}/lists/{list}/items",
    })
    void describesTheAnswer(String service, String method, String path, int status, String route)
            throws Exception {
        JsonObject description = description(service);
        JsonObject resource = description.getJsonObject("paths").getJsonObject(route);
        JsonObject operation = resource.getJsonObject(lowerCase(method));
        JsonObject responses =
                (operation == null ? resource.getJsonObject("get") : operation)
                        .getJsonObject("responses");

        var answer = send(service, method, path, null, "If-None-Match", "none");
        assertThat(answer.statusCode()).isEqualTo(status);
        requireDescribed(answer, responses, description);
        if (status == 200) {
            var notModified = send(service, method, path, null, "If-None-Match", "*");
            assertThat(notModified.statusCode()).isEqualTo(304);
            requireDescribed(notModified, responses, description);
            var failed = send(service, method, path, null, "If-Match", "none");
            assertThat(failed.statusCode()).isEqualTo(412);
            requireDescribed(failed, responses, description);
        }
    }

    /// An answer to a write, and to the same write where it is refused before.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    todo-svc                | PUT    | /lists/ana/home                                  |                                         | 201 | /lists/{username}/{list}
                    todo-svc                | PUT    | /lists/ana/a%5Cb                                 |                                         | 422 | /lists/{username}/{list}
                    todo-svc                | PUT    | /lists/bo/home                                   | {"items": ["Milk", {"title": "Bread"}]} | 201 | /lists/{username}/{list}
                    todo-svc                | PUT    | /lists/aniket/school                             | {"items": ["Homework"]}                 | 200 | /lists/{username}/{list}
                    todo-svc                | PUT    | /lists/aniket/school                             | {"items": [1]}                          | 422 | /lists/{username}/{list}
                    todo-svc                | PATCH  | /lists/saurabh_badhwar/home                      | {"name": "home"}                        | 200 | /lists/{username}/{list}
                    todo-svc                | PATCH  | /lists/saurabh_badhwar/home                      | {"name": "work"}                        | 409 | /lists/{username}/{list}
                    todo-svc                | PATCH  | /lists/saurabh_badhwar/none                      | {}                                      | 404 | /lists/{username}/{list}
                    todo-svc                | POST   | /lists/cem/home/items                            | {"title": "Milk"}                       | 201 | /lists/{username}/{list}/items
                    todo-svc                | POST   | /lists/cem/home/items                            | {"title": ""}                           | 422 | /lists/{username}/{list}/items
                    todo-svc                | POST   | /lists/cem/home/items                            | {                                       | 400 | /lists/{username}/{list}/items
                    todo-svc                | PATCH  | /lists/saurabh_badhwar/home/items                | {"completed": false}                    | 200 | /lists/{username}/{list}/items
                    todo-svc                | DELETE | /lists/saurabh_badhwar/home/items?completed=true |                                         | 204 | /lists/{username}/{list}/items
                    todo-svc                | DELETE | /lists/saurabh_badhwar/home/items?completed=no   |                                         | 400 | /lists/{username}/{list}/items
                    todo-svc                | PUT    | /lists/dan/home/items/milk                       | {"title": "Milk"}                       | 201 | /lists/{username}/{list}/items/{id}
                    todo-svc                | PATCH  | /lists/dan/home/items/none                       | {}                                      | 404 | /lists/{username}/{list}/items/{id}
                    todo-svc                | DELETE | /lists/dan/home/items/none                       |                                         | 404 | /lists/{username}/{list}/items/{id}
                    todo-svc                | DELETE | /lists/nobody                                    |                                         | 404 | /lists/{username}
                    todo-svc of a ConfigMap | DELETE | /lists/aniket                                    |                                         | 405 | /lists/{username}
                    todo-svc on PostgreSQL  | PUT    | /lists/bo/home                                   | {"items": ["Milk", {"title": "Bread"}]} | 201 | /lists/{username}/{list}
                    todo-svc on PostgreSQL  | PATCH  | /lists/saurabh_badhwar/home                      | {"name": "work"}                        | 409 | /lists/{username}/{list}
                    todo-svc on PostgreSQL  | DELETE | /lists/nobody                                    |                                         | 404 | /lists/{username}
                    user-svc on PostgreSQL  | PUT    | /users/eve                                       | {"name": "Eve"}                         | 201 | /users/{username}
                    user-svc on PostgreSQL  | PUT    | /users/gus                                       | {"name": "Gus", "id": 1}                | 409 | /users/{username}
                    user-svc on PostgreSQL  | PATCH  | /users/aniket                                    | {"verified": 1}                         | 200 | /users/{username}
                    user-svc and todo-svc   | PUT    | /users/eve                                       | {"name": "Eve"}                         | 201 | /users/{username}
                    user-svc and todo-svc   | PUT    | /users/fay                                       | {}                                      | 422 | /users/{username}
                    user-svc and todo-svc   | PUT    | /users/gus                                       | {"name": "Gus", "id": 1}                | 409 | /users/{username}
                    user-svc and todo-svc   | PATCH  | /users/aniket                                    | {"verified": 1}                         | 200 | /users/{username}
                    user-svc and todo-svc   | DELETE | /users/nobody                                    |                                         | 404 | /users/{username}
                    user-svc and todo-svc   | POST   | /users/aniket/lists/errands/items                | {"title": "Milk"}                       | 201 | /users/{username}/lists/{list}/items
                    user-svc and todo-svc   | PUT    | /users/nobody/lists/home                         |                                         | 404 | /users/{username}/lists/{list}
                    user-svc and todo-svc   | PATCH  | /users/saurabh_badhwar/lists/home                | {"name": "work"}                        | 409 | /users/{username}/lists/{list}
                    user-svc and todo-svc   | DELETE | /users/saurabh_badhwar/lists/none                |                                         | 404 | /users/{username}/lists/{list}
                    """)
    void describesTheAnswerToAWrite(
            String service,
            String method,
            String path,
            @Nullable String body,
            int status,
            String route)
            throws Exception {
        JsonObject description = description(service);
        JsonObject responses =
                description
                        .getJsonObject("paths")
                        .getJsonObject(route)
                        .getJsonObject(lowerCase(method))
                        .getJsonObject("responses");

        if (status < 300) {
            var failed = send(service, method, path, body, "If-Match", "none");
            assertThat(failed.statusCode()).isEqualTo(412);
            requireDescribed(failed, responses, description);
            var foreign = send(service, method, path, body, "Origin", "http://example.org");
            assertThat(foreign.statusCode()).isEqualTo(403);
            requireDescribed(foreign, responses, description);
        }
        if (status < 300 && body != null) {
            var form = send(service, method, path, body, "Content-Type", "text/plain");
            assertThat(form.statusCode()).isEqualTo(415);
            requireDescribed(form, responses, description);
        }
        var answer = send(service, method, path, body, "Content-Type", "application/json");
        assertThat(answer.statusCode()).isEqualTo(status);
        requireDescribed(answer, responses, description);
    }

    /// An answer may have any of the types that are described, so others may not name several.
    @ParameterizedTest
    @CsvSource({"user-svc, 'Greeting, PageFile'", "todo-svc, ''"})
    void onlyThePageHasSeveralMediaTypes(String service, String names) throws Exception {
        JsonObject responses =
                description(service).getJsonObject("components").getJsonObject("responses");

        assertThat(responses.keySet())
                .filteredOn(name ->
                        responses.getJsonObject(name).containsKey("content")
                                && responses.getJsonObject(name).getJsonObject("content").size()
                                        > 1)
                .isEqualTo(names.isEmpty() ? List.of() : List.of(names.split(", ")));
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
        List<String> types =
                answer.headers().allValues("Content-Type").stream()
                        .map(type -> type.replaceFirst(";.*", ""))
                        .toList();
        assertThat(content.keySet()).containsAll(types);
        assertThat(types.isEmpty()).isEqualTo(content.isEmpty());
        if (answer.body().startsWith("{") || answer.body().startsWith("[")) {
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
        String description = send(service, "GET", "/openapi", null, "If-None-Match", "none").body();
        try (var reader = Json.createReader(new StringReader(description))) {
            return reader.readObject();
        }
    }

    private static HttpResponse<String> send(
            String service,
            String method,
            String path,
            @Nullable String body,
            String header,
            String value)
            throws Exception {
        var request =
                HttpRequest.newBuilder(requireNonNull(services.get(service)).uri().resolve(path))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body))
                        .setHeader("Content-Type", "application/json")
                        .setHeader(header, value)
                        .build();
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static String lowerCase(String method) {
        return method.toLowerCase(Locale.ROOT);
    }
}
