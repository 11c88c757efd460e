package todomanager.system.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// Both services, with documents of their own, and a client of user-svc.
public final class Services implements AutoCloseable {
    private final Path folder;
    private final boolean isWritable;
    private final Serving user;
    private final HttpClient client = HttpClient.newHttpClient();
    private Serving todo;

    private Services(Path folder, boolean isWritable) throws IOException {
        this.folder = folder;
        this.isWritable = isWritable;
        todo = start("todo-svc", "todo.json", Map.of());
        user = start("user-svc", "users.json", Map.of("TODO_URI", todo.uri().toString()));
    }

    public static Services start() {
        try {
            Path folder = Files.createTempDirectory("page");
            Files.writeString(folder.resolve("todo.json"), "{}\n");
            Files.writeString(folder.resolve("users.json"), "{}\n");
            var services = new Services(folder, true);
            services.warm();
            return services;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The first write of a process may take longer than user-svc waits for one.
    private void warm() {
        send("PUT", "/users/warm", "{\"name\": \"Warm\"}");
        send("PUT", "/users/warm/lists/home", "{\"items\": [\"Milk\"]}");
        send("GET", "/users/warm/lists?view=items", "");
    }

    /// Starts both once more, for the same documents, which can only be read there.
    public Services readOnly() {
        try {
            return new Services(folder, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Serving start(String service, String document, Map<String, String> further)
            throws IOException {
        var environment = new HashMap<>(further);
        environment.put("DATA_PATH", folder.resolve(document).toString());
        environment.put("DATA_WRITABLE", Boolean.toString(isWritable));
        return ServiceProcess.start(service, environment);
    }

    /// Kills todo-svc, which is started again where it was as the outage is closed.
    public Outage outage() {
        todo.close();
        todo.process().endsWithin(Duration.ofSeconds(10));
        var port = Map.of("SERVER_PORT", Integer.toString(todo.uri().getPort()));
        return () -> {
            try {
                todo = start("todo-svc", "todo.json", port);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /// The time without todo-svc.
    public interface Outage extends AutoCloseable {
        @Override
        void close();
    }

    public URI uri() {
        return user.uri();
    }

    /// Adds a user to the document, as one does in an editor, and waits until it is served.
    public void edit(String username, JsonObjectBuilder user) {
        Path document = folder.resolve("users.json");
        try (var reader = Json.createReader(Files.newBufferedReader(document))) {
            JsonObject users = reader.readObject();
            var edited = Json.createObjectBuilder(users).add(username, user).build();
            Files.writeString(document, edited.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!get("/users").containsKey(username)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the document is not served: " + username);
            }
        }
    }

    /// Sends a request with a body of JSON, or without one where it is empty, and answers what the
    /// service does, which must be no error.
    public String send(String method, String path, String body) {
        var request =
                HttpRequest.newBuilder(uri().resolve(path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json")
                        .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            for (int tries = 1; // a busy machine; what was made can be made again
                    answer.statusCode() == 504 && method.equals("PUT") && tries < 10;
                    tries++) {
                answer = client.send(request, BodyHandlers.ofString());
            }
            if (answer.statusCode() >= 400) {
                throw new AssertionError(method + ' ' + path + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public JsonObject get(String path) {
        try (var reader = Json.createReader(new StringReader(send("GET", path, "")))) {
            return reader.readObject();
        }
    }

    public static String encoded(String segment) {
        return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.close();
        user.close();
        todo.close();
    }
}
