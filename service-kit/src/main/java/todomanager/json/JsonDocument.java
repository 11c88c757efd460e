package todomanager.json;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.json.stream.JsonParserFactory;
import jakarta.json.stream.JsonParsingException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import todomanager.json.JsonNode.Content;
import todomanager.text.SafeText;

/// A JSON object (RFC 8259), read once, strictly, and member by member, so that a document of a
/// million members never stands in memory as a tree.
///
/// Parsson parses. Refused here is what it lets pass: bytes that are not UTF-8, unpaired
/// surrogates, duplicate members, numbers that no double holds, deep nesting.
public final class JsonDocument {
    private static final int MOST_FAULTS = 20;
    private static final int DEEPEST = 100;
    private static final int LONGEST_NUMBER = 1_000;
    private static final String WHITE_SPACE = " \t\r\n"; // Java's own notion has more
    private static final Pattern EXPECTED_TOKEN = Pattern.compile("Expected tokens are: \\[(\\w+)");
    private static final char REPLACEMENT = '\uFFFD';
    private static final ByteBuffer BYTE_ORDER_MARK = StandardCharsets.UTF_8.encode("\uFEFF");

    /// Parsson's own limit is 15 million characters; how much is too much, the file's size says.
    private static final JsonParserFactory PARSERS =
            Json.createParserFactory(
                    Map.of("org.eclipse.parsson.maxParsingLimit", Integer.MAX_VALUE));

    private final String text;
    private final String schema;
    private final JsonParser parser;
    private final List<Fault> faults = new ArrayList<>();
    private int moreFaults;
    private int tokenStart;
    private int tokenEnd;

    private JsonDocument(String text, String schema, JsonParser parser) {
        this.text = text;
        this.schema = schema;
        this.parser = parser;
    }

    /// Takes a member, and where it begins and ends in the bytes that are read: at the quote before
    /// its name, and behind its value.
    public interface MemberReader {
        void read(JsonNode member, int begin, int end);
    }

    /// Hands each member of the object to the reader, in the document's order.
    ///
    /// @throws InvalidDocument with all the faults found, the reader's too; one of syntax ends the
    ///   reading
    public static void forEachMember(byte[] utf8, Consumer<JsonNode> reader) {
        forEachMember(utf8, "", (member, _, _) -> reader.accept(member));
    }

    /// The same of a document whose schema is named where it is no object at all.
    public static void forEachMember(byte[] utf8, String schema, MemberReader reader) {
        String text = decode(utf8);
        try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
            var document = new JsonDocument(text, schema, parser);
            document.readMembers(reader, new ByteOffsets(text, markLength(utf8)));
            document.requireNoFault();
        }
    }

    /// The value that the bytes are, whole.
    ///
    /// @throws InvalidDocument if they are no JSON, with where
    public static JsonNode read(byte[] utf8) {
        String text = decode(utf8);
        try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
            var document = new JsonDocument(text, "", parser);
            JsonNode value = document.readValue();
            document.requireNoFault();
            return value;
        }
    }

    /// Notes what is wrong, once; the first 20 with their place, since that costs a walk there.
    void fault(int offset, String pointer, String message) {
        if (faults.size() == MOST_FAULTS) {
            moreFaults++;
            return;
        }
        Fault fault = Fault.at(offset, text, pointer, message);
        if (!faults.contains(fault)) {
            faults.add(fault);
        }
    }

    void requireNoFault() {
        if (!faults.isEmpty()) {
            throw invalid();
        }
    }

    private static int markLength(byte[] utf8) {
        return BYTE_ORDER_MARK.equals(ByteBuffer.wrap(utf8, 0, Math.min(utf8.length, 3))) ? 3 : 0;
    }

    private static String decode(byte[] utf8) {
        int start = markLength(utf8);
        String text = new String(utf8, start, utf8.length - start, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            requireUtf8(ByteBuffer.wrap(utf8, start, utf8.length - start));
        }
        return text;
    }

    /// What is no UTF-8 is decoded as U+FFFD; this tells it from one that stands in the document.
    private static void requireUtf8(ByteBuffer bytes) {
        var chars = CharBuffer.allocate(bytes.remaining());
        if (StandardCharsets.UTF_8.newDecoder().decode(bytes, chars, true).isError()) {
            String text = chars.flip().toString();
            int found = Byte.toUnsignedInt(bytes.get());
            String message = "byte 0x%02x is not UTF-8; write it in UTF-8".formatted(found);
            throw new InvalidDocument(List.of(Fault.at(text.length(), text, "", message)), 0);
        }
    }

    private void readMembers(MemberReader reader, ByteOffsets bytes) {
        try {
            Event first = next();
            if (first != Event.START_OBJECT) {
                throw noObject(first);
            }
            var whole = new JsonNode(this, null, "", tokenStart, new Content.Members(Map.of()));
            var names = new HashSet<String>();
            while (next() != Event.END_OBJECT) {
                int begin = bytes.at(tokenStart);
                JsonNode member = member(whole, names, 1);
                reader.read(member, begin, bytes.at(tokenEnd));
            }
            requireEnd();
        } catch (JsonParsingException e) {
            throw unexpected(e);
        }
    }

    private JsonNode readValue() {
        try {
            JsonNode value = value(next(), null, "", 0);
            requireEnd();
            return value;
        } catch (JsonParsingException e) {
            throw unexpected(e);
        }
    }

    private void requireEnd() {
        int rest = tokenEnd;
        while (rest < text.length() && WHITE_SPACE.indexOf(text.charAt(rest)) >= 0) {
            rest++;
        }
        if (rest < text.length()) {
            throw unexpected(rest);
        }
    }

    private InvalidDocument noObject(Event first) {
        String found =
                switch (first) {
                    case START_ARRAY -> "an array";
                    case VALUE_STRING -> SafeText.quoted(parser.getString());
                    default -> SafeText.cut(text.substring(tokenStart, tokenEnd));
                };
        String hint = schema.isEmpty() ? "" : "; its schema is " + schema;
        return fatal(tokenStart, "expected an object, found " + found + hint);
    }

    /// Reads on to the next token. Parsson tells where it ends; it begins behind the white space,
    /// colon or comma that follow the one before.
    private Event next() {
        Event event = parser.next();
        tokenStart = startOfToken(text.length());
        tokenEnd = (int) parser.getLocation().getStreamOffset();
        return event;
    }

    /// Of the one behind that which was read last.
    private int startOfToken(int atMost) {
        int start = tokenEnd;
        while (start < atMost && (WHITE_SPACE + ":,").indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        return start;
    }

    private JsonNode member(JsonNode parent, Set<String> names, int depth) {
        String name = parser.getString();
        int nameStart = tokenStart;
        JsonNode member = value(next(), parent, name, depth);
        requireWellFormed(name, nameStart, member);
        if (!names.add(name)) {
            fault(nameStart, member.pointer(), "stands here once more; keep one of the two");
        }
        return member;
    }

    private JsonNode value(Event event, @Nullable JsonNode parent, String name, int depth) {
        int start = tokenStart;
        if (depth > DEEPEST) {
            throw fatal(start, "nested deeper than " + DEEPEST + " levels");
        }
        return switch (event) {
            case START_OBJECT -> {
                var members = new LinkedHashMap<String, JsonNode>();
                var node = new JsonNode(this, parent, name, start, new Content.Members(members));
                var names = new HashSet<String>();
                while (next() != Event.END_OBJECT) {
                    JsonNode member = member(node, names, depth + 1);
                    members.put(member.name(), member);
                }
                yield node;
            }
            case START_ARRAY -> {
                var elements = new ArrayList<JsonNode>();
                var node = new JsonNode(this, parent, name, start, new Content.Elements(elements));
                for (Event next = next(); next != Event.END_ARRAY; next = next()) {
                    String index = Integer.toString(elements.size());
                    elements.add(value(next, node, index, depth + 1));
                }
                yield node;
            }
            default -> {
                JsonValue scalar = event == Event.VALUE_NUMBER ? number() : parser.getValue();
                var node = new JsonNode(this, parent, name, start, new Content.Scalar(scalar));
                if (event == Event.VALUE_STRING) {
                    requireWellFormed(parser.getString(), start, node);
                }
                yield node;
            }
        };
    }

    /// Refuses a number before anyone computes with it: one of a few characters can take hours and
    /// gigabytes.
    private JsonNumber number() {
        String number = parser.getString();
        try {
            if (number.length() <= LONGEST_NUMBER) {
                var written = new WrittenNumber(number, new BigDecimal(number));
                if (Double.isFinite(written.doubleValue())) {
                    return written;
                }
            }
        } catch (NumberFormatException e) {
            // an exponent of more than 32 bits
        }
        throw fatal(tokenStart, "the number is too large or too long");
    }

    /// Half a surrogate pair, `\ud800`, is JSON by the grammar, but can't be served as UTF-8.
    private void requireWellFormed(String string, int offset, JsonNode node) {
        for (int i = 0; i < string.length(); i++) {
            if (Character.isHighSurrogate(string.charAt(i))
                    && i + 1 < string.length()
                    && Character.isLowSurrogate(string.charAt(i + 1))) {
                i++; // of a pair
            } else if (Character.isSurrogate(string.charAt(i))) {
                String what = "has half a surrogate pair; write the character itself";
                fault(offset, node.pointer(), what);
                return;
            }
        }
    }

    /// Parsson tells of a character that is in no token, or of a token's last one, and then which
    /// token may stand there.
    private InvalidDocument unexpected(JsonParsingException e) {
        int offset = (int) e.getLocation().getStreamOffset();
        var expected = EXPECTED_TOKEN.matcher(e.getMessage());
        if (offset < 0 || offset >= text.length() || !expected.find()) {
            return unexpected(offset);
        }
        int start = startOfToken(offset);
        String found = text.substring(start, offset + 1);
        return fatal(
                start,
                "expected %s, found %s"
                        .formatted(
                                switch (expected.group(1)) {
                                    case "COMMA" -> "a comma or a closing bracket";
                                    case "COLON" -> "a colon";
                                    case "STRING" -> "a name in double quotes";
                                    default -> "a value";
                                },
                                found.startsWith("\"")
                                        ? SafeText.cut(found)
                                        : SafeText.quoted(found)));
    }

    private InvalidDocument unexpected(int offset) {
        if (text.chars().allMatch(c -> WHITE_SPACE.indexOf(c) >= 0)) {
            return fatal(0, "the document is empty; expected an object");
        }
        if (offset < 0 || offset >= text.length()) { // as Parsson says that the text has ended
            return fatal(text.length(), "the document ends too early");
        }
        String found = text.substring(offset, text.offsetByCodePoints(offset, 1));
        return fatal(offset, "unexpected " + SafeText.quoted(found));
    }

    private InvalidDocument fatal(int offset, String message) {
        fault(offset, "", message);
        return invalid();
    }

    private InvalidDocument invalid() {
        faults.sort(Comparator.comparingInt(Fault::line).thenComparingInt(Fault::column));
        return new InvalidDocument(faults, moreFaults);
    }
}
