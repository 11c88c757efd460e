package todomanager.user.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import todomanager.json.JsonNode;

/// A patch that looks like what it changes, and has null where something goes (RFC 7396).
final class MergePatch {
    private MergePatch() {}

    /// What it makes of a value, on one line. What it does not name is as it stood, and in its
    /// place.
    ///
    /// @param before none where there is no value yet
    static String merged(@Nullable JsonNode before, JsonNode patch) {
        if (!patch.isObject()) {
            return patch.line();
        }
        Map<String, JsonNode> there =
                before != null && before.isObject() ? before.members() : Map.of();
        var members = new LinkedHashMap<String, String>();
        there.forEach((name, value) -> members.put(name, value.line()));
        patch.members()
                .forEach((name, change) -> {
                    if (change.isNull()) {
                        members.remove(name);
                    } else {
                        members.put(name, merged(there.get(name), change));
                    }
                });
        var line = new StringJoiner(", ", "{", "}");
        members.forEach((name, value) -> line.add(JsonNode.quoted(name) + ": " + value));
        return line.toString();
    }
}
