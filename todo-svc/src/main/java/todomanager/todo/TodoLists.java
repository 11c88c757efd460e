package todomanager.todo;

import java.util.Optional;
import todomanager.document.Members;
import todomanager.document.Sequence;
import todomanager.http.Representation;
import todomanager.json.Document;

/// The to-do lists of all users, each as it is served.
///
/// @param names `{"lists": […]}`: the name of every list in the document's order, once for each
///   list that has it
/// @param byUsername a user's lists, each an array of strings by its name
record TodoLists(Sequence names, Members byUsername) {

    /// Reads `{"USERNAME": {"LIST": ["TO DO", …], …}, …}`.
    static TodoLists read(byte[] json) {
        var names = Sequence.array("lists");
        var users = Sequence.object(json.length);
        Document.forEachMember(
                json,
                user -> {
                    user.members()
                            .forEach((name, list) -> {
                                list.requireStrings();
                                names.add(out -> out.write(name));
                            });
                    users.add(user::writeMember);
                });
        return new TodoLists(names.build(), new Members(users.build()));
    }

    Optional<Representation> of(String username) {
        return byUsername.find(username);
    }
}
