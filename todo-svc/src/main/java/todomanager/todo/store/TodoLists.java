package todomanager.todo.store;

import jakarta.json.stream.JsonGenerator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import todomanager.document.Document;
import todomanager.document.JsonItems;
import todomanager.document.JsonMembers;
import todomanager.http.Representation;
import todomanager.json.JsonDocument;
import todomanager.todo.list.ItemPatch;
import todomanager.todo.list.Lists;

/// The to-do lists of all users, each as it is served.
///
/// @param names of all lists
/// @param members a user's lists, each an array of the titles of its open items by its name
public record TodoLists(ListNames names, JsonMembers members) implements Document<TodoLists> {

    private static final String SCHEMA = "database/todo.schema.json";

    /// Reads `{"USERNAME": {"LIST": ["TO DO", {"title": "TO DO", …}, …], …}, …}`.
    public static TodoLists read(byte... json) {
        var names = JsonItems.array("lists");
        var firsts = IntStream.builder();
        var users = new JsonMembers.Builder(json);
        JsonDocument.forEachMember(
                json,
                SCHEMA,
                (user, begin, end) -> {
                    firsts.add(names.size());
                    Map<String, List<ItemPatch>> lists = Lists.written(user);
                    lists.keySet().forEach(name -> names.add(out -> out.write(name)));
                    users.add(user.name(), out -> writeTitles(lists, out), begin, end);
                });
        JsonMembers members = users.build();
        return new TodoLists(
                new ListNames(names.build(), members, firsts.build().toArray()), members);
    }

    /// Lists say what is to do, so items that are completed do not show.
    private static void writeTitles(Map<String, List<ItemPatch>> lists, JsonGenerator out) {
        out.writeStartObject();
        lists.forEach((name, items) -> {
            out.writeStartArray(name);
            for (ItemPatch item : items) {
                if (!item.completed()) {
                    out.write(item.title());
                }
            }
            out.writeEnd();
        });
        out.writeEnd();
    }

    @Override
    public TodoLists with(TodoLists changed, Set<String> removed) {
        var runs = members.runs(changed.members, removed);
        JsonMembers joined = members.joined(changed.members, runs);
        return new TodoLists(names.joined(changed.names, runs, joined), joined);
    }

    /// What a user has to do, as it is served.
    static Representation titles(Map<String, List<ItemPatch>> lists) {
        return Representation.json(out -> writeTitles(lists, out));
    }

    Optional<Representation> titles(String username) {
        return members.find(username);
    }
}
