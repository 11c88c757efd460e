package todomanager.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.http.HttpRules;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import todomanager.document.DocumentResources;
import todomanager.document.LiveDocument;
import todomanager.user.todo.TodoClient;

/// What the service's description says of it, against where it follows from.
class OpenApiTest {
    private static final Path DATABASE = Path.of("../database");

    @Test
    void hasEachRouteWithItsMethods() throws IOException {
        var paths = new ArrayList<>(List.of("/openapi")); // the kit's
        var users = new LiveDocument<>(DATABASE.resolve("users.json"), Users::read, Duration.ZERO);
        var todoClient = new TodoClient(URI.create("http://localhost:5001"));
        new UserRoutes(new DocumentResources<>(users), todoClient).routing(recorder(paths));
        JsonObject described = description().getJsonObject("paths");

        assertThat(described.keySet()).hasSizeGreaterThan(1).hasSameElementsAs(paths);
        assertThat(described.values())
                .allSatisfy(path ->
                        assertThat(path.asJsonObject().keySet())
                                .containsOnly("parameters", "get", "head", "options"));
    }

    @Test
    void hasTheSchemasOfTheDocuments() throws IOException {
        JsonObject schemas = description().getJsonObject("components").getJsonObject("schemas");

        assertThat(schemas.get("User")).isEqualTo(memberOf("users.schema.json"));
        assertThat(schemas.get("Lists")).isEqualTo(memberOf("todo.schema.json"));
    }

    /// Rules that add each path that gets a handler.
    private static HttpRules recorder(List<String> paths) {
        return (HttpRules)
                Proxy.newProxyInstance(
                        HttpRules.class.getClassLoader(),
                        new Class<?>[] {HttpRules.class},
                        (rules, method, arguments) -> {
                            paths.add((String) arguments[0]);
                            return rules;
                        });
    }

    private static JsonObject description() throws IOException {
        return read(Path.of("src/main/resources/openapi.json"));
    }

    /// What the document has of each username.
    private static JsonObject memberOf(String schema) throws IOException {
        return read(DATABASE.resolve(schema)).getJsonObject("additionalProperties");
    }

    private static JsonObject read(Path file) throws IOException {
        try (var reader = Json.createReader(Files.newInputStream(file))) {
            return reader.readObject();
        }
    }
}
