package todomanager.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import jakarta.json.stream.JsonGenerator;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.function.Consumer;

/// The strong entity tag of a representation (RFC 9110, section 8.8.3).
///
/// @param value how the SHA-256 of the content begins
public record EntityTag(long value) {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

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

    /// As bytes that are ready to be sent, of which Helidon makes no copy.
    Header header() {
        return HeaderValues.createCached(HeaderNames.ETAG, toString());
    }

    /// In its quotes.
    @Override
    public String toString() {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        return '"' + BASE64.encodeToString(bytes) + '"';
    }
}
