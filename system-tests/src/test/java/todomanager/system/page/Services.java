package todomanager.system.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonObject;
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
import java.util.HashMap;
import java.util.Map;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// Both services, with documents of their own, and a client of user-svc.
record Services(Serving todo, Serving user, HttpClient client) implements AutoCloseable {
    static Services start() {
        try {
            Path folder = Files.createTempDirectory("page");
            Path todos = Files.writeString(folder.resolve("todo.json"), "{}\n");
            Path users = Files.writeString(folder.resolve("users.json"), "{}\n");
            Serving todo = ServiceProcess.start("todo-svc", writing(todos));
            var environment = new HashMap<>(writing(users));
            environment.put("TODO_URI", todo.uri().toString());
            Serving user = ServiceProcess.start("user-svc", environment);
            return new Services(todo, user, HttpClient.newHttpClient());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> writing(Path document) {
        return Map.of("DATA_PATH", document.toString(), "DATA_WRITABLE", "true");
    }

    URI uri() {
        return user.uri();
    }

    /// Sends a request with a body of JSON, or without one where it is empty, and answers what the
    /// service does, which must be no error.
    String send(String method, String path, String body) {
        var request =
                HttpRequest.newBuilder(uri().resolve(path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json")
                        .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
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

    JsonObject get(String path) {
        try (var reader = Json.createReader(new StringReader(send("GET", path, "")))) {
            return reader.readObject();
        }
    }

    static String encoded(String segment) {
        return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.close();
        user.close();
        todo.close();
    }
}
