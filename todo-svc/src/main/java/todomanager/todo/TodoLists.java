package todomanager.todo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import todomanager.kit.Document;
import todomanager.kit.Representation;

/// The to-do lists of all users, each as it is served.
///
/// @param names `{"lists": […]}`: the name of every list in the document's order, once for each
///   list that has it
/// @param byUsername a user's lists, each an array of strings by its name
record TodoLists(Representation names, Map<String, Representation> byUsername) {

    /// Reads `{"USERNAME": {"LIST": ["TO DO", …], …}, …}`.
    static TodoLists read(byte[] json) {
        var names = new ArrayList<String>();
        var byUsername = new LinkedHashMap<String, Representation>();
        Document.forEachMember(
                json,
                user -> {
                    user.members()
                            .forEach((name, list) -> {
                                list.strings();
                                names.add(name);
                            });
                    byUsername.put(user.name(), user.representation());
                });
        return new TodoLists(
                Representation.json(out -> {
                    out.writeStartObject().writeStartArray("lists");
                    names.forEach(out::write);
                    out.writeEnd().writeEnd();
                }),
                byUsername);
    }

    Optional<Representation> of(String username) {
        return Optional.ofNullable(byUsername.get(username));
    }
}
