package todomanager.wire;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.regex.Pattern;
import todomanager.http.Problem;
import todomanager.http.ProblemDetails;

/// Finds nothing at a path that Helidon would route as another: it takes an encoded slash for a
/// slash, leaves empty segments out, and goes up at two dots. A segment is data, whole (RFC 3986,
/// section 3.3).
public final class WholeSegments implements Filter {
    private static final Pattern ANOTHER_PATH = Pattern.compile("//|%2[Ff]|/\\.{1,2}(?:/|$)");

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (isAnother(request.prologue().uriPath().rawPath())) {
            // not thrown, or it would pass the other filters by
            ProblemDetails.send(request, response, Problem.notFound());
        } else {
            chain.proceed();
        }
    }

    private static boolean isAnother(String path) {
        boolean maybe = path.contains("//") || path.contains("%") || path.contains("/.");
        return maybe && ANOTHER_PATH.matcher(path).find();
    }
}
