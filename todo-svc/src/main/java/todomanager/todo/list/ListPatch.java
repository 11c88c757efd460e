package todomanager.todo.list;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import todomanager.json.JsonNode;

/// What a body says of a list.
public final class ListPatch {
    private ListPatch() {}

    /// Reads the body of PUT of a list, `{"items": ["TITLE", {"title": "TITLE", …}, …]}`. It may
    /// have the list's name, so that what was read can be sent back.
    ///
    /// @param list the name in the path
    public static List<ItemPatch> items(JsonNode body, String list) {
        body.requireKnown(Set.of("name", "items"));
        Optional.ofNullable(body.members().get("name"))
                .filter(name -> name.string().filter(Words.trimmed(list)::equals).isEmpty())
                .ifPresent(name -> name.fault("is not the one in the path; rename with PATCH"));
        return body.required("items").map(ItemPatch::elements).orElse(List.of());
    }

    /// Reads the body of PATCH of a list, `{"name": "NAME"}`; none where it says nothing.
    public static Optional<String> name(JsonNode body) {
        return only(body, "name", JsonNode::string, "a string");
    }

    /// Reads the body of PATCH of all items of a list, `{"completed": true}`.
    public static Optional<Boolean> completed(JsonNode body) {
        return only(
                body,
                "completed",
                node -> node.isNull() ? Optional.of(false) : node.truth(),
                "true or false");
    }

    private static <T> Optional<T> only(
            JsonNode body, String name, Function<JsonNode, Optional<T>> reader, String what) {
        body.requireKnown(Set.of(name));
        Optional<JsonNode> member = Optional.ofNullable(body.members().get(name));
        Optional<T> value = member.flatMap(reader);
        if (value.isEmpty()) {
            member.ifPresent(node -> node.expected(what));
        }
        return value;
    }
}
