package todomanager.service;

import io.helidon.common.configurable.ResourceException;
import io.helidon.common.pki.PkiException;
import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import io.helidon.logging.common.LogConfig;
import io.helidon.service.registry.Services;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.observe.ObserveFeature;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import todomanager.document.DataFile;
import todomanager.document.LiveDocument;
import todomanager.document.Validation;
import todomanager.http.ProblemDetails;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.json.InvalidDocument;
import todomanager.telemetry.LogFormat;
import todomanager.telemetry.LogHandler;
import todomanager.telemetry.Metrics;
import todomanager.telemetry.OtlpSpans;
import todomanager.telemetry.RequestObserver;
import todomanager.telemetry.Span;
import todomanager.text.SafeText;

/// A service over one JSON document: how to read the document, and which routes serve it.
///
/// @param name as its jar, its log and its help call it
/// @param document makes of the document's bytes what the routes serve, or throws [InvalidDocument]
/// @param settings what can be set beside the ports and the data's path
/// @param routes make resources of the document, which changes while the service runs
/// @param <T> a document that has been read
public record Service<T>(
        String name,
        Function<byte[], T> document,
        List<Setting<?>> settings,
        BiFunction<LiveDocument<T>, Settings, HttpService> routes) {

    private static final Logger LOG = System.getLogger("todomanager");
    private static final String ADMIN = "admin";
    private static final int MOST_ADMIN_CONNECTIONS = 128;
    private static final int BYTES_OF_A_CONNECTION = 48 << 10; // twice what one in use takes
    private static final Setting<Integer> PORT = Setting.port("server.port");
    private static final Setting<Integer> ADMIN_PORT = Setting.port("server.sockets.admin.port");
    private static final Setting<Path> DATA = Setting.path("data.path");
    private static final Setting<Duration> POLL = Setting.duration("data.poll");
    private static final Setting<Duration> DRAIN = Setting.duration("shutdown.drain");
    private static final Setting<Duration> GRACE = Setting.duration("shutdown.grace");
    private static final Setting<LogFormat> LOG_FORMAT =
            Setting.oneOf("log.format", List.of(LogFormat.values()));
    private static final Setting<Boolean> LOG_ACCESS =
            Setting.oneOf("log.access", List.of(true, false));
    private static final Setting<Optional<URI>> COLLECTOR =
            Setting.httpUri("otel.exporter.otlp.endpoint").optional();

    /// Runs the service until it is told to stop. One that can't start says why on standard error
    /// and ends with an exit code of sysexits.h: 64 for a wrong call, 65 for a bad document, 78 for
    /// a bad configuration.
    public void main(String... args) {
        try {
            switch (args.length == 0 ? "" : args[0]) {
                case "--help" -> System.out.print(help());
                case "--version" -> System.out.println(name + " " + version());
                case "validate" -> validate(List.of(args).subList(1, args.length));
                default -> start(args);
            }
        } catch (StartFailure e) {
            e.lines().forEach(line -> System.err.println(name + ": " + line));
            System.exit(e.exitCode());
        }
    }

    private void validate(List<String> args) throws StartFailure {
        var files = new ArrayList<Path>();
        Path users = null;
        Path config = null;
        for (var rest = args.iterator(); rest.hasNext(); ) {
            String arg = rest.next();
            if (arg.equals("--users") && users == null && rest.hasNext()) {
                users = path(rest.next());
            } else if (arg.equals("--config") && config == null && rest.hasNext()) {
                config = path(rest.next());
            } else if (arg.startsWith("-")) {
                throw notUnderstood("validate", arg);
            } else {
                files.add(path(arg));
            }
        }
        if (files.isEmpty()) {
            files.add(Settings.read(config, known()).get(DATA));
        }
        if (!new Validation(document, System.out).run(files, users)) {
            System.exit(StartFailure.DATA);
        }
    }

    private static Path path(String arg) throws StartFailure {
        try {
            return Setting.parsePath(arg);
        } catch (IllegalArgumentException e) {
            throw new StartFailure(
                    StartFailure.USAGE, SafeText.quoted(arg) + " is " + e.getMessage());
        }
    }

    private void start(String... args) throws StartFailure {
        haveFewerPollersThanSchedulerThreads();
        LogConfig.configureRuntime();
        Settings settings = configuration(args);
        LogHandler.use(settings.get(LOG_FORMAT));
        Services.set(Config.class, settings.config()); // or Helidon looks for one of its own
        var health = new Health();
        WebServer server = serve(settings, health);
        new GracefulStop(name, server, health, settings.get(DRAIN), settings.get(GRACE)).atSignal();
        LOG.log(
                Level.INFO,
                "{0} {1} serves {2} at {3}, /observe/health and /observe/metrics at {4}, {5} ms after the start of Java",
                name,
                version(),
                SafeText.oneLine(settings.get(DATA).toString()),
                address(server.hasTls(), server.port()),
                address(server.hasTls(ADMIN), server.port(ADMIN)),
                Long.toString(sinceStart().toMillis()));
        Metrics.observeProcess(name, version()); // only now: it takes a tenth of the start
    }

    private static String address(boolean tls, int port) {
        return (tls ? "https" : "http") + "://localhost:" + port;
    }

    /// Under load, a thread of Java's scheduler whose poller finds clients to read from is never
    /// done with them, and only one that is done looks for new connections and for calls that are
    /// out of time. With a thread and a poller for each of 1, 2, 4 and up to 32 processors, which
    /// is Java's default on Linux, those can wait for seconds. Java takes powers of two only.
    private static void haveFewerPollersThanSchedulerThreads() {
        String parallelism = "jdk.virtualThreadScheduler.parallelism";
        int atLeast = Math.max(Runtime.getRuntime().availableProcessors(), 2);
        int threads = Integer.getInteger(parallelism, atLeast);
        int pollers = Integer.highestOneBit(Math.clamp(threads - 1, 1, 32));
        System.getProperties().putIfAbsent(parallelism, Integer.toString(threads));
        System.getProperties().putIfAbsent("jdk.readPollers", Integer.toString(pollers));
    }

    private static Duration sinceStart() {
        var now = Instant.now();
        return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
    }

    /// Reads the settings that the arguments of a command line ask for.
    public Settings configuration(String... args) throws StartFailure {
        if (args.length == 0) {
            return Settings.read(null, known());
        }
        if (args.length == 2 && args[0].equals("--config")) {
            return Settings.read(Path.of(args[1]), known());
        }
        throw notUnderstood(args);
    }

    private static StartFailure notUnderstood(String... args) {
        String said = SafeText.quoted(String.join(" ", args));
        return new StartFailure(
                StartFailure.USAGE, "can't make sense of the arguments " + said + "; try --help");
    }

    /// Sets a server up to be this service.
    public void configure(WebServerConfig.BuilderBase<?, ?> server, Settings settings)
            throws StartFailure {
        configure(server, settings, new Health());
    }

    private void configure(
            WebServerConfig.BuilderBase<?, ?> server, Settings settings, Health health)
            throws StartFailure {
        LiveDocument<T> live = read(settings.get(DATA), settings.get(POLL));
        Function<ServerRequest, Span> tracing = tracing(settings.get(COLLECTOR));
        var description = Representation.packaged("/openapi.json", "application/openapi+json");
        Config config = settings.config().get("server");
        ListenerConfig.Builder admin = ListenerConfig.builder();
        Duration grace = settings.get(GRACE);
        Ports.configure(server, config, mostConnections(), grace, health.connections());
        Ports.configure(
                admin,
                config.get("sockets").get(ADMIN),
                MOST_ADMIN_CONNECTIONS,
                grace,
                new AtomicInteger());
        server.putSocket(ADMIN, admin.name(ADMIN).build())
                .directHandlers(ProblemDetails.beforeRouting())
                .addFeature(
                        ObserveFeature.builder()
                                .config(config.get("features.observe"))
                                .sockets(List.of(ADMIN))
                                .addObserver(health.observer())
                                .build())
                .routing(routing ->
                        routing.addFilter(new ConnectionClose(health))
                                .addFilter(new RequestObserver(tracing, settings.get(LOG_ACCESS)))
                                .addFeature(health)
                                .addFeature(live)
                                .register(routes.apply(live, settings))
                                .any("/openapi", new Resource(request -> description))
                                .error(Throwable.class, ProblemDetails::send))
                .routing(
                        ADMIN,
                        routing ->
                                routing.addFilter(new ConnectionClose(health))
                                        .register(Metrics::route)
                                        .error(Throwable.class, ProblemDetails::send));
        Metrics.observeConnections(health.connections()::get, server.maxTcpConnections());
    }

    /// As many slow clients as the heap holds, the next ones wait; one too many would end the
    /// listener, and so would one too many for the process.
    private static int mostConnections() {
        return (int) Math.min(Runtime.getRuntime().maxMemory() / BYTES_OF_A_CONNECTION, 4096);
    }

    private Function<ServerRequest, Span> tracing(Optional<URI> collector) {
        return collector.isPresent()
                ? new OtlpSpans(collector.get(), name, version())::request
                : Span::passOn;
    }

    private LiveDocument<T> read(Path path, Duration poll) throws StartFailure {
        try {
            return new LiveDocument<>(path, document, poll);
        } catch (InvalidDocument e) {
            throw new StartFailure(StartFailure.DATA, e.describe(path));
        } catch (OutOfMemoryError e) {
            throw new StartFailure(StartFailure.DATA, DataFile.tooLarge().describe(path));
        }
    }

    private WebServer serve(Settings settings, Health health) throws StartFailure {
        var builder = WebServer.builder();
        try {
            configure(builder, settings, health);
            WebServerConfig config = builder.buildPrototype();
            Ports.requireUsable(config);
            WebServer server = builder.build().start();
            if (server.isRunning()) {
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

    private List<Setting<?>> known() {
        return Stream.concat(
                        Stream.of(
                                PORT,
                                ADMIN_PORT,
                                DATA,
                                POLL,
                                DRAIN,
                                GRACE,
                                LOG_FORMAT,
                                LOG_ACCESS,
                                COLLECTOR),
                        settings.stream())
                .toList();
    }

    private static String version() {
        return Optional.ofNullable(Service.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }

    private String help() {
        Config packaged = Config.just(ConfigSources.classpath("application.yaml"));
        String table =
                known().stream()
                        .map(setting ->
                                "  %-27s %-27s %s%n"
                                        .formatted(
                                                setting.key(),
                                                setting.environmentVariable(),
                                                packaged.get(setting.key()).asString().get()))
                        .collect(Collectors.joining());
        return """
        Usage: java -jar %1$s.jar [--config FILE]
               java -jar %1$s.jar validate [--config FILE] [--users FILE] [FILE…]

          validate       check documents, or the one that is set; end with 65 if one is bad
          --users FILE   warn of usernames that are not in that document
          --config FILE  YAML whose keys go over those of the jar's application.yaml
          --help         print this
          --version      print the version

        Settings, by file or -D, by environment variable, and their defaults:
        %2$s\
        """
                .formatted(name, table);
    }
}
