package todomanager.kit;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// The header that names the trace and the span which a request belongs to (W3C Trace Context,
/// section 3.2).
final class Traceparent {
    private static final HeaderName HEADER = HeaderNames.create("traceparent");
    private static final HexFormat HEX = HexFormat.of();

    /// Of a later version than 00, what it has in common with that, whatever comes behind it.
    private static final Pattern VALID =
            Pattern.compile(
                    "(?!ff)[0-9a-f]{2}(-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2})"
                            + "((?<!^00.{53})-.*)?");

    private Traceparent() {}

    /// That of the request, if it is valid, in version 00.
    static Optional<String> of(ServerRequest request) {
        List<String> given = request.headers().all(HEADER, List::of);
        if (given.size() == 1) {
            var valid = VALID.matcher(given.getFirst());
            if (valid.matches()) {
                return Optional.of("00" + valid.group(1));
            }
        }
        return Optional.empty();
    }

    /// That of a new trace, which nobody records.
    static String random() {
        var random = ThreadLocalRandom.current();
        return "00-"
                + HEX.toHexDigits(random.nextLong())
                + HEX.toHexDigits(random.nextLong() | 1)
                + '-'
                + HEX.toHexDigits(random.nextLong() | 1)
                + "-00";
    }

    static String traceId(String traceparent) {
        return traceparent.substring(3, 35);
    }

    static String spanId(String traceparent) {
        return traceparent.substring(36, 52);
    }

    /// Two hexadecimal digits.
    static String flags(String traceparent) {
        return traceparent.substring(53, 55);
    }
}
