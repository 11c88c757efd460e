package todomanager.user;

import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.util.Optional;
import todomanager.http.Resource;
import todomanager.text.UriPath;

/// Where this client finds a user: at the address that it has used, or at the public one where the
/// service has one.
///
/// @param user absolute, without a slash at its end
record UserUri(String user) {
    /// @param publicUri what clients call the service by, if not by the Host that they name
    static UserUri of(ServerRequest request, Optional<URI> publicUri, String username) {
        return new UserUri(
                Resource.root(request, publicUri) + "/users/" + UriPath.segment(username));
    }

    /// All lists of the user.
    String lists() {
        return user + "/lists";
    }
}
