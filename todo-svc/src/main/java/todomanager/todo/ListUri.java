package todomanager.todo;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import todomanager.http.Resource;
import todomanager.text.UriPath;

/// Where this client finds a user's lists: at the address that it has used, or at that of the
/// service which asks on its behalf.
///
/// @param base of all lists of the user, absolute, without a slash at its end
record ListUri(String base) {
    /// The header by which the service in front names its own address.
    static final HeaderName HEADER = HeaderNames.create("X-Lists-URI");

    private static final int LONGEST = 4_096; // characters

    /// @param publicUri what clients call this service by, if not by the Host that they name
    static ListUri of(ServerRequest request, String username, Optional<URI> publicUri) {
        return request.headers()
                .first(HEADER)
                .flatMap(ListUri::parse)
                .orElseGet(() ->
                        new ListUri(
                                Resource.root(request, publicUri)
                                        + "/lists/"
                                        + UriPath.segment(username)));
    }

    private static Optional<ListUri> parse(String text) {
        try {
            var uri = new URI(text);
            boolean isHttp =
                    "http".equalsIgnoreCase(uri.getScheme())
                            || "https".equalsIgnoreCase(uri.getScheme());
            return isHttp && uri.getRawAuthority() != null && text.length() <= LONGEST
                    ? Optional.of(new ListUri(uri.toASCIIString()))
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    String list(String name) {
        return base + '/' + UriPath.segment(name);
    }

    String item(String list, String id) {
        return list(list) + "/items/" + id;
    }
}
