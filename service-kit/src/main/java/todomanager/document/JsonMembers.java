package todomanager.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.stream.JsonGenerator;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import todomanager.http.EntityTag;
import todomanager.http.Representation;
import todomanager.http.Revision;
import todomanager.json.JsonDocument;
import todomanager.json.JsonDocument.MemberReader;
import todomanager.json.JsonNode;
import todomanager.json.Slices;
import todomanager.json.Slices.Run;

/// The members of a JSON object, each found by its name, however many there are.
public final class JsonMembers implements JsonItems.Keyed {
    private static final ByteBuffer LINE_END = ByteBuffer.wrap(new byte[] {'\n'});
    private static final byte[] TEXT_SEPARATOR = ",\n  ".getBytes(UTF_8);
    private static final byte[] NO_MEMBER = "{}\n".getBytes(UTF_8);

    /// What the text of the first member goes between.
    private static final Slices NO_TEXT = new Slices("{\n  \n}\n".getBytes(UTF_8), 4, new int[0]);

    private final JsonItems items;
    private final Slices text;
    private final List<String> names;
    private final Map<String, Integer> places;
    private final long[] tags;

    private JsonMembers(
            JsonItems items,
            Slices text,
            List<String> names,
            Map<String, Integer> places,
            long... tags) {
        this.items = items;
        this.text = text;
        this.names = names;
        this.places = places;
        this.tags = tags;
    }

    /// The text of a document with the members of another, in the place of those of their names or
    /// behind the last one.
    public static byte[] merged(byte[] document, byte[] more) {
        JsonMembers members = read(document);
        JsonMembers changed = read(more);
        return members.joined(changed, members.runs(changed, Set.of())).text();
    }

    private static JsonMembers read(byte[] json) {
        var members = new Builder(json);
        JsonDocument.forEachMember(json, "", members);
        return members.build();
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

    /// The text of the document. Of members that nobody has changed, it is what was read.
    byte[] text() {
        return names.isEmpty() ? NO_MEMBER : text.bytes();
    }

    /// The value of the member as it stands in the text.
    public Optional<byte[]> textOf(String name) {
        int place = place(name);
        return place < 0
                ? Optional.empty()
                : Optional.of(
                        Arrays.copyOfRange(
                                text.bytes(),
                                valueOf(text.bytes(), text.begins()[place]),
                                text.ends()[place]));
    }

    /// What runs of members there are when those of another document are in their places.
    ///
    /// @param removed names of members that are left out
    public List<Run> runs(JsonMembers changed, Set<String> removed) {
        var elsewhere = new TreeMap<Integer, Integer>(); // by its place here the one there, or -1
        removed.forEach(name -> elsewhere.put(place(name), -1));
        changed.places.forEach((name, place) -> elsewhere.put(place(name), place));
        elsewhere.remove(-1);
        var runs = new ArrayList<Run>();
        int next = 0;
        for (var member : elsewhere.entrySet()) {
            if (next < member.getKey()) {
                runs.add(new Run(false, next, member.getKey(), next));
            }
            if (member.getValue() >= 0) {
                runs.add(new Run(true, member.getValue(), member.getValue() + 1, member.getKey()));
            }
            next = member.getKey() + 1;
        }
        if (next < names.size()) {
            runs.add(new Run(false, next, names.size(), next));
        }
        for (int place = 0; place < changed.names.size(); place++) {
            if (place(changed.key(place)) < 0) {
                runs.add(new Run(true, place, place + 1, 0));
            }
        }
        return runs;
    }

    /// Runs of these members and of others.
    public JsonMembers joined(JsonMembers others, List<Run> runs) {
        var joinedNames = new ArrayList<String>(names.size() + others.names.size());
        for (Run run : runs) {
            JsonMembers from = run.isOther() ? others : this;
            joinedNames.addAll(from.names.subList(run.from(), run.to()));
        }
        boolean sameNames = joinedNames.equals(names);
        return new JsonMembers(
                items.joined(others.items, runs),
                text.joined(others.text, runs, TEXT_SEPARATOR),
                sameNames ? names : joinedNames,
                sameNames ? places : places(joinedNames),
                Slices.joined(tags, others.tags, runs));
    }

    private static Map<String, Integer> places(List<String> names) {
        Map<String, Integer> places = HashMap.newHashMap(names.size());
        for (int i = 0; i < names.size(); i++) {
            places.put(names.get(i), i);
        }
        return places;
    }

    private int valueOf(int member) {
        return valueOf(items.bytes(), items.begin(member));
    }

    /// Where a member's value begins: behind the quote that ends its name, and the colon.
    private static int valueOf(byte[] json, int member) {
        int i = member + 1;
        while (json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        while (json[i] != ':') {
            i++;
        }
        return i + 1;
    }

    /// Takes member after member of a document.
    public static final class Builder implements MemberReader {
        private final byte[] json;
        private final JsonItems.Builder items;
        private final List<String> names = new ArrayList<>();
        private final IntStream.Builder begins = IntStream.builder();
        private final IntStream.Builder ends = IntStream.builder();

        /// @param json the document
        public Builder(byte... json) {
            this.json = json;
            this.items = JsonItems.object(json.length);
        }

        @Override
        public void read(JsonNode member, int begin, int end) {
            add(member.name(), member::write, begin, end);
        }

        /// Adds a member whose value is served otherwise than it stands.
        ///
        /// @param begin where the member begins in the document
        /// @param end behind its value
        public void add(String name, Consumer<JsonGenerator> value, int begin, int end) {
            names.add(name);
            items.add(out -> value.accept(out.writeKey(name)));
            begins.add(begin);
            ends.add(end);
        }

        public JsonMembers build() {
            JsonItems built = items.build();
            int[] textBegins = begins.build().toArray();
            Slices text =
                    names.isEmpty()
                            ? NO_TEXT
                            : new Slices(json, textBegins[0], textBegins, ends.build().toArray());
            return new JsonMembers(built, text, names, places(names), tags(built));
        }

        private static long[] tags(JsonItems items) {
            byte[] bytes = items.bytes();
            MessageDigest sha256 = Revision.sha256();
            long[] tags = new long[items.size()];
            for (int i = 0; i < tags.length; i++) {
                int value = valueOf(bytes, items.begin(i));
                sha256.update(bytes, value, items.end(i) - value);
                tags[i] = EntityTag.of(sha256, (byte) '\n').value();
            }
            return tags;
        }
    }
}
