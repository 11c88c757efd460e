package todomanager.user.signin;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import todomanager.auth.PathUser;
import todomanager.http.Problem;
import todomanager.wire.RequestFilter;

/// Lets everybody have what is theirs, their own user and lists, and see who else is there. An
/// administrator has all users, and nobody else's lists.
///
/// What is of somebody else is not there, whether it is or not.
///
/// @param isPublic whether a path is for everybody
record SignInFilter(Credentials credentials, Predicate<String> isPublic) implements RequestFilter {
    private static final HeaderName SEC_FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    private static final Set<String> OF_ALL = Set.of("/users", AuthRoutes.ME);
    private static final Header VARY =
            HeaderValues.createCached(HeaderNames.VARY, "Authorization, Cookie");

    @Override
    public void require(RoutingRequest request, RoutingResponse response) {
        requireOwnPage(request);
        if (!isPublic.test(request.prologue().uriPath().path())) {
            response.header(VARY);
            requireOwn(request);
        }
    }

    private void requireOwn(RoutingRequest request) {
        String path = request.prologue().uriPath().path();
        Optional<PathUser> user = PathUser.of(path, "/users/");
        boolean isUser = user.filter(PathUser::isWhole).isPresent();
        boolean isWriteOfUser = isUser && RequestFilter.isWrite(request);
        Session session = credentials.require(request.headers(), !isWriteOfUser);
        if (user.isEmpty() && !OF_ALL.contains(path)) {
            throw Problem.notFound(); // so that nothing is open that is not named here
        }
        boolean isOwn = user.filter(it -> !it.username().equals(session.username())).isEmpty();
        if (!isOwn && !(isUser && session.isAdmin())) {
            throw Reason.NOT_OWN.problem(
                    Status.NOT_FOUND_404,
                    "There is no such user, or it is not you: GET /auth/me tells who you are.");
        }
        request.context().register(session);
    }

    /// A browser sends a cookie with whatever a page of this host asks for, on any port. So those
    /// are not trusted that do not come from this service's own.
    private static void requireOwnPage(RoutingRequest request) {
        if (!RequestFilter.isWrite(request)
                || Cookies.find(request.headers(), Session.COOKIE).isEmpty()) {
            return;
        }
        boolean isOwn =
                request.headers()
                        .first(SEC_FETCH_SITE)
                        .map("same-origin"::equals)
                        // an Origin that is not ours was refused before
                        .orElse(request.headers().contains(HeaderNames.ORIGIN));
        if (!isOwn) {
            throw Reason.CROSS_SITE.problem(
                    Status.FORBIDDEN_403,
                    "With the cookie only this service's own page may write: send a token instead.");
        }
    }
}
