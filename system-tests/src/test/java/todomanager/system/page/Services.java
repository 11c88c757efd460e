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
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import todomanager.testkit.Http;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// Both services, with documents of their own, and a client of user-svc.
public final class Services implements AutoCloseable {
    private static final Pattern LISTS = Pattern.compile("/users/(?<user>[^/]+)/lists.*");

    /// Where a write waits for no disk, which a machine with much else to do may keep busy.
    private static final Path MEMORY = Path.of("/dev/shm");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final boolean isWritable;
    private final Access access;
    private final Serving user;
    private final HttpClient client = HttpClient.newHttpClient();
    private Serving todo;

    /// How one gets in.
    ///
    /// @param settings that both services have for that
    /// @param administrator who manages the users, and is one; empty where nobody signs in
    /// @param token by which a user is known
    public record Access(
            Map<String, String> settings, String administrator, UnaryOperator<String> token) {
        private static final Access FREE = new Access(Map.of(), "", UnaryOperator.identity());
    }

    private Services(Path folder, boolean isWritable, Access access) throws IOException {
        this.folder = folder;
        this.isWritable = isWritable;
        this.access = access;
        todo = start("todo-svc", "todo.json", Map.of());
        user = start("user-svc", "users.json", Map.of("TODO_URI", todo.uri().toString()));
    }

    public static Services start() {
        return start(Access.FREE);
    }

    public static Services start(Access access) {
        try {
            Path folder =
                    Files.isWritable(MEMORY)
                            ? Files.createTempDirectory(MEMORY, "page")
                            : Files.createTempDirectory("page");
            Files.writeString(folder.resolve("todo.json"), "{}\n");
            Files.writeString(folder.resolve("users.json"), users(access.administrator));
            var services = new Services(folder, true, access);
            services.warm();
            return services;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String users(String administrator) {
        return administrator.isEmpty()
                ? "{}\n"
                : "{\"%s\": {\"id\": 1, \"name\": \"Admin\", \"verified\": 1}}\n"
                        .formatted(administrator);
    }

    /// The first write of a process may take longer than user-svc waits for one.
    private void warm() {
        String user = "/users/" + (hasSignIn() ? access.administrator : "warm");
        send("PUT", user, "{\"name\": \"Admin\"}");
        send("PUT", user + "/lists/home", "{\"items\": [\"Milk\"]}");
        send("GET", user + "/lists?view=items", "");
        send("DELETE", user + "/lists/home", "");
    }

    private boolean hasSignIn() {
        return !access.administrator.isEmpty();
    }

    /// Starts both once more, for the same documents, which can only be read there.
    public Services readOnly() {
        try {
            return new Services(folder, false, access);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Serving start(String service, String document, Map<String, String> further)
            throws IOException {
        var environment = new HashMap<>(access.settings);
        environment.putAll(further);
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

    /// Where the page is: by its number where a provider is to send people back to it.
    public URI uri() {
        String uri = user.uri().toString();
        return URI.create(hasSignIn() ? uri.replace("localhost", "127.0.0.1") : uri);
    }

    public String administrator() {
        return access.administrator;
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
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!get("/users").containsKey(username)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the document is not served: " + username);
            }
        }
    }

    /// Sends a request with a body of JSON, or without one where it is empty, and answers what the
    /// service does, which must be no error.
    public String send(String method, String path, String body) {
        var builder =
                HttpRequest.newBuilder(uri().resolve(path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json");
        if (hasSignIn()) {
            Matcher lists = LISTS.matcher(path);
            String who = lists.matches() ? lists.group("user") : access.administrator;
            builder.header("Authorization", "Bearer " + access.token.apply(who));
        }
        HttpRequest request = builder.build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            boolean mayBeDone = false;
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (answer.statusCode() >= 503 && System.nanoTime() < end) { // a busy machine
                mayBeDone = true;
                answer = client.send(request, BodyHandlers.ofString());
            }
            boolean isDone = mayBeDone && method.equals("DELETE") && answer.statusCode() == 404;
            if (answer.statusCode() >= 400 && !isDone) {
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

    /// What the metrics of both are.
    public String metrics() throws IOException, InterruptedException {
        String path = "/observe/metrics";
        return Http.get(user.admin().resolve(path)).body()
                + Http.get(todo.admin().resolve(path)).body();
    }

    /// Ends both, and answers what they have said.
    public String stop() throws IOException {
        return String.join("\n", user.process().stop().output())
                + String.join("\n", todo.process().stop().output());
    }

    @Override
    public void close() {
        client.close();
        user.close();
        todo.close();
    }
}
