package todomanager.kit;

import io.helidon.common.concurrency.limits.FixedLimit;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.concurrency.limits.LimitAlgorithm.Outcome;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;

/// A resource that can be read: GET, HEAD and OPTIONS, and 405 for whatever else is asked of it.
/// Route every method of its path here, since Helidon answers 404 for a method that has no route.
///
/// It makes 128 representations at once, 128 more requests wait for a moment, and what comes on top
/// gets 503. So a resource that waits for another service can't use this one up: the others go on.
/// Sending is not limited, or slow readers would keep out everybody else.
public final class Resource implements Handler {
    private static final Header ALLOW =
            HeaderValues.createCached(HeaderNames.ALLOW, "GET, HEAD, OPTIONS");

    private static final int AT_ONCE = 128;
    private static final Duration MOMENT = Duration.ofMillis(20);

    private final BiFunction<ServerRequest, ServerResponse, Representation> representation;
    private final Limit limit =
            FixedLimit.builder().permits(AT_ONCE).queueLength(AT_ONCE).queueTimeout(MOMENT).build();

    public Resource(Function<ServerRequest, Representation> representation) {
        this((request, response) -> representation.apply(request));
    }

    /// One that sets headers too.
    Resource(BiFunction<ServerRequest, ServerResponse, Representation> representation) {
        this.representation = representation;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        Method method = request.prologue().method();
        if (method.equals(Method.GET) || method.equals(Method.HEAD)) {
            representation(request, response).send(request, response);
            return;
        }
        response.header(ALLOW);
        if (!method.equals(Method.OPTIONS)) {
            throw new Problem(
                    Status.METHOD_NOT_ALLOWED_405,
                    "This resource can only be read: use one of the methods in Allow.");
        }
        response.header(Representation.NOSNIFF).status(Status.NO_CONTENT_204).send();
    }

    private Representation representation(ServerRequest request, ServerResponse response) {
        if (!(limit.tryAcquireOutcome() instanceof Outcome.Accepted accepted)) {
            RequestObserver.shed();
            throw Problem.busy();
        }
        try {
            return representation.apply(request, response);
        } finally {
            accepted.token().ignore(); // gives it back, and takes no time of it
        }
    }
}
