package todomanager.todo;

import jakarta.json.Json;
import java.io.StringReader;
import todomanager.document.JsonItems;
import todomanager.document.JsonMembers;
import todomanager.document.KeyedItems;
import todomanager.text.UriPath;

/// The names of all lists in the document's order, once for each list that has it. The key of a
/// name is `OWNER/NAME`, each percent-encoded.
///
/// @param items `{"lists": ["NAME", …]}`
/// @param owners of the lists
/// @param firsts where each owner's first list is, or would be
@SuppressWarnings("ArrayRecordComponent") // never compared
record ListNames(JsonItems items, JsonMembers owners, int... firsts) implements KeyedItems {

    @Override
    public String key(int place) {
        int owner = 0;
        while (end(owner) <= place) {
            owner++;
        }
        try (var reader = Json.createReader(new StringReader("[" + items.text(place) + "]"))) {
            String name = reader.readArray().getString(0);
            return UriPath.encoded(owners.key(owner)) + "/" + UriPath.encoded(name);
        }
    }

    @Override
    public int place(String key) {
        int slash = key.indexOf('/');
        int owner = slash < 0 ? -1 : owners.place(UriPath.decoded(key.substring(0, slash)));
        if (owner >= 0) {
            String name = Json.createValue(UriPath.decoded(key.substring(slash + 1))).toString();
            for (int place = firsts[owner]; place < end(owner); place++) {
                if (items.text(place).equals(name)) {
                    return place;
                }
            }
        }
        return -1;
    }

    /// The place behind the owner's last list.
    private int end(int owner) {
        return owner + 1 < firsts.length ? firsts[owner + 1] : items.size();
    }
}
