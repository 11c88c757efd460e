package todomanager.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.stream.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import todomanager.http.EntityTag;
import todomanager.http.Representation;
import todomanager.http.Revision;
import todomanager.json.Slices;
import todomanager.json.Slices.Run;

/// The members of a JSON object, or the elements of the only array in one: rendered once, into one
/// array of bytes, where each is found by its place. A million of them are a handful of objects, so
/// that neither they nor those of the next document cost the garbage collector anything.
public final class JsonItems {
    private static final byte[] COMMA = {','};

    private final Slices slices;
    private final Representation whole;

    private JsonItems(Slices slices) {
        this.slices = slices;
        byte[] bytes = slices.bytes();
        this.whole = Representation.json(EntityTag.of(bytes), ByteBuffer.wrap(bytes));
    }

    /// Items that are served page by page. Each has a key, by which the page behind it is found.
    public interface Keyed {
        JsonItems items();

        String key(int place);

        /// Where the item of the key is; negative where there is none.
        int place(String key);
    }

    /// One of the members of `{…}`.
    ///
    /// @param expected roughly how many bytes it will have
    static Builder object(int expected) {
        return new Builder(expected, 1, JsonGenerator::writeStartObject);
    }

    /// One of the elements of `{"NAME": […]}`.
    public static Builder array(String name) {
        return new Builder(0, 2, json -> json.writeStartObject().writeStartArray(name));
    }

    /// All items, as they are served.
    public Representation whole() {
        return whole;
    }

    /// The same with some of the items alone.
    ///
    /// @param from the place of the first
    /// @param to the place behind the last
    /// @param link to what follows, which the entity tag tells apart too
    Representation page(int from, int to, String link) {
        if (size() == 0) {
            return whole;
        }
        byte[] bytes = bytes();
        int tail = slices.tail();
        int first = from == to ? tail : begin(from);
        int last = from == to ? tail : end(to - 1);
        var parts =
                new ByteBuffer[] {
                    ByteBuffer.wrap(bytes, 0, slices.head()),
                    ByteBuffer.wrap(bytes, first, last - first),
                    ByteBuffer.wrap(bytes, tail, bytes.length - tail)
                };
        MessageDigest sha256 = Revision.sha256();
        for (ByteBuffer part : parts) {
            sha256.update(part.duplicate());
        }
        return Representation.json(EntityTag.of(sha256, link.getBytes(UTF_8)), parts);
    }

    public int size() {
        return slices.size();
    }

    byte[] bytes() {
        return slices.bytes();
    }

    int begin(int item) {
        return slices.begins()[item];
    }

    int end(int item) {
        return slices.ends()[item];
    }

    /// Runs of these items and of others.
    public JsonItems joined(JsonItems others, List<Run> runs) {
        return new JsonItems(slices.joined(others.slices, runs, COMMA));
    }

    /// The item as JSON.
    public String text(int item) {
        return new String(bytes(), begin(item), end(item) - begin(item), UTF_8);
    }

    /// Takes item after item, and keeps nothing but the bytes of each.
    public static final class Builder {
        private final ByteArrayOutputStream bytes;
        private final JsonGenerator json;
        private final int depth;
        private final int begin;
        private final IntStream.Builder ends = IntStream.builder();
        private int size;

        private Builder(int expected, int depth, Consumer<JsonGenerator> head) {
            this.bytes = new ByteArrayOutputStream(expected);
            this.json = Representation.GENERATORS.createGenerator(bytes);
            this.depth = depth;
            head.accept(json);
            this.begin = position();
        }

        public void add(Consumer<JsonGenerator> item) {
            item.accept(json);
            ends.add(position());
            size++;
        }

        /// How many items there are so far.
        public int size() {
            return size;
        }

        public JsonItems build() {
            for (int i = 0; i < depth; i++) {
                json.writeEnd();
            }
            json.close();
            bytes.write('\n');
            int[] ends = this.ends.build().toArray();
            int[] begins = new int[ends.length];
            for (int i = 0; i < begins.length; i++) {
                begins[i] = i == 0 ? begin : ends[i - 1] + 1; // behind the comma
            }
            return new JsonItems(new Slices(bytes.toByteArray(), begin, begins, ends));
        }

        private int position() {
            json.flush();
            return bytes.size();
        }
    }
}
