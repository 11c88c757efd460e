package todomanager.wire;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import todomanager.http.Problem;

/// Refuses to let a browser write for a page of somebody else: one that the browser says is of
/// another site, and one that has its own name resolved to this machine (DNS rebinding).
///
/// @param publicUri what people call this service by, if not by its own address
/// @param isLocal whether only this machine can reach the service
public record CrossSiteWrites(Optional<URI> publicUri, boolean isLocal) implements RequestFilter {
    private static final HeaderName SEC_FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    private static final Pattern SCHEME = Pattern.compile("https?://");
    private static final Pattern LOCAL =
            Pattern.compile("(?i)(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d*)?");

    @Override
    public void require(RoutingRequest request, RoutingResponse response) {
        if (!RequestFilter.isWrite(request)) {
            return;
        }
        String host = request.authority();
        if (isLocal && !LOCAL.matcher(host).matches() && !isPublic(host)) {
            throw new Problem(
                    Status.FORBIDDEN_403,
                    "The Host is not this machine: ask for localhost, or have public.uri name it.");
        }
        if (request.headers().first(SEC_FETCH_SITE).filter("cross-site"::equals).isPresent()
                || request.headers()
                        .first(HeaderNames.ORIGIN)
                        .filter(o -> !isOwn(o, host))
                        .isPresent()) {
            throw new Problem(
                    Status.FORBIDDEN_403,
                    "A page of another site asks for this: only this service's own may write.");
        }
    }

    /// Whatever its scheme, as that of a request behind a proxy says nothing.
    private boolean isOwn(String origin, String host) {
        String authority = SCHEME.matcher(origin).replaceFirst("");
        return !authority.equals(origin)
                && (authority.equalsIgnoreCase(host) || isPublic(authority));
    }

    private boolean isPublic(String authority) {
        return publicUri.filter(uri -> authority.equalsIgnoreCase(uri.getAuthority())).isPresent();
    }
}
