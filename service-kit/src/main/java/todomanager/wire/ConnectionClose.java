package todomanager.wire;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.function.BooleanSupplier;

/// Closes the connection of a client that asks for it (RFC 9112, section 9.6), and every one after
/// its next answer once the service is told to stop, so that clients go elsewhere in time. Helidon
/// says `Connection: close` in its answer, and waits for another request all the same.
public record ConnectionClose(BooleanSupplier isStopping) implements Filter {
    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        response.beforeSend(() -> {
            if (isStopping.getAsBoolean()) {
                response.header(HeaderValues.CONNECTION_CLOSE);
            }
        });
        chain.proceed();
        if (asksForIt(request.headers())
                || response.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
            readRest(request);
            throw new CloseConnectionException("said in the answer");
        }
    }

    private static boolean asksForIt(ServerRequestHeaders request) {
        return request.contains(HeaderNames.CONNECTION)
                && request.containsToken(HeaderValues.CONNECTION_CLOSE);
    }

    /// What is left unread would make a reset of the close, and the client might lose its answer.
    /// Of a chunked body that is broken, Helidon would wait for more.
    private static void readRest(RoutingRequest request) {
        if (request.headers().contains(HeaderNames.CONTENT_LENGTH)) {
            try {
                request.content().consume();
            } catch (RuntimeException e) {
                // the client has hung up itself
            }
        }
    }
}
