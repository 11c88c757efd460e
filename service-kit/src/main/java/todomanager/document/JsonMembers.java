package todomanager.document;

import jakarta.json.stream.JsonGenerator;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import todomanager.http.EntityTag;
import todomanager.http.Representation;
import todomanager.http.Revision;
import todomanager.json.JsonNode;

/// The members of a JSON object, each found by its name, however many there are.
public final class JsonMembers implements KeyedItems {
    private static final ByteBuffer LINE_END = ByteBuffer.wrap(new byte[] {'\n'});

    private final JsonItems items;
    private final List<String> names;
    private final Map<String, Integer> places;
    private final long[] tags;

    private JsonMembers(JsonItems items, List<String> names) {
        this.items = items;
        this.names = names;
        this.places = HashMap.newHashMap(names.size());
        this.tags = new long[names.size()];
        MessageDigest sha256 = Revision.sha256();
        for (int i = 0; i < tags.length; i++) {
            places.put(names.get(i), i);
            int value = valueOf(i);
            sha256.update(items.bytes(), value, items.end(i) - value);
            tags[i] = EntityTag.of(sha256, (byte) '\n').value();
        }
    }

    /// All members, in the document's order.
    @Override
    public JsonItems items() {
        return items;
    }

    /// The member's name.
    @Override
    public String key(int place) {
        return names.get(place);
    }

    @Override
    public int place(String name) {
        return places.getOrDefault(name, -1);
    }

    /// The value of the member, on a line of its own.
    public Optional<Representation> find(String name) {
        int place = place(name);
        if (place < 0) {
            return Optional.empty();
        }
        int value = valueOf(place);
        return Optional.of(
                Representation.json(
                        new EntityTag(tags[place]),
                        ByteBuffer.wrap(items.bytes(), value, items.end(place) - value),
                        LINE_END));
    }

    /// Where the member's value begins: behind the quote that ends its name, and the colon.
    private int valueOf(int member) {
        byte[] json = items.bytes();
        int i = items.begin(member) + 1;
        while (json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return i + 2;
    }

    /// Takes member after member.
    public static final class Builder {
        private final JsonItems.Builder items;
        private final List<String> names = new ArrayList<>();

        /// @param expected roughly how many bytes all will have
        public Builder(int expected) {
            items = JsonItems.object(expected);
        }

        public void add(JsonNode member) {
            add(member.name(), member::write);
        }

        /// Adds a member whose value is written otherwise than it stands.
        public void add(String name, Consumer<JsonGenerator> value) {
            names.add(name);
            items.add(json -> value.accept(json.writeKey(name)));
        }

        public JsonMembers build() {
            return new JsonMembers(items.build(), names);
        }
    }
}
