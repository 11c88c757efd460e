package todomanager.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import todomanager.telemetry.Traceparent;

/// Names a document by its content, so that replicas with the same document agree: the first 16
/// digits of what `sha256sum` prints for its file.
///
/// @param value 16 hexadecimal digits
public record Revision(String value) {
    /// The header of an answer that names the document it was made of.
    public static final HeaderName HEADER = HeaderNames.create("X-Data-Revision");

    private static final int BYTES = 8;

    /// What a service has kept, and the revision of the data that has it.
    public record Kept<T>(T value, Revision revision) {}

    public static Revision of(byte[] document) {
        return of(sha256(), document);
    }

    public static Revision of(MessageDigest sha256, byte... rest) {
        return new Revision(HexFormat.of().formatHex(sha256.digest(rest), 0, BYTES));
    }

    /// The revision that another service names, or none where that is no revision.
    public static Optional<Revision> parse(String value) {
        boolean isOne = value.length() == 2 * BYTES && Traceparent.isHex(value);
        return isOne ? Optional.of(new Revision(value)) : Optional.empty();
    }

    public Header header() {
        return HeaderValues.createCached(HEADER, value);
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
