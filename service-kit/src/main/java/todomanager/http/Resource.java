package todomanager.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.function.Function;
import todomanager.telemetry.RequestObserver;

/// A resource that can be read: GET, HEAD and OPTIONS, and 405 for whatever else is asked of it.
/// Route every method of its path here, since Helidon answers 404 for a method that has no route.
///
/// It makes 128 representations at once, 128 more requests wait for that, and what comes on top
/// gets 503. So a resource that waits for another service can't use this one up: the others go on.
/// Sending is not limited, or slow readers would keep out everybody else.
public final class Resource implements Handler {
    private static final Header ALLOW =
            HeaderValues.createCached(HeaderNames.ALLOW, "GET, HEAD, OPTIONS");

    private static final int AT_ONCE = 128;

    private final BiFunction<ServerRequest, ServerResponse, Representation> representation;
    private final Semaphore permits = new Semaphore(AT_ONCE, true);

    public Resource(Function<ServerRequest, Representation> representation) {
        this((request, response) -> representation.apply(request));
    }

    /// One that sets headers too.
    public Resource(BiFunction<ServerRequest, ServerResponse, Representation> representation) {
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
        enter();
        try {
            return representation.apply(request, response);
        } finally {
            permits.release();
        }
    }

    /// Who waits does so without a time-out: what is before it has one, and under load Java's
    /// scheduler could not keep up with the expired ones and came to nothing else.
    private void enter() {
        if (permits.hasQueuedThreads() || !permits.tryAcquire()) {
            if (permits.getQueueLength() >= AT_ONCE) {
                RequestObserver.shed();
                throw Problem.busy();
            }
            permits.acquireUninterruptibly();
        }
    }
}
