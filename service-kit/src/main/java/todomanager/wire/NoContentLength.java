package todomanager.wire;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;

/// Takes back the `Content-Length: 0` that Helidon gives every 204 and 304. It may not stand in a
/// 204, and of a 304 a cache may take it for the length of what it holds (RFC 9110, section 8.6).
/// Those two are the answers without a type: an error has one, and so has the answer to a HEAD.
public final class NoContentLength implements Http1ConnectionListener {
    @Override
    public void headers(ConnectionContext context, Headers headers) {
        if (headers instanceof WritableHeaders<?> answer
                && !headers.contains(HeaderNames.CONTENT_TYPE)
                && headers.contains(HeaderValues.CONTENT_LENGTH_ZERO)) {
            answer.remove(HeaderNames.CONTENT_LENGTH);
        }
    }
}
