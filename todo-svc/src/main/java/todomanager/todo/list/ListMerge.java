package todomanager.todo.list;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Merges what a person has made of older lists with what changes have made of them since: a merge
/// of three, by list and by item. Where both have changed the same item, the person's stays.
///
/// @param base the lists that the person began with
/// @param theirs what the person has made of them
/// @param ours what changes have made of them
record ListMerge(Lists base, Lists theirs, Lists ours) {

    Lists lists() {
        var merged = new LinkedHashMap<String, ItemList>();
        for (String name : theirs.names()) {
            keep(merged, name);
        }
        for (String name : ours.names()) {
            if (!theirs.has(name)) {
                keep(merged, name);
            }
        }
        return Lists.of(merged);
    }

    /// A list that one has removed is kept only if the other has changed it.
    private void keep(Map<String, ItemList> merged, String name) {
        ItemList before = base.byName(name);
        ItemList edited = theirs.byName(name);
        ItemList changed = ours.byName(name);
        if (theirs.has(name) && ours.has(name)) {
            merged.put(name, items(before, edited, changed));
        } else if (theirs.has(name)) {
            if (!base.has(name) || !edited.equals(before)) {
                merged.put(name, edited);
            }
        } else if (!base.has(name) || !changed.equals(before)) {
            merged.put(name, changed);
        }
    }

    private static ItemList items(ItemList base, ItemList theirs, ItemList ours) {
        if (theirs.equals(base) || theirs.equals(ours)) {
            return ours;
        }
        if (ours.equals(base)) {
            return theirs;
        }
        Map<String, Item> before = byId(base);
        Map<String, Item> changed = byId(ours);
        var merged = new ArrayList<Item>();
        for (Item item : theirs.items()) {
            Item now = changed.get(item.id());
            if (!item.equals(before.get(item.id()))) {
                merged.add(item);
            } else if (now != null) {
                merged.add(now);
            }
        }
        Set<String> edited = byId(theirs).keySet();
        int place = 0;
        for (Item item : ours.items()) {
            if (edited.contains(item.id())) {
                place = placeBehind(merged, item.id(), place);
            } else if (!item.equals(before.get(item.id()))) {
                merged.add(place++, item);
            }
        }
        return ItemList.ofItems(merged);
    }

    private static int placeBehind(List<Item> items, String id, int otherwise) {
        for (int place = 0; place < items.size(); place++) {
            if (items.get(place).id().equals(id)) {
                return place + 1;
            }
        }
        return otherwise;
    }

    private static Map<String, Item> byId(ItemList list) {
        var items = new HashMap<String, Item>();
        list.items().forEach(item -> items.put(item.id(), item));
        return items;
    }
}
