package todomanager.telemetry;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// The header that names the trace and the span which a request belongs to (W3C Trace Context,
/// section 3.2).
public final class Traceparent {
    private static final HeaderName HEADER = HeaderNames.create("traceparent");
    private static final HexFormat HEX = HexFormat.of();
    private static final int LENGTH = 55; // characters, in version 00
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);

    private Traceparent() {}

    /// That of the request, if it is valid, in version 00. Of a later version it is what that has
    /// in common with 00, whatever comes behind it.
    static Optional<String> of(ServerRequest request) {
        List<String> given = request.headers().all(HEADER, List::of);
        return given.size() == 1 && isValid(given.getFirst())
                ? Optional.of("00" + given.getFirst().substring(2, LENGTH))
                : Optional.empty();
    }

    private static boolean isValid(String given) {
        if (given.length() < LENGTH || given.startsWith("ff")) {
            return false;
        }
        boolean ends =
                given.length() == LENGTH
                        || (given.charAt(LENGTH) == '-' && !given.startsWith("00"));
        return ends
                && isHex(given.substring(0, 2))
                && given.charAt(2) == '-'
                && isHex(traceId(given))
                && !traceId(given).equals(NO_TRACE)
                && given.charAt(35) == '-'
                && isHex(spanId(given))
                && !spanId(given).equals(NO_SPAN)
                && given.charAt(52) == '-'
                && isHex(flags(given));
    }

    /// Whether it has hexadecimal digits only, none of them capital.
    public static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
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
