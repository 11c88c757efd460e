package todomanager.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import jakarta.json.stream.JsonGenerator;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The strong entity tag of a representation (RFC 9110, section 8.8.3).
///
/// @param value how the SHA-256 of the content begins
public record EntityTag(long value) {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final Pattern TAG = Pattern.compile("\"([A-Za-z0-9_-]{11})\"");

    public static EntityTag of(byte... content) {
        return of(Revision.sha256(), content);
    }

    /// The tag of compact JSON on a line of its own.
    public static EntityTag ofJson(Consumer<JsonGenerator> writer) {
        return of(Representation.jsonLine(writer));
    }

    /// The tag of content that was hashed but for its rest.
    public static EntityTag of(MessageDigest sha256, byte... rest) {
        return new EntityTag(ByteBuffer.wrap(sha256.digest(rest)).getLong());
    }

    /// The tag that another service names, or none where that is none of ours.
    public static Optional<EntityTag> parse(String value) {
        return Optional.of(TAG.matcher(value))
                .filter(Matcher::matches)
                .map(tag -> Base64.getUrlDecoder().decode(tag.group(1)))
                .map(bytes -> new EntityTag(ByteBuffer.wrap(bytes).getLong()))
                .filter(tag ->
                        tag.toString().equals(value)); // or its last letter has bits too many
    }

    /// As bytes that are ready to be sent, of which Helidon makes no copy.
    public Header header() {
        return HeaderValues.createCached(HeaderNames.ETAG, toString());
    }

    /// In its quotes.
    @Override
    public String toString() {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        return '"' + BASE64.encodeToString(bytes) + '"';
    }
}
