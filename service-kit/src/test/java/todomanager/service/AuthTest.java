package todomanager.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.logging.common.LogConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.auth.Guard;
import todomanager.http.Problem;
import todomanager.http.ProblemDetails;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.service.Service.Parts;
import todomanager.testkit.LogRecorder;
import todomanager.testkit.Wire;

/// Who may ask a service, and that nobody opens one to a network by accident.
@Timeout(30)
class AuthTest {
    private static final HeaderName WHO = HeaderNames.create("X-Who");
    private static final Service OPEN = service(Optional.empty());
    private static final Service GUARDED =
            service(Optional.of(new Guard(AuthTest::ask, "those with a name may ask")));

    private static final String REFUSED =
            "auth (AUTH): other machines may reach the service, and whoever does could change everything; set up sign-in (docs/sign-in.md), or auth=none if that is meant, or data.writable=false";

    private final LogRecorder log = new LogRecorder("todomanager");
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path folder;

    private static Service service(Optional<Guard> guard) {
        return new Service(
                "open-svc",
                bytes -> {},
                List.of(),
                Optional.empty(),
                settings ->
                        new Parts(
                                guard,
                                rules ->
                                        rules.any(
                                                "/",
                                                new Resource(_ -> Representation.text("Hello"))),
                                () -> {},
                                List.of()));
    }

    /// Or the first server does so, and what records the log is forgotten.
    @BeforeAll
    static void configureLog() {
        LogConfig.configureRuntime();
    }

    private static void ask(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (request.headers().contains(WHO)) {
            chain.proceed();
        } else {
            var unknown = new Problem(Status.UNAUTHORIZED_401, "Say who you are.");
            ProblemDetails.send(request, response, unknown);
        }
    }

    @AfterEach
    void forget() {
        log.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "'::'", "192.0.2.1", "127.0.0.1, bind-address: '0.0.0.0:0'"})
    void endsWith78WhereOtherMachinesMayWriteAndNobodyIsAskedWhoTheyAre(String host)
            throws IOException {
        assertThat(run(OPEN, host, "true", "''")).isEqualTo(78);
        assertThat(err).hasToString("open-svc: " + REFUSED + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, true", "0.0.0.0, false", "127.0.0.1, true"})
    void endsWith78WhereNobodyIsToBeAskedAndYetSomebodyIs(String host, String writable)
            throws IOException {
        assertThat(run(GUARDED, host, writable, "none")).isEqualTo(78);
        assertThat(err)
                .hasToString(
                        "open-svc: auth = none (AUTH): is for a service without sign-in; leave it out"
                                + System.lineSeparator());
    }

    @ParameterizedTest
    @ValueSource(strings = {"None", "false", "oidc", "' none'"})
    void endsWith78WhereItIsNotClearWhatIsMeant(String auth) throws IOException {
        assertThat(run(OPEN, "127.0.0.1", "true", auth)).isEqualTo(78);
        assertThat(err.toString(UTF_8))
                .startsWith("open-svc: auth = \"" + auth.replace("'", "") + "\" (")
                .endsWith("): not one of the values; give none" + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    127.0.0.1 | true  | ''   | nobody signs in, and only this machine reaches the service
                    127.0.0.1 | true  | none | nobody signs in, and only this machine reaches the service
                    localhost | true  | ''   | nobody signs in, and only this machine reaches the service
                    127.0.0.1 | false | ''   | nobody signs in, and only this machine reaches the service
                    0.0.0.0   | false | ''   | nobody signs in, and whoever reaches the service reads all of it
                    0.0.0.0   | false | none | nobody signs in, and whoever reaches the service reads all of it
                    0.0.0.0   | true  | none | nobody signs in, and whoever reaches the service reads and changes all of it (auth=none)
                    """)
    void saysAtItsStartThatNobodyIsAskedWhoTheyAre(
            String host, String writable, String auth, String sentence) throws Exception {
        WebServer server = start(OPEN, config("'" + host + "'", writable, "'" + auth + "'"));
        try {
            assertThat(new Wire(server.port()).exchange("GET", "/")).startsWith("HTTP/1.1 200 ");
        } finally {
            server.stop();
        }
        assertThat(log.lines()).containsExactly(sentence);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, true", "0.0.0.0, false", "127.0.0.1, true"})
    void saysAtItsStartWhomItKnowsAndLetsNobodyElsePass(String host, String writable)
            throws Exception {
        WebServer server = start(GUARDED, config(host, writable, "''"));
        try {
            var wire = new Wire(server.port());
            for (String path : List.of("/", "/openapi", "/nope")) {
                assertThat(wire.exchange("GET", path)).startsWith("HTTP/1.1 401 ");
            }
            assertThat(wire.exchange("GET", "/", "X-Who: Ana\r\n")).startsWith("HTTP/1.1 200 ");
            assertThat(new Wire(server.port("admin")).exchange("GET", "/observe/health"))
                    .as("probes need no name")
                    .startsWith("HTTP/1.1 200 ");
        } finally {
            server.stop();
        }
        assertThat(log.lines()).containsExactly("those with a name may ask");
    }

    @Test
    void saysNothingOfItWhereItDoesNotStart() throws IOException {
        assertThat(run(OPEN, "0.0.0.0", "true", "''")).isEqualTo(78);
        assertThat(log.lines()).isEmpty();
    }

    private int run(Service service, String host, String writable, String auth) throws IOException {
        var printer = new PrintStream(err, true, UTF_8);
        return new CommandLine(service, printer, printer)
                .run("--config", config(host, writable, auth).toString());
    }

    private static WebServer start(Service service, Path config) throws StartFailure {
        var builder = WebServer.builder();
        service.configure(builder, service.configuration("--config", config.toString()));
        return builder.build().start();
    }

    private Path config(String host, String writable, String auth) throws IOException {
        return Files.writeString(
                folder.resolve("config.yaml"),
                "{auth: %s, data.writable: %s, server: {host: %s, port: 0, sockets: {admin: {host: 127.0.0.1, port: 0}}}}"
                        .formatted(auth, writable, host));
    }
}
