package todomanager.todo.list;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonGeneratorFactory;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import todomanager.json.InvalidDocument;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;

/// JSON of tests, written with single quotes.
final class Bodies {
    private static final JsonGeneratorFactory GENERATORS = Json.createGeneratorFactory(Map.of());

    private Bodies() {}

    static <T> T read(String json, Function<JsonNode, T> reader) {
        return JsonDocument.read(json.replace('\'', '"').getBytes(UTF_8)).as(reader);
    }

    static Lists lists(String json) {
        return read(json, Lists::of);
    }

    static ItemPatch whole(String json) {
        return read(json, ItemPatch::whole);
    }

    static ItemPatch patch(String json) {
        return read(json, ItemPatch::of);
    }

    static List<ItemPatch> items(String json) {
        return read("{'items': " + json + "}", body -> ListPatch.items(body, ""));
    }

    /// Reads the value of a user in a document.
    static Lists document(String value) {
        var lists = new ArrayList<Lists>();
        byte[] document = ("{\n  \"ana\": " + value + "\n}\n").getBytes(UTF_8);
        JsonDocument.forEachMember(document, user -> lists.add(Lists.of(user)));
        return lists.getFirst();
    }

    /// The item as it is served, without a URL.
    static String json(Item item) {
        return written(json -> item.write(json));
    }

    /// All items as they are served, in one object.
    static String json(Lists lists) {
        return written(json -> {
            json.writeStartObject();
            for (String name : lists.names()) {
                json.writeStartArray(name);
                lists.items(name).forEach(item -> item.write(json));
                json.writeEnd();
            }
            json.writeEnd();
        });
    }

    private static String written(Consumer<JsonGenerator> value) {
        var text = new StringWriter();
        try (JsonGenerator json = GENERATORS.createGenerator(text)) {
            value.accept(json);
        }
        return text.toString();
    }

    /// The faults of a body, each behind its pointer.
    static List<String> faults(String json, Function<JsonNode, ?> reader) {
        try {
            read(json, reader);
            return List.of();
        } catch (InvalidDocument e) {
            return e.faults().stream()
                    .map(fault -> (fault.pointer() + " " + fault.message()).strip())
                    .toList();
        }
    }
}
