package todomanager.user.signin;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Cookies of this host alone, that no script reads (RFC 6265).
final class Cookies {
    private Cookies() {}

    /// The first one of that name.
    static Optional<String> find(ServerRequestHeaders headers, String name) {
        for (String line : headers.all(HeaderNames.COOKIE, List::of)) {
            for (String cookie : line.split(";", -1)) {
                String pair = cookie.strip();
                if (pair.startsWith(name) && pair.startsWith("=", name.length())) {
                    return Optional.of(pair.substring(name.length() + 1));
                }
            }
        }
        return Optional.empty();
    }

    /// @param sameSite whether a browser sends it when another site leads there
    static Header set(String name, String value, String sameSite, Duration life) {
        return HeaderValues.create(
                HeaderNames.SET_COOKIE,
                "%s=%s; Path=/; Max-Age=%d; HttpOnly; Secure; SameSite=%s"
                        .formatted(name, value, life.toSeconds(), sameSite));
    }

    static Header remove(String name, String sameSite) {
        return set(name, "", sameSite, Duration.ZERO);
    }
}
