package todomanager.user.store;

import jakarta.json.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import todomanager.json.JsonDocument;
import todomanager.user.store.UserStore.Change;

/// Who of those that the provider knows is a user here.
///
/// @param addsUsers whether everybody becomes one, who comes for the first time
public record Members(UserStore store, boolean addsUsers) {

    public boolean has(String username) {
        return store.find(username).value().isPresent();
    }

    /// Whether somebody is a user, or has become one.
    ///
    /// @param name empty for none, so that the username is the name
    /// @throws todomanager.http.Problem 503 or 507 if nothing can be written now
    public boolean admit(String username, String name, boolean isVerified) {
        if (has(username)) {
            return true;
        }
        if (!addsUsers || !User.isUsername(username)) {
            return false;
        }
        var _ =
                store.change(
                        username,
                        (before, ids) ->
                                new Change<>(
                                        before.or(() ->
                                                Optional.of(
                                                        user(
                                                                ids.next(),
                                                                name.isEmpty() ? username : name,
                                                                isVerified))),
                                        ""));
        return true;
    }

    private static User user(BigInteger id, String name, boolean isVerified) {
        String body =
                Json.createObjectBuilder()
                        .add("name", name)
                        .add("verified", isVerified ? 1 : 0)
                        .build()
                        .toString();
        return JsonDocument.read(body.getBytes(StandardCharsets.UTF_8))
                .as(node -> User.of(id, User.whole(node)));
    }
}
