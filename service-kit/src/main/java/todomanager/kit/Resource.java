package todomanager.kit;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.function.Function;

/// A resource that can be read: GET, HEAD and OPTIONS, and 405 for whatever else is asked of it.
/// Route every method of its path here, since Helidon answers 404 for a method that has no route.
public final class Resource implements Handler {
    private static final Header ALLOW =
            HeaderValues.createCached(HeaderNames.ALLOW, "GET, HEAD, OPTIONS");

    private final Function<ServerRequest, Representation> representation;

    public Resource(Function<ServerRequest, Representation> representation) {
        this.representation = representation;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        Method method = request.prologue().method();
        if (method.equals(Method.GET) || method.equals(Method.HEAD)) {
            representation.apply(request).send(request, response);
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
}
