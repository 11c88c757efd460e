package todomanager.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/// Requests as a client makes them that is not in a hurry.
public final class Http {
    private Http() {}

    public static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }

    /// Asks until this is the status of the answer.
    public static void awaitStatus(URI uri, int status) throws InterruptedException {
        for (int answered = 0; answered != status; ) {
            try {
                answered = get(uri).statusCode();
            } catch (IOException e) {
                // it starts, or has no file descriptor for us as yet
            }
        }
    }
}
