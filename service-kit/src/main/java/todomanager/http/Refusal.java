package todomanager.http;

import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportRequest;
import io.helidon.http.RequestException;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;

/// A request that is refused before there is a route.
///
/// @param method as far as it is known
/// @param path as far as it is known
/// @param detail what is wrong and what to do, in words of ours: the client reads it
public record Refusal(String method, String path, String detail) implements TransportRequest {

    /// To be thrown where the request is read. The connection ends with the answer.
    public RequestException as(Status status) {
        return RequestException.builder()
                .type(EventType.BAD_REQUEST)
                .status(status)
                .request(this)
                .message(detail)
                .setKeepAlive(false)
                .build();
    }

    @Override
    public String protocolVersion() {
        return "HTTP/1.1";
    }

    @Override
    public ServerRequestHeaders headers() {
        return ServerRequestHeaders.create();
    }
}
