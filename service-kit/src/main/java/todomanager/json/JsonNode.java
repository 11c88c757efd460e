package todomanager.json;

import static java.util.stream.Collectors.joining;

import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.JsonValue.ValueType;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonGenerator;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import todomanager.text.SafeText;
import todomanager.text.Spelling;

/// One value of a document, which knows its place there.
///
/// A fault is reported to the document and does not end the reading, so that one pass finds all
/// that is wrong.
public final class JsonNode {
    private static final JsonProvider JSON = JsonProvider.provider(); // each look-up takes long
    private static final Pattern ESCAPED = Pattern.compile("[\\x00-\\x1f\"\\\\]");

    private final JsonDocument document;
    private final @Nullable JsonNode parent;
    private final String name;
    private final int offset;
    private final Content content;

    JsonNode(
            JsonDocument document,
            @Nullable JsonNode parent,
            String name,
            int offset,
            Content content) {
        this.document = document;
        this.parent = parent;
        this.name = name;
        this.offset = offset;
        this.content = content;
    }

    /// What stands there; JSON-P's own tree would lose both the places and the duplicates.
    sealed interface Content {
        record Members(Map<String, JsonNode> byName) implements Content {}

        record Elements(List<JsonNode> inOrder) implements Content {}

        record Scalar(JsonValue value) implements Content {}
    }

    /// The member's name, or the element's index.
    public String name() {
        return name;
    }

    /// The members of an object, in the document's order; a fault where it is none.
    public Map<String, JsonNode> members() {
        if (content instanceof Content.Members members) {
            return members.byName();
        }
        expected("an object");
        return Map.of();
    }

    /// The elements of an array; a fault where it is none.
    public List<JsonNode> elements() {
        if (content instanceof Content.Elements elements) {
            return elements.inOrder();
        }
        expected("an array");
        return List.of();
    }

    public boolean isObject() {
        return content instanceof Content.Members;
    }

    public boolean isNull() {
        return isScalar(ValueType.NULL);
    }

    /// The value, where it is true or false.
    public Optional<Boolean> truth() {
        return isScalar(ValueType.TRUE) || isScalar(ValueType.FALSE)
                ? Optional.of(isScalar(ValueType.TRUE))
                : Optional.empty();
    }

    /// A fault for each member of the object that is none of the known ones: a misspelt one would
    /// be lost without a word.
    public void requireKnown(Set<String> known) {
        members()
                .forEach((member, node) -> {
                    if (!known.contains(member)) {
                        node.fault(
                                Spelling.closest(member, known.stream())
                                        .map(meant ->
                                                "is unknown here; did you mean \"" + meant + "\"?")
                                        .orElse("is unknown here; remove it"));
                    }
                });
    }

    /// What a reader makes of the value.
    ///
    /// @throws InvalidDocument with the faults that it has reported
    public <T> T as(Function<JsonNode, T> reader) {
        T read = reader.apply(this);
        document.requireNoFault();
        return read;
    }

    /// A member that the object must have; a fault where it has not.
    public Optional<JsonNode> required(String member) {
        var found = Optional.ofNullable(members().get(member));
        if (found.isEmpty() && content instanceof Content.Members) {
            fault("has no member \"" + member + '"');
        }
        return found;
    }

    /// A fault where it is no array, and one for each element that is no string.
    public void requireStrings() {
        if (content instanceof Content.Elements elements) {
            for (JsonNode element : elements.inOrder()) {
                if (element.string().isEmpty()) {
                    element.expected("a string");
                }
            }
        } else {
            expected("an array of strings");
        }
    }

    /// The value, where it is a string.
    public Optional<String> string() {
        return content instanceof Content.Scalar(JsonString string)
                ? Optional.of(string.getString())
                : Optional.empty();
    }

    /// The value, where it is a number without a fraction; `10`, `1e1` and `10.0` are equal.
    public Optional<BigDecimal> integer() {
        return content instanceof Content.Scalar(JsonNumber number)
                ? Optional.of(number.bigDecimalValue().stripTrailingZeros())
                        .filter(value -> value.scale() <= 0)
                : Optional.empty();
    }

    /// Reports that this value is not what it must be, and shows what it is.
    public void expected(String what) {
        fault("expected " + what + ", found " + found());
    }

    /// Reports what is wrong with this value.
    public void fault(String message) {
        document.fault(offset, pointer(), message);
    }

    /// Writes the member, its name and its value.
    public void writeMember(JsonGenerator json) {
        write(json.writeKey(name));
    }

    /// Writes the value, in the document's order.
    public void write(JsonGenerator json) {
        switch (content) {
            case Content.Members(var byName) -> {
                json.writeStartObject();
                byName.forEach((member, node) -> node.write(json.writeKey(member)));
                json.writeEnd();
            }
            case Content.Elements(var inOrder) -> {
                json.writeStartArray();
                inOrder.forEach(element -> element.write(json));
                json.writeEnd();
            }
            case Content.Scalar(var value) -> json.write(value);
        }
    }

    /// The value as people write it on one line: `{"a": [1, 2.50]}`, with no escapes but those that
    /// JSON demands.
    public String line() {
        return switch (content) {
            case Content.Members(var byName) -> {
                var members = new StringJoiner(", ", "{", "}");
                byName.forEach((member, node) -> members.add(quoted(member) + ": " + node.line()));
                yield members.toString();
            }
            case Content.Elements(var inOrder) ->
                    inOrder.stream().map(JsonNode::line).collect(joining(", ", "[", "]"));
            case Content.Scalar(var value) -> value.toString();
        };
    }

    /// Text as JSON, with no escapes but those that it demands. Parsson looks for these too, but
    /// takes a tenth of the time of a write for it.
    public static String quoted(String text) {
        return ESCAPED.matcher(text).find() ? JSON.createValue(text).toString() : '"' + text + '"';
    }

    private boolean isScalar(ValueType type) {
        return content instanceof Content.Scalar(var value) && value.getValueType() == type;
    }

    String pointer() {
        return parent == null
                ? ""
                : parent.pointer() + "/" + SafeText.cut(name).replace("~", "~0").replace("/", "~1");
    }

    private String found() {
        return switch (content) {
            case Content.Members _ -> "an object";
            case Content.Elements _ -> "an array";
            case Content.Scalar(JsonString string) -> SafeText.quoted(string.getString());
            case Content.Scalar(var value) -> value.toString();
        };
    }
}
