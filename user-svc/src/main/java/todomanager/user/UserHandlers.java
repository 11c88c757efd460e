package todomanager.user;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import todomanager.http.EntityTag;
import todomanager.http.Preconditions;
import todomanager.http.Problem;
import todomanager.http.Problem.Flaw;
import todomanager.http.Representation;
import todomanager.http.RequestBody;
import todomanager.http.Revision.Kept;
import todomanager.json.InvalidDocument;
import todomanager.json.JsonNode;
import todomanager.user.store.User;
import todomanager.user.store.UserStore;
import todomanager.user.store.UserStore.Change;
import todomanager.user.store.UserStore.Ids;
import todomanager.user.todo.TodoClient;

/// One of the users.
///
/// @param publicUri what clients call the service by, if not by the Host that they name
record UserHandlers(UserStore store, TodoClient todoClient, Optional<URI> publicUri) {
    private static final int LARGEST = 64 << 10; // bytes of a user in the document

    Representation read(ServerRequest request, ServerResponse response) {
        var user = store.find(username(request));
        response.header(user.revision().header());
        return user.value().orElseThrow(UserHandlers::noUser);
    }

    /// Looks the user up for a request that others answer.
    ///
    /// @throws Problem 404 if there is none, with the revision of the users
    void require(ServerRequest request) {
        var user = store.find(username(request));
        if (user.value().isEmpty()) {
            throw noUser().with(user.revision().header());
        }
    }

    Representation put(ServerRequest request, ServerResponse response) {
        JsonNode body = RequestBody.json(request, User::whole);
        return change(
                request,
                response,
                (before, ids) ->
                        before.map(user -> user.replaced(body))
                                .or(() -> Optional.of(made(username(request), body, ids))));
    }

    Representation patch(ServerRequest request, ServerResponse response) {
        JsonNode patch = RequestBody.json(request, User::patch);
        return change(
                request,
                response,
                (before, _) ->
                        Optional.of(before.orElseThrow(UserHandlers::noUser).patched(patch)));
    }

    /// The lists go first: who asks again, after a failure, finds the user there still.
    Representation remove(ServerRequest request, ServerResponse response) {
        Representation now =
                store.find(username(request)).value().orElseThrow(UserHandlers::noUser);
        Preconditions.require(request.headers(), now::tag);
        todoClient.removeLists(username(request));
        try {
            return change(
                    request,
                    response,
                    (before, _) -> {
                        var _ = before.orElseThrow(UserHandlers::noUser);
                        return Optional.empty();
                    });
        } catch (Problem e) {
            throw e.status().family() == Status.Family.SERVER_ERROR ? listsRemoved(e) : e;
        }
    }

    /// Which says more than that nothing was changed.
    private static Problem listsRemoved(Problem e) {
        return new Problem(
                e.status(),
                "The lists were removed, and the user may be there still: try again in a moment.",
                e.getCause());
    }

    static String username(ServerRequest request) {
        return request.path().pathParameters().get("username");
    }

    /// @param change what it makes of the user, or none where that is removed
    private Representation change(
            ServerRequest request,
            ServerResponse response,
            BiFunction<Optional<User>, Ids, Optional<User>> change) {
        String username = username(request);
        String uri = UserUri.of(request, publicUri, username).user();
        Kept<Representation> kept =
                store.change(
                        username,
                        (before, ids) -> {
                            Optional<User> now = change.apply(before, ids);
                            Representation answer =
                                    now.map(user -> served(user, before))
                                            .orElse(Representation.none());
                            Preconditions.require(
                                    request.headers(), () -> before.flatMap(UserHandlers::tag));
                            return new Change<>(
                                    now,
                                    before.isPresent()
                                            ? answer
                                            : answer.with(Status.CREATED_201)
                                                    .with(
                                                            HeaderValues.create(
                                                                    HeaderNames.LOCATION, uri)));
                        });
        response.header(kept.revision().header());
        return kept.value();
    }

    private static Optional<EntityTag> tag(User user) {
        return user.served().tag();
    }

    /// The user as it is served once it is changed. One that a person has written may be larger
    /// than others, but not become so.
    private static Representation served(User user, Optional<User> before) {
        if (before.filter(there -> !there.id().equals(user.id())).isPresent()) {
            throw invalid("/id", "The id of a user can't be changed: leave it out.");
        }
        if (user.size() > Math.max(LARGEST, before.map(User::size).orElse(0))) {
            throw invalid("", "A user can have 64 KiB as JSON: remove something first.");
        }
        try {
            return user.served();
        } catch (InvalidDocument e) {
            throw invalid("", "A user can't have this: " + e.getMessage() + '.');
        }
    }

    private static User made(String username, JsonNode body, Ids ids) {
        requireUsername(username);
        User user = User.of(ids.next(), body);
        if (body.members().containsKey("id") && ids.isTaken(user.id())) {
            throw problem(
                    Status.CONFLICT_409,
                    "/id",
                    "Another user has this id: choose another, or leave it out.");
        }
        return user;
    }

    private static void requireUsername(String username) {
        if (!Normalizer.isNormalized(username, Normalizer.Form.NFC)) {
            throw new Problem(
                    Status.UNPROCESSABLE_CONTENT_422,
                    "A new username must be in the composed form of Unicode: send it in NFC.");
        }
        if (!User.isUsername(username)) {
            throw new Problem(
                    Status.UNPROCESSABLE_CONTENT_422,
                    "A new username has 1 to 64 letters and digits of any script, dots, underscores, hyphens and at signs, and is not \".\" or \"..\": choose another.");
        }
    }

    private static Problem noUser() {
        return new Problem(
                Status.NOT_FOUND_404, "There is no such user: GET /users lists all of them.");
    }

    private static Problem invalid(String pointer, String detail) {
        return problem(Status.UNPROCESSABLE_CONTENT_422, pointer, detail);
    }

    private static Problem problem(Status status, String pointer, String detail) {
        return new Problem(status, detail).with(List.of(new Flaw(pointer, detail)));
    }
}
