package todomanager.text;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.regex.Pattern;

/// The path of a request's target, as it may stand in a URI (RFC 3986, section 3.3).
public final class UriPath {
    private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final int LONGEST_LOGGED = 256; // characters
    private static final BitSet CHARACTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/%"
                    .chars()
                    .collect(BitSet::new, BitSet::set, BitSet::or);

    private UriPath() {}

    /// The path with all that may not stand in a URI percent-encoded. What is no path is taken for
    /// the service as a whole.
    public static String escaped(String path) {
        if (!path.startsWith("/")) {
            return "/";
        }
        String escaped = path.contains("%") ? STRAY_PERCENT.matcher(path).replaceAll("%25") : path;
        var safe = new StringBuilder(path.length());
        if (path.startsWith("//")) {
            safe.append("/."); // or the next segment would be an authority
        }
        for (byte octet : escaped.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= 0 && CHARACTERS.get(octet)) {
                safe.append((char) octet);
            } else {
                safe.append("%%%02X".formatted(octet));
            }
        }
        return safe.toString();
    }

    /// The text as one segment of a path, or as the value of a parameter: all but letters, digits
    /// and `-`, `.`, `_`, `~` is percent-encoded (RFC 3986, section 2.3).
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /// The same as a segment of a path to call, out of which `..` at its beginning would climb.
    public static String segment(String text) {
        String segment = encoded(text);
        return segment.startsWith(".") ? segment.replace(".", "%2E") : segment;
    }

    /// That path, cut: a line of the log is no place for what a client likes to fill it with.
    public static String logged(String path) {
        return cut(escaped(path));
    }

    public static String cut(String path) {
        return SafeText.cut(path, LONGEST_LOGGED);
    }
}
