package todomanager.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webclient.api.ClientResponseTyped;
import io.helidon.webclient.http1.Http1Client;
import java.net.URI;
import org.junit.jupiter.api.Test;

/// A service that people write to over HTTP, and the requests that its own tests make of it.
public abstract class WritingContract {
    /// The address of the service, without a slash at its end.
    protected final String server;

    private final Http1Client client;
    private final String resource;

    /// @param resource the path of one that has PATCH
    protected WritingContract(Http1Client client, URI server, String resource) {
        this.client = client;
        this.server = server.toString().replaceFirst("/$", "");
        this.resource = resource;
    }

    @Test
    void tellsCurlWhichOptionIsMissing() {
        var response =
                send("PATCH", resource, "{}", "Content-Type", "application/x-www-form-urlencoded");

        assertThat(response.status()).isEqualTo(Status.UNSUPPORTED_MEDIA_TYPE_415);
        assertThat(response.entity()).contains("curl --json");
        assertThat(response.headers().get(HeaderNames.create("Accept-Patch")).get())
                .isEqualTo("application/merge-patch+json, application/json");
    }

    /// Sends a request with a body of JSON, or without one where it is empty.
    protected final ClientResponseTyped<String> send(String method, String path, String body) {
        return send(method, path, body, "Content-Type", "application/json");
    }

    /// The same with a header, which may be another type of the body.
    protected final ClientResponseTyped<String> send(
            String method, String path, String body, String header, String value) {
        var request =
                client.method(Method.create(method))
                        .uri(path)
                        .skipUriEncoding(true)
                        .header(HeaderNames.CONTENT_TYPE, "application/json")
                        .header(HeaderNames.create(header), value);
        return body.isEmpty()
                ? request.request(String.class)
                : request.submit(body.getBytes(UTF_8), String.class);
    }
}
