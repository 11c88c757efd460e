package todomanager.telemetry;

import io.helidon.webserver.http.ServerRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A piece of work within a trace: a request, or a call that it takes (W3C Trace Context).
///
/// Where no collector is told of spans, this is the trace that came with the request, or a new one,
/// as it goes on to other services and into the log.
public abstract class Span {
    private static final ScopedValue<Span> CURRENT = ScopedValue.newInstance();

    Span() {}

    /// That of the request which this thread answers, outside of one that of a new trace.
    public static Span current() {
        return CURRENT.isBound() ? CURRENT.get() : new PassedOn(null);
    }

    /// That of a request whose trace no collector is told of.
    public static Span passOn(ServerRequest request) {
        return new PassedOn(Traceparent.of(request).orElse(null));
    }

    public static boolean isCurrent() {
        return CURRENT.isBound();
    }

    /// Does some work, of which this is the current span.
    public void carry(Consumer<Span> work) {
        ScopedValue.where(CURRENT, this).run(() -> work.accept(this));
    }

    /// 32 hexadecimal digits.
    public abstract String traceId();

    /// What a call has to bear, to belong to this span.
    public abstract String traceparent();

    /// Begins a call to another service, as part of this.
    public abstract Span call();

    /// Whether a collector will be told.
    public abstract boolean isRecorded();

    /// Sets what a collector is told, named by OpenTelemetry's semantic conventions.
    public abstract void set(String attribute, String value);

    public abstract void set(String attribute, long value);

    public abstract void end(String name, boolean failed);

    /// One that no collector is told of.
    public static final class PassedOn extends Span {
        private @Nullable String traceparent;

        /// @param traceparent null for one that is made when somebody asks for it
        public PassedOn(@Nullable String traceparent) {
            this.traceparent = traceparent;
        }

        @Override
        public String traceId() {
            return Traceparent.traceId(traceparent());
        }

        @Override
        public String traceparent() {
            String known = traceparent;
            if (known == null) {
                known = Traceparent.random();
                traceparent = known;
            }
            return known;
        }

        @Override
        public Span call() {
            return this;
        }

        @Override
        public boolean isRecorded() {
            return false;
        }

        @Override
        public void set(String attribute, String value) {}

        @Override
        public void set(String attribute, long value) {}

        @Override
        public void end(String name, boolean failed) {}
    }
}
