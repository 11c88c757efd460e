package todomanager.todo;

import java.util.Optional;
import todomanager.document.JsonItems;
import todomanager.document.JsonMembers;
import todomanager.http.Representation;
import todomanager.json.JsonDocument;

/// The to-do lists of all users, each as it is served.
///
/// @param names `{"lists": […]}`: the name of every list in the document's order, once for each
///   list that has it
/// @param byUsername a user's lists, each an array of strings by its name
record TodoLists(JsonItems names, JsonMembers byUsername) {

    /// Reads `{"USERNAME": {"LIST": ["TO DO", …], …}, …}`.
    static TodoLists read(byte[] json) {
        var names = JsonItems.array("lists");
        var users = JsonItems.object(json.length);
        JsonDocument.forEachMember(
                json,
                user -> {
                    user.members()
                            .forEach((name, list) -> {
                                list.requireStrings();
                                names.add(out -> out.write(name));
                            });
                    users.add(user::writeMember);
                });
        return new TodoLists(names.build(), new JsonMembers(users.build()));
    }

    Optional<Representation> of(String username) {
        return byUsername.find(username);
    }
}
