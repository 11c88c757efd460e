package todomanager.kit;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// The trace that a request belongs to, as it goes on to the services that are asked for it (W3C
/// Trace Context, section 3.2).
public final class Traceparent {
    private static final HeaderName HEADER = HeaderNames.create("traceparent");

    /// Of a later version than 00, what it has in common with that, whatever comes behind it.
    private static final Pattern VALID =
            Pattern.compile(
                    "(?!ff)[0-9a-f]{2}(-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2})"
                            + "((?<!^00.{53})-.*)?");

    private Traceparent() {}

    /// That of the request, if it is valid; else that of a new trace, which is not recorded.
    public static String of(ServerRequest request) {
        List<String> given = request.headers().all(HEADER, List::of);
        if (given.size() == 1) {
            var valid = VALID.matcher(given.getFirst());
            if (valid.matches()) {
                return "00" + valid.group(1);
            }
        }
        var random = ThreadLocalRandom.current();
        return "00-%016x%016x-%016x-00"
                .formatted(random.nextLong(), random.nextLong() | 1, random.nextLong() | 1);
    }
}
