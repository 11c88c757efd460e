package todomanager.user.signin;

import io.helidon.http.Status;
import io.micrometer.core.instrument.Counter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import todomanager.http.Problem;
import todomanager.telemetry.Metrics;

/// Why somebody is not let in, as the metrics count it.
enum Reason {
    NO_CREDENTIALS,
    CREDENTIALS,
    EXPIRED,
    COOKIE,
    TOKEN,
    USER,
    NOT_OWN,
    CROSS_SITE,
    CALLBACK,
    PROVIDER;

    /// Has the metrics tell of all reasons before there is one.
    static void observe() {
        for (Reason reason : values()) {
            var _ = reason.counter();
        }
        var _ = signIns();
    }

    private Counter counter() {
        return Metrics.counter(
                "sign.in.refusals",
                "Requests and sign-ins that were refused, by reason",
                "reason",
                name().toLowerCase(Locale.ROOT));
    }

    private static Counter signIns() {
        return Metrics.counter("sign.ins", "People who were signed in on the page");
    }

    static void signedIn() {
        signIns().increment();
    }

    Problem problem(Status status, String detail) {
        return problem(status, detail, null);
    }

    /// @param cause what the log tells beside the detail
    Problem problem(Status status, String detail, @Nullable Throwable cause) {
        counter().increment();
        return new Problem(status, detail, cause);
    }
}
