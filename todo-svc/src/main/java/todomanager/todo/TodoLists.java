package todomanager.todo;

import java.util.Optional;
import java.util.stream.IntStream;
import todomanager.document.JsonItems;
import todomanager.document.JsonMembers;
import todomanager.http.Representation;
import todomanager.json.JsonDocument;

/// The to-do lists of all users, each as it is served.
///
/// @param names of all lists
/// @param byUsername a user's lists, each an array of strings by its name
record TodoLists(ListNames names, JsonMembers byUsername) {

    private static final String SCHEMA = "database/todo.schema.json";

    /// Reads `{"USERNAME": {"LIST": ["TO DO", …], …}, …}`.
    static TodoLists read(byte[] json) {
        var names = JsonItems.array("lists");
        var firsts = IntStream.builder();
        var users = new JsonMembers.Builder(json);
        JsonDocument.forEachMember(
                json,
                SCHEMA,
                (user, begin, end) -> {
                    firsts.add(names.size());
                    user.members()
                            .forEach((name, list) -> {
                                list.requireStrings();
                                names.add(out -> out.write(name));
                            });
                    users.read(user, begin, end);
                });
        JsonMembers byUsername = users.build();
        var listNames = new ListNames(names.build(), byUsername, firsts.build().toArray());
        return new TodoLists(listNames, byUsername);
    }

    Optional<Representation> of(String username) {
        return byUsername.find(username);
    }
}
