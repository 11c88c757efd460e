package todomanager.wire;

import io.helidon.common.uri.UriValidator;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import todomanager.http.Refusal;

/// Checks the headers of each request in the place of Helidon, which refuses `HOST:` and takes any
/// number for a port. It also tells the reader where headers begin and end.
public final class RequestHeaders implements Http1ConnectionListener {
    /// Of a token (RFC 9110, section 5.6.2).
    private static final BitSet TOKEN =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+.^_`|~-"
                    .chars()
                    .collect(BitSet::new, BitSet::set, BitSet::or);

    private static final Pattern PORT = Pattern.compile("0*(\\d{1,5})|");
    private static final int LARGEST_PORT = 65_535;

    @Override
    public void prologue(ConnectionContext connection, HttpPrologue prologue) {
        RequestReader.of(connection).began(prologue);
    }

    @Override
    public void headers(ConnectionContext connection, Headers headers) {
        HttpPrologue prologue = RequestReader.of(connection).headersEnded();
        String wrong = whatIsWrong(headers);
        if (!wrong.isEmpty()) {
            throw refused(prologue, wrong);
        }
    }

    private static String whatIsWrong(Headers headers) {
        for (Header header : headers) {
            if (!isToken(header.name())) {
                return "The name of a header has a character that may not stand there.";
            }
            try {
                header.validate();
            } catch (IllegalArgumentException e) {
                return "The value of a header has a character that may not stand there.";
            }
        }
        List<String> hosts = headers.all(HeaderNames.HOST, List::of);
        if (hosts.size() != 1) {
            return "There must be one Host header: send it once.";
        }
        return isHost(hosts.getFirst()) ? "" : "The Host header is not HOST or HOST:PORT.";
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!TOKEN.get(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// RFC 9110, section 7.2, and RFC 3986, section 3.2.
    private static boolean isHost(String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > text.lastIndexOf(']');
        String host = hasPort ? text.substring(0, colon) : text;
        try {
            if (host.startsWith("[")) {
                UriValidator.validateIpLiteral(host);
            } else {
                UriValidator.validateNonIpLiteral(host);
            }
        } catch (IllegalArgumentException e) {
            return false;
        }
        return !host.isEmpty() && (!hasPort || isPort(text.substring(colon + 1)));
    }

    private static boolean isPort(String text) {
        Matcher port = PORT.matcher(text);
        return port.matches()
                && (port.group(1) == null || Integer.parseInt(port.group(1)) <= LARGEST_PORT);
    }

    private static RequestException refused(HttpPrologue prologue, String detail) {
        String path = prologue.uriPath().rawPath();
        return new Refusal(prologue.method().text(), path, detail).as(Status.BAD_REQUEST_400);
    }
}
