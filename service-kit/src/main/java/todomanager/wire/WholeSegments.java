package todomanager.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.regex.Pattern;
import todomanager.http.Problem;

/// Finds nothing at a path that Helidon would route as another: it takes an encoded slash for a
/// slash, leaves empty segments out, goes up at two dots, and reads all that is no UTF-8 as U+FFFD.
/// A segment is data, whole (RFC 3986, section 3.3).
public final class WholeSegments implements RequestFilter {
    private static final Pattern ANOTHER_PATH = Pattern.compile("//|%2[Ff]|/\\.{1,2}(?:/|$)");

    @Override
    public void require(RoutingRequest request, RoutingResponse response) {
        if (isAnother(request.prologue().uriPath().rawPath())) {
            throw Problem.notFound();
        }
    }

    private static boolean isAnother(String path) {
        boolean maybe = path.contains("//") || path.contains("%") || path.contains("/.");
        return maybe && (ANOTHER_PATH.matcher(path).find() || !isUtf8(path));
    }

    private static boolean isUtf8(String path) {
        byte[] octets =
                URLDecoder.decode(path.replace("+", "%2B"), ISO_8859_1).getBytes(ISO_8859_1);
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
