package todomanager.kit;

import jakarta.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/// The members of a JSON object, each found by its name, however many there are.
///
/// Names are compared as JSON writes them, quotes, escapes and colon included, so no name is part
/// of another. They are spread over the table by the SHA-256 of a secret and the name: nobody can
/// make up a document of names that all fall into one place, where each would be searched for among
/// all others.
public final class Members {
    private static final ByteBuffer LINE_END = ByteBuffer.wrap(new byte[] {'\n'});
    private static final int SECRET_BYTES = 16;

    private final Sequence object;
    private final byte[] secret = new byte[SECRET_BYTES];
    private final int[] table; // at least half of it empty: 0, or the place of a member from 1 on
    private final long[] tags;

    /// @param object a sequence of members
    public Members(Sequence object) {
        this.object = object;
        this.table = new int[Math.max(2, Integer.highestOneBit(object.size()) << 2)];
        this.tags = new long[object.size()];
        new SecureRandom().nextBytes(secret);
        MessageDigest sha256 = Revision.sha256();
        for (int i = 0; i < tags.length; i++) {
            int value = valueOf(i);
            int slot =
                    slot(
                            sha256,
                            ByteBuffer.wrap(
                                    object.bytes(), object.begin(i), value - object.begin(i)));
            while (table[slot] != 0) {
                slot = next(slot);
            }
            table[slot] = i + 1;
            sha256.update(object.bytes(), value, object.end(i) - value);
            tags[i] = Representation.tagOf(sha256, (byte) '\n');
        }
    }

    /// All of them, in the document's order.
    public Sequence sequence() {
        return object;
    }

    /// The value of the member, on a line of its own.
    public Optional<Representation> find(String name) {
        byte[] key = (Json.createValue(name) + ":").getBytes(StandardCharsets.UTF_8);
        for (int slot = slot(Revision.sha256(), ByteBuffer.wrap(key));
                table[slot] != 0;
                slot = next(slot)) {
            int i = table[slot] - 1;
            int value = object.begin(i) + key.length;
            int end = object.end(i);
            if (value < end
                    && Arrays.equals(object.bytes(), object.begin(i), value, key, 0, key.length)) {
                return Optional.of(
                        Representation.json(
                                tags[i],
                                ByteBuffer.wrap(object.bytes(), value, end - value),
                                LINE_END));
            }
        }
        return Optional.empty();
    }

    /// Where the member's value begins: behind the quote that ends its name, and the colon.
    private int valueOf(int member) {
        byte[] json = object.bytes();
        int i = object.begin(member) + 1;
        while (json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return i + 2;
    }

    private int slot(MessageDigest sha256, ByteBuffer key) {
        sha256.update(secret);
        sha256.update(key);
        return ByteBuffer.wrap(sha256.digest()).getInt() & (table.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (table.length - 1);
    }
}
