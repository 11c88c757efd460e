package todomanager.wire;

import io.helidon.http.Method;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Set;
import todomanager.http.Problem;
import todomanager.http.ProblemDetails;

/// Lets a request pass, or refuses it.
public interface RequestFilter extends Filter {
    /// The methods of which none changes anything.
    Set<Method> READS = Set.of(Method.GET, Method.HEAD, Method.OPTIONS);

    /// Looks whether a request may pass.
    ///
    /// @throws Problem that the client is answered if it may not
    void require(RoutingRequest request, RoutingResponse response);

    @Override
    default void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        try {
            require(request, response);
        } catch (Problem e) {
            // not thrown, or it would pass the other filters by
            ProblemDetails.send(request, response, e);
            return;
        }
        chain.proceed();
    }

    /// Whether a request may change something.
    static boolean isWrite(RoutingRequest request) {
        return !READS.contains(request.prologue().method());
    }
}
