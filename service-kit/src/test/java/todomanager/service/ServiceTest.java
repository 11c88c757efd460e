package todomanager.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.testing.junit5.ServerTest;
import io.helidon.webserver.testing.junit5.SetUpServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.service.Service.Parts;

/// What a service makes of its parts, whatever they are.
@ServerTest
class ServiceTest {
    private static final List<String> EVENTS = new ArrayList<>();
    private static final Service SERVICE =
            new Service("parts-svc", bytes -> {}, List.of(), Optional.empty(), settings -> parts());

    private final Http1Client client;

    ServiceTest(Http1Client client) {
        this.client = client;
    }

    private static Parts parts() {
        return new Parts(
                rules -> rules.any("/part", new Resource(_ -> Representation.text("served"))),
                () -> EVENTS.add("started"),
                List.of(ServiceTest::failToClose, () -> EVENTS.add("closed")));
    }

    private static void failToClose() {
        throw new IllegalStateException("can't be closed");
    }

    @SetUpServer
    static void setUp(WebServerConfig.Builder server) throws StartFailure {
        SERVICE.configure(server, SERVICE.configuration());
    }

    @Test
    void servesTheRoutes() {
        assertThat(client.get("/part").request(String.class).entity()).isEqualTo("served");
    }

    @Test
    void servesItsDescription() {
        var answer = client.get("/openapi").request(String.class);

        assertThat(answer.status()).isEqualTo(Status.OK_200);
        assertThat(answer.headers().get(HeaderNames.CONTENT_TYPE).get())
                .isEqualTo("application/openapi+json");
        assertThat(answer.entity()).isEqualTo("{\"openapi\": \"3.1.1\"}\n");
    }

    @Test
    void startsThePartsWithTheServerAndClosesEachWithIt() throws StartFailure {
        EVENTS.clear();
        var builder = WebServer.builder();
        SERVICE.configure(builder, SERVICE.configuration());
        WebServer server = builder.build();
        assertThat(EVENTS).isEmpty();
        server.start();
        assertThat(EVENTS).containsExactly("started");
        server.stop();
        assertThat(EVENTS).containsExactly("started", "closed");
    }
}
