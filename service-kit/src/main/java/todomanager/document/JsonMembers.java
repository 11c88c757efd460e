package todomanager.document;

import jakarta.json.spi.JsonProvider;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import todomanager.http.Representation;
import todomanager.http.Revision;

/// The members of a JSON object, each found by its name, however many there are.
///
/// Names are compared as JSON writes them, quotes, escapes and colon included, so no name is part
/// of another. What spreads them over the table is a polynomial of their bytes at a secret place,
/// modulo a prime: who may choose a username can't choose many that fall into one place, where each
/// would be searched for among all others.
public final class JsonMembers {
    /// What `Json` would look up in the jars for each name.
    private static final JsonProvider JSON = JsonProvider.provider();

    private static final ByteBuffer LINE_END = ByteBuffer.wrap(new byte[] {'\n'});
    private static final long PRIME = (1L << 61) - 1;

    private static final int RECENT = 1024; // a power of two

    private final JsonItems object;
    private final long secret = new SecureRandom().nextLong(PRIME);
    private final int[] table; // at least half of it empty: 0, or the place of a member from 1 on
    private final long[] tags;

    /// Those found last, of which some are likely to be asked for again soon.
    private final @Nullable Found[] recent = new Found[RECENT];

    private record Found(String name, Representation value) {}

    /// @param object a sequence of members
    public JsonMembers(JsonItems object) {
        this.object = object;
        this.table = new int[Math.max(2, Integer.highestOneBit(object.size()) << 2)];
        this.tags = new long[object.size()];
        MessageDigest sha256 = Revision.sha256();
        for (int i = 0; i < tags.length; i++) {
            int value = valueOf(i);
            int slot = slot(object.bytes(), object.begin(i), value);
            while (table[slot] != 0) {
                slot = next(slot);
            }
            table[slot] = i + 1;
            sha256.update(object.bytes(), value, object.end(i) - value);
            tags[i] = Representation.tagOf(sha256, (byte) '\n');
        }
    }

    /// All of them, in the document's order.
    public JsonItems sequence() {
        return object;
    }

    /// The value of the member, on a line of its own.
    public Optional<Representation> find(String name) {
        int place = name.hashCode() & (RECENT - 1);
        Found last = recent[place];
        if (last != null && last.name.equals(name)) {
            return Optional.of(last.value);
        }
        Optional<Representation> found = search(name);
        found.ifPresent(value -> recent[place] = new Found(name, value));
        return found;
    }

    private Optional<Representation> search(String name) {
        byte[] key = (JSON.createValue(name) + ":").getBytes(StandardCharsets.UTF_8);
        for (int slot = slot(key, 0, key.length); table[slot] != 0; slot = next(slot)) {
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

    private int slot(byte[] json, int begin, int end) {
        long hash = 0;
        for (int i = begin; i < end; i++) {
            hash = timesSecret(hash + Byte.toUnsignedInt(json[i]) + 1);
        }
        return (int) hash & (table.length - 1);
    }

    /// Modulo 2^61 - 1, where 2^61 is 1: the bits above the 61st count as if they stood below.
    private long timesSecret(long factor) {
        long low = factor * secret;
        long sum = (low & PRIME) + (Math.multiplyHigh(factor, secret) << 3 | low >>> 61);
        return (sum & PRIME) + (sum >>> 61);
    }

    private int next(int slot) {
        return (slot + 1) & (table.length - 1);
    }
}
