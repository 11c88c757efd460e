package todomanager.telemetry;

import io.helidon.webserver.http.ServerRequest;
import io.micrometer.core.instrument.Counter;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import todomanager.text.SafeText;

/// Tells a collector of spans, by OpenTelemetry's protocol over HTTP. No request waits for it: a
/// collector that is slow or gone costs spans, which are counted.
///
/// The SDK's own environment variables count too, such as `OTEL_TRACES_SAMPLER`. This is the only
/// class that loads anything of it.
public final class OtlpSpans {
    private static final Logger LOG = System.getLogger("todomanager");
    private static final long LAST_SPANS = 1; // seconds

    private static final Counter ENDED = counter("ended");
    private static final Counter SENT = counter("sent");
    private static final Counter REFUSED = counter("refused");

    private final Tracer tracer;

    /// @param endpoint takes spans, with its path
    /// @throws IllegalArgumentException if one of the SDK's own variables makes no sense
    public OtlpSpans(URI endpoint, String service, String version) {
        OpenTelemetrySdk sdk = sdk(endpoint, service, version);
        tracer = sdk.getTracer("todomanager", version);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(sdk), "last-spans"));
    }

    private static OpenTelemetrySdk sdk(URI endpoint, String service, String version) {
        // what is given comes behind it, and the last one of a name counts
        String ours = "service.name=%s,service.version=%s,".formatted(service, version);
        try {
            return AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(() ->
                            Map.of(
                                    "otel.exporter.otlp.protocol", "http/protobuf",
                                    "otel.exporter.otlp.timeout", "2000",
                                    "otel.metrics.exporter", "none",
                                    "otel.logs.exporter", "none"))
                    .addPropertiesCustomizer(given ->
                            Map.of(
                                    "otel.exporter.otlp.traces.endpoint",
                                    endpoint.toString(),
                                    "otel.resource.attributes",
                                    ours + given.getString("otel.resource.attributes", "")))
                    .addSpanExporterCustomizer((exporter, _) -> new Counting(exporter, endpoint))
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk();
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException(reason(e)); // with the cause in it
        }
    }

    /// The SDK's own words, but where they would be advice to package something.
    private static String reason(ConfigurationException e) {
        String cause = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
        String said = e.getMessage() + cause;
        String notPackaged =
                Variable.allSet().stream()
                        .filter(variable -> variable.isMeant(said))
                        .flatMap(Variable::notPackaged)
                        .collect(Collectors.joining("; "));
        return notPackaged.isEmpty() ? "a variable of OpenTelemetry's SDK: " + said : notPackaged;
    }

    /// What is set for the SDK.
    ///
    /// @param key the SDK's, `otel.traces.sampler` for the environment's `OTEL_TRACES_SAMPLER`
    /// @param source where it was set
    private record Variable(String key, String source, String value) {
        /// What can be named, by the end of the key.
        private static final Map<String, List<String>> PACKAGED =
                Map.of(
                        ".exporter", List.of("otlp", "none"),
                        ".protocol", List.of("http/protobuf"),
                        ".compression", List.of("gzip", "none"),
                        ".propagators", List.of("tracecontext", "baggage", "none"),
                        ".sampler",
                                List.of(
                                        "always_on",
                                        "always_off",
                                        "traceidratio",
                                        "parentbased_always_on",
                                        "parentbased_always_off",
                                        "parentbased_traceidratio"),
                        "otel.config.file", List.of());

        /// All there are, by key; system properties go over the environment.
        static Collection<Variable> allSet() {
            var all = new TreeMap<String, Variable>();
            System.getenv()
                    .forEach((name, value) -> {
                        String key = name.toLowerCase(Locale.ROOT).replace('_', '.');
                        all.put(key, new Variable(key, "environment variable " + name, value));
                    });
            for (String name : System.getProperties().stringPropertyNames()) {
                String key = name.toLowerCase(Locale.ROOT).replace('-', '.');
                all.put(key, new Variable(key, "system property", System.getProperty(name)));
            }
            return all.subMap("otel.", "otel/").values();
        }

        /// Whether a failure of the SDK may be due to it: some name a key, the others nothing.
        boolean isMeant(String failure) {
            return failure.contains(key) || !failure.contains("otel.");
        }

        /// What is wrong if it names what is not packaged, and what to do.
        Stream<String> notPackaged() {
            return PACKAGED.entrySet().stream()
                    .filter(entry -> key.endsWith(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .filter(names -> !names.containsAll(List.of(value.split("\\s*,\\s*", -1))))
                    .map(names ->
                            names.isEmpty() ? "leave it out" : "give " + String.join(" or ", names))
                    .map(remedy ->
                            "%s = %s (%s): not packaged; %s"
                                    .formatted(key, SafeText.quoted(value), source, remedy));
        }
    }

    private static Counter counter(String event) {
        return Metrics.counter(
                "trace.spans",
                "Spans that ended, that the collector took, and that it did not take",
                "event",
                event);
    }

    private static void end(OpenTelemetrySdk sdk) {
        var _ = sdk.shutdown().join(LAST_SPANS, TimeUnit.SECONDS);
    }

    /// Begins the span of a request.
    public Span request(ServerRequest request) {
        Context parent = Traceparent.of(request).map(OtlpSpans::remote).orElseGet(Context::root);
        var span =
                tracer.spanBuilder(request.prologue().method().text())
                        .setParent(parent)
                        .setSpanKind(SpanKind.SERVER)
                        .startSpan();
        // the SDK can be turned off, and then has no trace to tell of
        return span.getSpanContext().isValid() ? new Recorded(span) : Span.passOn(request);
    }

    private static Context remote(String traceparent) {
        var parent =
                SpanContext.createFromRemoteParent(
                        Traceparent.traceId(traceparent),
                        Traceparent.spanId(traceparent),
                        TraceFlags.fromHex(Traceparent.flags(traceparent), 0),
                        TraceState.getDefault());
        return Context.root().with(io.opentelemetry.api.trace.Span.wrap(parent));
    }

    private final class Recorded extends Span {
        private final io.opentelemetry.api.trace.Span span;

        Recorded(io.opentelemetry.api.trace.Span span) {
            this.span = span;
        }

        @Override
        public String traceId() {
            return span.getSpanContext().getTraceId();
        }

        @Override
        public String traceparent() {
            SpanContext context = span.getSpanContext();
            return "00-"
                    + context.getTraceId()
                    + '-'
                    + context.getSpanId()
                    + '-'
                    + context.getTraceFlags().asHex();
        }

        @Override
        public Span call() {
            return new Recorded(
                    tracer.spanBuilder("GET")
                            .setParent(Context.root().with(span))
                            .setSpanKind(SpanKind.CLIENT)
                            .startSpan());
        }

        @Override
        public boolean isRecorded() {
            return span.isRecording();
        }

        @Override
        public void set(String attribute, String value) {
            span.setAttribute(attribute, value);
        }

        @Override
        public void set(String attribute, long value) {
            span.setAttribute(attribute, value);
        }

        @Override
        public void end(String name, boolean failed) {
            span.updateName(name);
            if (failed) {
                span.setStatus(StatusCode.ERROR);
            }
            if (span.isRecording()) {
                ENDED.increment();
            }
            span.end();
        }
    }

    /// Counts the spans that are sent and those that are lost. The SDK's own log, of a line and a
    /// stack trace for each try, is off; here is a line when it fails, and one when it is mended.
    private static final class Counting implements SpanExporter {
        private final SpanExporter exporter;
        private final URI endpoint;
        private final AtomicBoolean fails = new AtomicBoolean();

        Counting(SpanExporter exporter, URI endpoint) {
            this.exporter = exporter;
            this.endpoint = endpoint;
        }

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            CompletableResultCode result = exporter.export(spans);
            return result.whenComplete(() ->
                    ended(result.isSuccess(), spans.size(), why(result.getFailureThrowable())));
        }

        private static String why(@Nullable Throwable failure) {
            if (failure instanceof HttpExportException export && export.getResponse() != null) {
                return ": HTTP status " + export.getResponse().getStatusCode();
            }
            return failure == null ? "" : ": " + SafeText.oneLine(failure.toString());
        }

        private void ended(boolean sent, int spans, String why) {
            (sent ? SENT : REFUSED).increment(spans);
            if (fails.getAndSet(!sent) == sent) {
                Level level = sent ? Level.INFO : Level.WARNING;
                String what = sent ? "takes spans again" : "takes no spans, which are lost" + why;
                LOG.log(level, "the collector at {0} {1}", endpoint, what);
            }
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }
    }
}
