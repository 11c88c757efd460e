package todomanager.todo;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import todomanager.http.EntityTag;
import todomanager.http.Preconditions;
import todomanager.http.Problem;
import todomanager.http.Problem.Flaw;
import todomanager.http.Revision.Kept;
import todomanager.todo.list.Lists;
import todomanager.todo.list.Refused;
import todomanager.todo.store.ListStore;
import todomanager.todo.store.ListStore.Change;

/// Reads and changes the lists of the user whom a request names, on the conditions that it sets.
///
/// @param publicUri what clients call this service by, if not by the Host that they name
record ListChanges(ListStore store, Optional<URI> publicUri) {

    /// A user's lists, as a request has them to read.
    ///
    /// @throws Problem 404 if the user has none
    Lists read(ServerRequest request, ServerResponse response) {
        var lists = store.lists(username(request));
        response.header(lists.revision().header());
        return lists.value().orElseThrow(ListChanges::noLists);
    }

    /// Changes the user's lists.
    ///
    /// @param current the entity tag of the request's resource, of which the conditions are; none
    ///   where that is not there
    /// @throws Problem 404, 409, 412 or 422 if the change is refused
    <R> R change(
            ServerRequest request,
            ServerResponse response,
            Function<Lists, Optional<EntityTag>> current,
            Function<Lists, Change<R>> change) {
        return changeAll(
                request,
                response,
                lists -> lists.flatMap(current),
                lists -> change.apply(lists.orElse(Lists.NONE)));
    }

    /// The same, told apart whether the user has lists.
    <R> R changeAll(
            ServerRequest request,
            ServerResponse response,
            Function<Optional<Lists>, Optional<EntityTag>> current,
            Function<Optional<Lists>, Change<R>> change) {
        Kept<R> kept =
                heeding(() ->
                        store.change(
                                username(request),
                                lists -> {
                                    Change<R> changed = change.apply(lists);
                                    Preconditions.require(
                                            request.headers(), () -> current.apply(lists));
                                    return changed;
                                }));
        response.header(kept.revision().header());
        return kept.value();
    }

    /// What is asked of the rules, whose refusal becomes a problem.
    static <R> R heeding(Supplier<R> question) {
        try {
            return question.get();
        } catch (Refused e) {
            throw problem(e);
        }
    }

    private static Problem problem(Refused refused) {
        Status status =
                switch (refused.kind()) {
                    case NOT_FOUND -> Status.NOT_FOUND_404;
                    case CONFLICT -> Status.CONFLICT_409;
                    case INVALID -> Status.UNPROCESSABLE_CONTENT_422;
                };
        return new Problem(status, refused.detail())
                .with(
                        refused.errors().stream()
                                .map(error -> new Flaw(error.pointer(), error.detail()))
                                .toList());
    }

    static Problem noLists() {
        return new Problem(
                Status.NOT_FOUND_404,
                "This user has no to-do lists: check the username's spelling.");
    }

    static String username(ServerRequest request) {
        return parameter(request, "username");
    }

    static String parameter(ServerRequest request, String name) {
        return request.path().pathParameters().get(name);
    }

    ListUri uri(ServerRequest request) {
        return ListUri.of(request, username(request), publicUri);
    }
}
