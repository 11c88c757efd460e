package todomanager.service;

import io.helidon.common.configurable.ResourceException;
import io.helidon.common.pki.PkiException;
import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.logging.common.LogConfig;
import io.helidon.service.registry.Services;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import todomanager.auth.Guard;
import todomanager.auth.Misconfigured;
import todomanager.database.Address.Unusable;
import todomanager.database.Tables;
import todomanager.document.DocumentWriter.NotWritable;
import todomanager.http.ProblemDetails;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.json.InvalidDocument;
import todomanager.telemetry.LogHandler;
import todomanager.telemetry.Metrics;
import todomanager.telemetry.OtlpSpans;
import todomanager.telemetry.RequestObserver;
import todomanager.telemetry.Span;
import todomanager.text.SafeText;
import todomanager.wire.ConnectionClose;
import todomanager.wire.CrossSiteWrites;
import todomanager.wire.WholeSegments;

/// A service as a list: its name, what checks its document, what can be set, and its parts.
///
/// @param name as its jar, its log and its help call it
/// @param check throws [InvalidDocument] for the bytes of a document that can't be served
/// @param settings what can be set
/// @param tables that its data can be kept in, instead of a document
/// @param parts makes the parts, as the settings say, or throws [InvalidDocument]
public record Service(
        String name,
        Consumer<byte[]> check,
        List<Setting<?>> settings,
        Optional<Tables> tables,
        Function<Settings, Parts> parts) {

    private static final Logger LOG = System.getLogger("todomanager");
    private static final String ADMIN = "admin";

    /// What a service is made of, beside what all services have.
    ///
    /// @param guard what stands before them, if anything does
    /// @param routes its resources
    /// @param start begins what goes on beside requests
    /// @param toClose what ends with the service
    public record Parts(
            Optional<Guard> guard,
            HttpService routes,
            Runnable start,
            List<AutoCloseable> toClose) {
        /// The same with nothing before its resources.
        public Parts(HttpService routes, Runnable start, List<AutoCloseable> toClose) {
            this(Optional.empty(), routes, start, toClose);
        }
    }

    /// @param settings what can be set beside what can be set for every service
    public Service {
        settings = Stream.concat(Settings.OF_ALL.stream(), settings.stream()).toList();
    }

    /// Runs the service until it is told to stop. A service that can't start says why on standard
    /// error and ends with an exit code of its own, as the command line does for all that is wrong.
    public void main(String... args) {
        VirtualThreads.haveFewerPollersThanSchedulerThreads();
        LogConfig.configureRuntime(); // by logging.properties, before anything can log
        int exitCode =
                new CommandLine(this, utf8(FileDescriptor.out), utf8(FileDescriptor.err)).run(args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /// Java's own streams would write question marks where the locale has no other character.
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /// Reads the settings that the arguments of a command line ask for.
    public Settings configuration(String... args) throws StartFailure {
        return new CommandLine(this, System.out, System.err).settings(args);
    }

    void start(Settings settings) throws StartFailure {
        LogHandler.use(settings.get(Settings.LOG_FORMAT));
        Services.set(Config.class, settings.config()); // or Helidon looks for one of its own
        var health = new Health();
        WebServer server = serve(settings, health);
        LOG.log(
                Level.INFO,
                "{0} {1} serves {2} at {3}, /observe/health and /observe/metrics at {4}, {5} ms after the start of Java",
                name,
                version(),
                settings.data(),
                address(server.hasTls(), server.port()),
                address(server.hasTls(ADMIN), server.port(ADMIN)),
                Long.toString(sinceStart().toMillis()));
        Metrics.observeProcess(name, version()); // only now: it takes a tenth of the start
    }

    private static String address(boolean tls, int port) {
        return (tls ? "https" : "http") + "://localhost:" + port;
    }

    private static Duration sinceStart() {
        var now = Instant.now();
        return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
    }

    /// Sets a server up to be this service.
    public void configure(WebServerConfig.BuilderBase<?, ?> server, Settings settings)
            throws StartFailure {
        configure(server, settings, new Health());
    }

    void configure(WebServerConfig.BuilderBase<?, ?> server, Settings settings, Health health)
            throws StartFailure {
        Parts made = parts(settings);
        Function<ServerRequest, Span> tracing = tracing(settings);
        var description = Representation.packaged("/openapi.json", "application/openapi+json");
        Config config = settings.config().get("server");
        Config adminConfig = config.get("sockets").get(ADMIN);
        ListenerConfig.Builder admin = ListenerConfig.builder();
        Duration grace = settings.get(Settings.GRACE);
        Ports.configure(server, config, Ports.mostConnections(), grace, health.connections());
        Ports.configure(admin, adminConfig, Ports.MOST_ADMIN, grace, new AtomicInteger());
        boolean isLocal = isLocal(server);
        String guarded = guarded(made.guard(), isLocal, settings);
        var crossSiteWrites = new CrossSiteWrites(settings.get(Settings.PUBLIC_URI), isLocal);
        server.putSocket(ADMIN, admin.name(ADMIN).build())
                .routing(routing ->
                        routing.addFilter(new ConnectionClose(health::isStopping))
                                .addFilter(
                                        new RequestObserver(
                                                tracing, settings.get(Settings.LOG_ACCESS)))
                                .addFilter(new WholeSegments())
                                .addFilter(crossSiteWrites)
                                .update(filters -> addTo(filters, made.guard()))
                                .addFeature(new Running(made, guarded, health))
                                .register(made.routes())
                                .any("/openapi", new Resource(request -> description))
                                .error(Throwable.class, ProblemDetails::send))
                .routing(
                        ADMIN,
                        routing ->
                                routing.addFilter(new ConnectionClose(health::isStopping))
                                        .addFilter(new WholeSegments())
                                        .register("/observe", health)
                                        .any("/observe/metrics", new Resource(_ -> metrics()))
                                        .error(Throwable.class, ProblemDetails::send));
        Metrics.observeConnections(health.connections()::get, server.maxTcpConnections());
    }

    private static void addTo(HttpRouting.Builder routing, Optional<Guard> guard) {
        guard.ifPresent(it -> routing.addFilter(it.filter()));
    }

    /// Who may do what here, in a sentence.
    ///
    /// @throws StartFailure if everybody might write, and nobody said that this is meant
    private static String guarded(Optional<Guard> guard, boolean isLocal, Settings settings)
            throws StartFailure {
        boolean isOpen = settings.get(Settings.AUTH).isPresent();
        if (guard.isPresent()) {
            if (isOpen) {
                throw new StartFailure(
                        StartFailure.CONFIG,
                        "auth = none (AUTH): is for a service without sign-in; leave it out");
            }
            return guard.get().sentence();
        }
        if (isLocal) {
            return "nobody signs in, and only this machine reaches the service";
        }
        if (!settings.get(Settings.DATA_WRITABLE)) {
            return "nobody signs in, and whoever reaches the service reads all of it";
        }
        if (isOpen) {
            return "nobody signs in, and whoever reaches the service reads and changes all of it (auth=none)";
        }
        throw new StartFailure(
                StartFailure.CONFIG,
                "auth (AUTH): other machines may reach the service, and whoever does could change everything; set up sign-in (docs/sign-in.md), or auth=none if that is meant, or data.writable=false");
    }

    /// Whether no other machine reaches it. Its bind-address, if it has one, goes over its host.
    private static boolean isLocal(WebServerConfig.BuilderBase<?, ?> server) {
        if (server.bindAddress().isPresent()) {
            return server.bindAddress().get() instanceof InetSocketAddress bound
                    && bound.getAddress() != null // of a name that nobody knows
                    && bound.getAddress().isLoopbackAddress();
        }
        try {
            return InetAddress.getByName(server.host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // and the server won't start
        }
    }

    private static Representation metrics() {
        return Representation.text(Metrics.MEDIA_TYPE, Metrics.REGISTRY.scrape());
    }

    private Parts parts(Settings settings) throws StartFailure {
        try {
            return parts.apply(settings);
        } catch (InvalidDocument e) {
            throw new StartFailure(StartFailure.DATA, e.describe());
        } catch (Unusable e) {
            throw new StartFailure(StartFailure.CONFIG, e.sentence());
        } catch (Misconfigured e) {
            throw new StartFailure(StartFailure.CONFIG, String.valueOf(e.getMessage()));
        } catch (NotWritable e) {
            throw new StartFailure(
                    StartFailure.CONFIG,
                    e.getMessage()
                            + "; if that is meant, set data.writable=false (DATA_WRITABLE) to serve what is there");
        }
    }

    /// Starts parts with the server, and closes them with it.
    private record Running(Parts parts, String guarded, Health health) implements HttpFeature {
        @Override
        public void setup(HttpRouting.Builder routing) {}

        @Override
        public void afterStart(WebServer server) {
            LOG.log(Level.INFO, guarded);
            parts.start().run();
            health.started(server);
        }

        @Override
        public void afterStop() {
            parts.toClose().forEach(Running::close);
        }

        private static void close(AutoCloseable part) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "closing a part failed", e); // and the others are closed
            }
        }
    }

    private Function<ServerRequest, Span> tracing(Settings settings) {
        return settings.get(Settings.TRACES_COLLECTOR)
                .or(() -> settings.get(Settings.COLLECTOR))
                .<Function<ServerRequest, Span>>map(
                        endpoint -> new OtlpSpans(endpoint, name, version())::request)
                .orElse(Span::passOn);
    }

    private WebServer serve(Settings settings, Health health) throws StartFailure {
        var builder = WebServer.builder();
        try {
            configure(builder, settings, health);
            WebServerConfig config = builder.buildPrototype();
            Ports.requireUsable(config);
            WebServer server = builder.build();
            Duration drain = settings.get(Settings.DRAIN);
            var stop = new GracefulStop(name, server, health, drain, settings.get(Settings.GRACE));
            stop.atSignal(); // before it is ready, as whoever is told so may stop it
            server.start();
            if (health.isStarted()) {
                return server;
            }
        } catch (ConfigException | IllegalArgumentException | PkiException | ResourceException e) {
            throw new StartFailure(
                    StartFailure.CONFIG, "can't start the server: " + SafeText.oneLine(reason(e)));
        }
        throw new StartFailure(StartFailure.CONFIG, "can't start the server: see the log above");
    }

    private static String reason(RuntimeException e) {
        String what = String.valueOf(e.getMessage());
        if (e instanceof ConfigException) { // cut before it names the class that made no sense
            return what.replaceFirst("(?s)(has failed):.*", "$1");
        }
        return Optional.ofNullable(e.getCause())
                .map(Throwable::getMessage)
                .filter(cause -> !what.contains(cause))
                .map(cause -> what + ": " + cause)
                .orElse(what);
    }

    static String version() {
        return Optional.ofNullable(Service.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }
}
