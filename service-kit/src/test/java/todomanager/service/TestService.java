package todomanager.service;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import todomanager.document.DocumentResources;
import todomanager.document.JsonMembers;
import todomanager.document.SnapshotResource;
import todomanager.http.Problem;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.json.JsonDocument;
import todomanager.service.Service.Parts;
import todomanager.testkit.Wire;

/// A service of a few lines over a document of people, for what every service does.
public final class TestService implements AutoCloseable {
    public static final String ANA = "{\"name\":\"Änä 😀\"}\n";
    public static final String PEOPLE =
            "{\"ana\":" + ANA.strip() + ",\"ana;b\":{\"b\":1},\"a/b\":{\"c\":2},\"\":{\"d\":3}}\n";

    private final Health health = new Health();
    private final WebServer server;
    private final Wire wire;
    private final Wire admin;

    /// Starts it on free ports, with its files in a folder.
    ///
    /// @param others routes beside its own
    public TestService(Path folder, HttpService... others) {
        try {
            Path data = Files.writeString(folder.resolve("people.json"), PEOPLE);
            Path config =
                    Files.writeString(
                            folder.resolve("config.yaml"),
                            "{data: {path: '%s'}, public.uri: 'https://todo.example', server: {host: localhost, port: 0, sockets: {admin: {port: 0}}}}"
                                    .formatted(data));
            var service =
                    new Service(
                            "people-svc",
                            TestService::read,
                            List.of(),
                            Optional.empty(),
                            settings -> parts(settings, others));
            var builder = WebServer.builder();
            service.configure(
                    builder, service.configuration("--config", config.toString()), health);
            server = builder.build().start();
            wire = new Wire(server.port());
            admin = new Wire(server.port("admin"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (StartFailure e) {
            throw new AssertionError(e);
        }
    }

    private static Parts parts(Settings settings, HttpService... others) {
        var document = settings.document(TestService::read);
        var people = new DocumentResources<>(document);
        return new Parts(
                rules ->
                        rules.any("/", new Resource(_ -> Representation.text("Hello")))
                                .any("/people", people.pages(all -> all))
                                .any(
                                        "/people/{name}",
                                        SnapshotResource.of(document, TestService::person))
                                .register(others),
                document::start,
                List.of(document));
    }

    private static JsonMembers read(byte... json) {
        var people = new JsonMembers.Builder(json);
        JsonDocument.forEachMember(json, "", people);
        return people.build();
    }

    private static Representation person(JsonMembers people, ServerRequest request) {
        return people.find(request.path().pathParameters().get("name"))
                .orElseThrow(() -> new Problem(Status.NOT_FOUND_404, "There is no such person."));
    }

    public Wire wire() {
        return wire;
    }

    public Wire admin() {
        return admin;
    }

    /// Does what the service does first when it is told to stop.
    void beginToStop() {
        health.stop();
    }

    GracefulStop stop(Duration drain) {
        return new GracefulStop("people-svc", server, health, drain, Duration.ofSeconds(20));
    }

    @Override
    public void close() {
        server.stop();
    }
}
