package todomanager.todo;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.List;
import java.util.Set;
import todomanager.auth.Assertions;
import todomanager.auth.Assertions.Subject;
import todomanager.auth.PathUser;
import todomanager.http.Problem;
import todomanager.wire.RequestFilter;

/// Believes nobody but user-svc, which says with each request whose lists it is about: so a fault
/// in how that makes a path reaches nobody else's.
///
/// The greeting and the description are for everybody.
record AssertionFilter(Assertions assertions) implements RequestFilter {
    private static final Set<String> PUBLIC = Set.of("/", "/openapi");
    private static final String SCHEME = "Bearer ";
    private static final Header CHALLENGE =
            HeaderValues.createCached(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"todo-svc\"");

    @Override
    public void require(RoutingRequest request, RoutingResponse response) {
        if (PUBLIC.contains(request.prologue().uriPath().path())) {
            return;
        }
        List<String> given = request.headers().all(HeaderNames.AUTHORIZATION, List::of);
        Subject subject =
                given.size() == 1 && given.getFirst().startsWith(SCHEME)
                        ? assertions
                                .verify(given.getFirst().substring(SCHEME.length()))
                                .orElse(null)
                        : null;
        if (subject == null) {
            throw new Problem(
                            Status.UNAUTHORIZED_401,
                            "Only user-svc may ask here: ask there for a user's lists.")
                    .with(CHALLENGE);
        }
        boolean isOfUser =
                PathUser.of(request.prologue().uriPath().path(), "/lists/")
                        .filter(user -> user.username().equals(subject.user()))
                        .isPresent();
        if (!isOfUser || RequestFilter.isWrite(request) != subject.isWrite()) {
            throw new Problem(
                    Status.FORBIDDEN_403,
                    "The assertion is for another user, or for another kind of request.");
        }
    }
}
