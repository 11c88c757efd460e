package todomanager.todo.store;

import jakarta.json.Json;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import todomanager.document.JsonItems;
import todomanager.document.JsonMembers;
import todomanager.json.Slices.Run;

/// The names of all lists in the document's order, once for each list that has it. A key is that of
/// a list ([ListKey]).
///
/// @param items `{"lists": ["NAME", …]}`
/// @param owners of the lists
/// @param firsts where each owner's first list is, or would be
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ListNames(JsonItems items, JsonMembers owners, int... firsts)
        implements JsonItems.Keyed {

    @Override
    public String key(int place) {
        int found = Arrays.binarySearch(firsts, place);
        int owner = found < 0 ? -found - 2 : found;
        while (end(owner) <= place) { // those without lists
            owner++;
        }
        try (var reader = Json.createReader(new StringReader("[" + items.text(place) + "]"))) {
            String name = reader.readArray().getString(0);
            return new ListKey(owners.key(owner), name).toString();
        }
    }

    @Override
    public int place(String key) {
        return ListKey.parse(key).map(this::place).orElse(-1);
    }

    private int place(ListKey key) {
        int owner = owners.place(key.owner());
        if (owner >= 0) {
            String name = Json.createValue(key.name()).toString();
            for (int place = firsts[owner]; place < end(owner); place++) {
                if (items.text(place).equals(name)) {
                    return place;
                }
            }
        }
        return -1;
    }

    /// The names of runs of owners, of these and of others.
    ///
    /// @param joined the owners that they are
    ListNames joined(ListNames others, List<Run> ofOwners, JsonMembers joined) {
        var runs = new ArrayList<Run>();
        var joinedFirsts = IntStream.builder();
        int size = 0;
        for (Run run : ofOwners) {
            ListNames from = run.isOther() ? others : this;
            int first = from.firsts[run.from()];
            for (int owner = run.from(); owner < run.to(); owner++) {
                joinedFirsts.add(size + from.firsts[owner] - first);
            }
            int end = from.end(run.to() - 1);
            if (first < end) {
                runs.add(new Run(run.isOther(), first, end, 0));
            }
            size += end - first;
        }
        return new ListNames(
                items.joined(others.items, runs), joined, joinedFirsts.build().toArray());
    }

    /// The place behind the owner's last list.
    private int end(int owner) {
        return owner + 1 < firsts.length ? firsts[owner + 1] : items.size();
    }
}
