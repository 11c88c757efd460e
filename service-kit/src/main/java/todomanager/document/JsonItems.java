package todomanager.document;

import jakarta.json.stream.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import todomanager.http.Page;
import todomanager.http.Representation;

/// The members of a JSON object, or the elements of the only array in one: rendered once, into one
/// array of bytes, where each is found by its place. A million of them are a handful of objects, so
/// that neither they nor those of the next document cost the garbage collector anything.
public final class JsonItems {
    private final byte[] bytes;
    private final int begin;
    private final int[] ends;
    private final long tag;
    private final Representation whole;

    private JsonItems(byte[] bytes, int begin, int... ends) {
        this.bytes = bytes;
        this.begin = begin;
        this.ends = ends;
        this.tag = Representation.tagOf(bytes);
        this.whole = Representation.json(tag, ByteBuffer.wrap(bytes));
    }

    /// One of the members of `{…}`.
    ///
    /// @param expected roughly how many bytes it will have
    public static Builder object(int expected) {
        return new Builder(expected, 1, JsonGenerator::writeStartObject);
    }

    /// One of the elements of `{"NAME": […]}`.
    public static Builder array(String name) {
        return new Builder(0, 2, json -> json.writeStartObject().writeStartArray(name));
    }

    /// All of it, as it is served.
    public Representation whole() {
        return whole;
    }

    /// The same with the items of a page alone.
    Representation page(Page page) {
        if (page.from() == page.to()) {
            return whole; // which is empty
        }
        int tail = end(size() - 1);
        return Representation.json(
                page.tag(tag),
                ByteBuffer.wrap(bytes, 0, begin),
                ByteBuffer.wrap(bytes, begin(page.from()), end(page.to() - 1) - begin(page.from())),
                ByteBuffer.wrap(bytes, tail, bytes.length - tail));
    }

    int size() {
        return ends.length;
    }

    byte[] bytes() {
        return bytes;
    }

    /// Where an item begins; a comma is before each but the first.
    int begin(int item) {
        return item == 0 ? begin : ends[item - 1] + 1;
    }

    int end(int item) {
        return ends[item];
    }

    /// Takes item after item, and keeps nothing but the bytes of each.
    public static final class Builder {
        private final ByteArrayOutputStream bytes;
        private final JsonGenerator json;
        private final int depth;
        private final int begin;
        private final IntStream.Builder ends = IntStream.builder();

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
        }

        public JsonItems build() {
            for (int i = 0; i < depth; i++) {
                json.writeEnd();
            }
            json.close();
            bytes.write('\n');
            return new JsonItems(bytes.toByteArray(), begin, ends.build().toArray());
        }

        private int position() {
            json.flush();
            return bytes.size();
        }
    }
}
