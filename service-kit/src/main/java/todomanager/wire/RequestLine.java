package todomanager.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.RequestException;
import io.helidon.http.Status;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import todomanager.http.Refusal;

/// The first line of a request, read by its standards (RFC 9112, section 3, and RFC 3986).
///
/// Helidon reads it otherwise: `get` as GET, a semicolon as the end of a segment, HTTP/1.2 as an
/// error.
final class RequestLine {
    private static final String VERSION = "HTTP/1.1";
    private static final Pattern OTHER_VERSION = Pattern.compile("HTTP/(\\d)\\.\\d");
    private static final Pattern METHOD = Pattern.compile("[A-Z0-9!#$%&'*+.^_`|~-]+");
    private static final byte[] USUAL_METHOD = "GET /".getBytes(US_ASCII);
    private static final byte[] USUAL_VERSION = (" " + VERSION).getBytes(US_ASCII);
    private static final Pattern AUTHORITY = Pattern.compile("(?i)https?://[^/?#]+");
    private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final BitSet CHARACTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%"
                    .chars()
                    .collect(BitSet::new, BitSet::set, BitSet::or);

    private final String method;
    private final String path;
    private final String query;

    /// @param target as it stands in the line
    private RequestLine(String method, String target) {
        this.method = method;
        int question = target.indexOf('?');
        this.path = question < 0 ? target : target.substring(0, question);
        this.query = question < 0 ? "" : target.substring(question);
    }

    /// The line as Helidon takes it: the target in origin form without a semicolon in its path, and
    /// HTTP/1.1 for all that is at least that.
    ///
    /// @throws RequestException that says what is wrong with the line
    static byte[] normalized(byte... bytes) {
        return isNormal(bytes) ? bytes : normalizedAnew(bytes);
    }

    /// Whether there is nothing to change, as in nearly all lines; found without making anything.
    private static boolean isNormal(byte... line) {
        int begin = USUAL_METHOD.length;
        int end = line.length - USUAL_VERSION.length;
        if (end < begin
                || !Arrays.equals(line, 0, begin, USUAL_METHOD, 0, begin)
                || !Arrays.equals(line, end, line.length, USUAL_VERSION, 0, USUAL_VERSION.length)) {
            return false;
        }
        for (int i = begin; i < end; i++) {
            if (line[i] < 0 || line[i] == '%' || line[i] == ';' || !CHARACTERS.get(line[i])) {
                return false;
            }
        }
        return true;
    }

    private static byte[] normalizedAnew(byte... bytes) {
        String line = new String(bytes, ISO_8859_1);
        String[] parts = line.split(" ", -1);
        if (parts.length != 3) {
            throw malformed();
        }
        var given = new RequestLine(parts[0], parts[1]);
        String version = given.version(parts[2]);
        given.requireMethod();
        String normalized = given.method + ' ' + given.origin().target() + ' ' + version;
        return normalized.equals(line) ? bytes : normalized.getBytes(ISO_8859_1);
    }

    private String version(String version) {
        if (version.equals(VERSION)) {
            return version;
        }
        Matcher other = OTHER_VERSION.matcher(version);
        if (!other.matches()) {
            throw malformed();
        }
        if (!other.group(1).equals("1") || version.equals("HTTP/1.0")) {
            throw refused("Only HTTP/1.1 is spoken here.")
                    .as(Status.HTTP_VERSION_NOT_SUPPORTED_505);
        }
        return VERSION;
    }

    private void requireMethod() {
        if (!METHOD.matcher(method).matches()) {
            boolean hasSmallLetters = METHOD.matcher(method.toUpperCase(Locale.ROOT)).matches();
            throw hasSmallLetters
                    ? refused("There is no such method: methods are written in capitals.")
                            .as(Status.NOT_IMPLEMENTED_501)
                    : malformed();
        }
    }

    /// The line with a target in origin form (RFC 9112, section 3.2).
    private RequestLine origin() {
        if (path.startsWith("/")) {
            return this;
        }
        String target = path + query;
        if (target.equals("*")) {
            if (method.equals("OPTIONS")) {
                return new RequestLine(method, "/"); // what holds for it holds for the service
            }
            throw bad("Only OPTIONS has the target *: name a path.");
        }
        Matcher authority = AUTHORITY.matcher(target);
        if (!authority.lookingAt()) {
            throw bad("The request target is neither a path nor an http URI.");
        }
        String rest = target.substring(authority.end());
        return new RequestLine(method, rest.startsWith("/") ? rest : "/" + rest);
    }

    /// A semicolon is data as any other character is (RFC 3986, section 3.3).
    private String target() {
        requireCharacters("path", path);
        requireCharacters("query", query);
        return path.replace(";", "%3B") + query;
    }

    private void requireCharacters(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > '~') {
                throw bad("The " + what + " is not all ASCII: percent-encode its UTF-8.");
            }
            if (!CHARACTERS.get(c)) {
                throw bad(
                        "The %s has a character that may not stand there: write %%%02X for it."
                                .formatted(what, (int) c));
            }
        }
        if (STRAY_PERCENT.matcher(text).find()) {
            throw bad(
                    "A %% in the %s is not followed by two hexadecimal digits: write %%25 for it."
                            .formatted(what));
        }
    }

    private static RequestException malformed() {
        return new Refusal(
                        "",
                        "",
                        "The request line is not METHOD TARGET HTTP/1.1, with one space each.")
                .as(Status.BAD_REQUEST_400);
    }

    private RequestException bad(String detail) {
        return refused(detail).as(Status.BAD_REQUEST_400);
    }

    private Refusal refused(String detail) {
        return new Refusal(method, new String(path.getBytes(ISO_8859_1), UTF_8), detail);
    }
}
