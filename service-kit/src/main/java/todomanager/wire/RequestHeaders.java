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
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import todomanager.http.Refusal;

/// Checks the headers of each request in the place of Helidon, which knows no empty port and any
/// number for one.
public final class RequestHeaders implements Http1ConnectionListener {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern HOST = Pattern.compile("(.+?)(?::0*(\\d{0,5}))?");
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
            if (!NAME.matcher(header.name()).matches()) {
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

    /// RFC 9110, section 7.2, and RFC 3986, section 3.2.
    private static boolean isHost(String text) {
        Matcher host = HOST.matcher(text);
        if (!host.matches()) {
            return false;
        }
        String port = host.group(2);
        try {
            if (host.group(1).startsWith("[")) {
                UriValidator.validateIpLiteral(host.group(1));
            } else {
                UriValidator.validateNonIpLiteral(host.group(1));
            }
        } catch (IllegalArgumentException e) {
            return false;
        }
        return port == null || port.isEmpty() || Integer.parseInt(port) <= LARGEST_PORT;
    }

    private static RequestException refused(HttpPrologue prologue, String detail) {
        String path = prologue.uriPath().rawPath();
        return new Refusal(prologue.method().text(), path, detail).as(Status.BAD_REQUEST_400);
    }
}
