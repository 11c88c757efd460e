package todomanager.auth;

import java.util.Optional;

/// The user whom a path names in the segment behind a prefix. Not by Helidon's patterns: what one
/// of them leaves for the rest may have no line end, and a route's may, so a path could be for a
/// route and for no filter.
///
/// @param isWhole whether nothing stands behind that
public record PathUser(String username, boolean isWhole) {
    /// The user in a path, or none where that does not begin so.
    ///
    /// @param path decoded, in which no slash was encoded
    /// @param prefix with a slash at its end
    public static Optional<PathUser> of(String path, String prefix) {
        if (!path.startsWith(prefix)) {
            return Optional.empty();
        }
        String rest = path.substring(prefix.length());
        int slash = rest.indexOf('/');
        return Optional.of(
                slash < 0
                        ? new PathUser(rest, true)
                        : new PathUser(rest.substring(0, slash), slash == rest.length() - 1));
    }
}
