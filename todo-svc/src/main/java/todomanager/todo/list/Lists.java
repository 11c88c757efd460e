package todomanager.todo.list;

import static java.util.stream.Collectors.joining;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import todomanager.json.JsonNode;

/// The to-do lists of one user, in their order. A change gives others, or is [Refused].
///
/// A list is asked for by its name, with or without white space at both ends. A document may have
/// names that nobody can give to a list here: those stay.
public final class Lists {
    public static final Lists NONE = new Lists(Map.of());

    private static final int LONGEST_NAME = 100; // code points
    private static final int MOST_LISTS = 100;
    private static final int MOST_ITEMS = 1_000; // of a list
    private static final Pattern NO_SEGMENT = Pattern.compile("(?s)\\.{1,2}|.*[/\\\\].*");
    private static final String NO_SLASH =
            "is a part of paths; choose one without slashes that is not \".\" or \"..\"";
    private static final int LARGEST = 256 << 10; // bytes

    private final Map<String, ItemList> byName;

    private Lists(Map<String, ItemList> byName) {
        this.byName = Collections.unmodifiableMap(byName);
    }

    /// What a change of one item gives.
    ///
    /// @param item as it is now; its id may be new
    public record Changed(Lists lists, Item item) {
        private Changed grownFrom(Lists before) {
            return new Changed(lists.grownFrom(before), item);
        }
    }

    /// The lists that a user has in a document, `{"LIST": ["TO DO", {"title": "TO DO", …}, …], …}`.
    /// Faults are reported there.
    public static Lists of(JsonNode user) {
        var lists = new LinkedHashMap<String, ItemList>();
        written(user).forEach((name, items) -> lists.put(name, ItemList.of(items)));
        return new Lists(lists);
    }

    /// The same as it is written, list by list: much quicker, since no ids are derived.
    public static Map<String, List<ItemPatch>> written(JsonNode user) {
        var lists = new LinkedHashMap<String, List<ItemPatch>>();
        user.members().forEach((name, list) -> lists.put(name, ItemPatch.document(list)));
        return lists;
    }

    static Lists of(Map<String, ItemList> byName) {
        return new Lists(byName);
    }

    /// What a person has made of older lists, with what changes have made of them since.
    public static Lists merged(Optional<Lists> base, Lists theirs, Lists ours) {
        return new ListMerge(base.orElse(NONE), theirs, ours).lists();
    }

    private record Place(String list, String id) {}

    /// The order of each list, and its items by where they are. Two who both make a list, or add to
    /// it, differ in its order: so that shows what both have, and not that one has seen the
    /// other's.
    public Map<?, ?> parts() {
        var parts = new HashMap<Object, Object>();
        byName.forEach((name, list) -> {
            parts.put(name, list.items().stream().map(Item::id).toList());
            list.items().forEach(item -> parts.put(new Place(name, item.id()), item));
        });
        return parts;
    }

    ItemList byName(String list) {
        return byName.getOrDefault(list, ItemList.EMPTY);
    }

    /// The value as it stands in a document, behind the user's name: an item a line, and as little
    /// as says all.
    public String text() {
        return isEmpty()
                ? "{}"
                : byName.entrySet().stream()
                        .map(list -> JsonNode.quoted(list.getKey()) + ": " + list.getValue().text())
                        .collect(joining(",\n    ", "{\n    ", "\n  }"));
    }

    /// The items of one list, as they stand there.
    public String text(String list) {
        return byName(list).text();
    }

    /// The names of lists that others don't have, or with other items.
    public Set<String> changedSince(Lists others) {
        var changed = new HashSet<>(byName.keySet());
        changed.removeIf(name -> byName(name).equals(others.byName.get(name)));
        return changed;
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    public boolean has(String list) {
        return byName.containsKey(name(list));
    }

    /// The items of a list.
    ///
    /// @throws Refused if there is no such list
    public List<Item> items(String list) {
        return list(list).items();
    }

    /// An item of a list.
    ///
    /// @throws Refused if there is no such list or item
    public Item item(String list, String id) {
        ItemList items = list(list);
        return items.item(place(items, id));
    }

    public Optional<Item> find(String list, String id) {
        ItemList items = byName.getOrDefault(name(list), ItemList.EMPTY);
        return Optional.of(items.placeOf(id)).filter(place -> place >= 0).map(items::item);
    }

    /// With a list of that name; a new one is empty, and the last.
    public Lists put(String list) {
        return has(list) ? this : put(list, List.of());
    }

    /// With these items in the list, and no others.
    public Lists put(String list, List<ItemPatch> items) {
        return with(nameToWrite(list), ItemList.of(items)).grownFrom(this);
    }

    /// With another name for a list, which keeps its place.
    public Lists rename(String list, String name) {
        list(list);
        String before = name(list);
        String now = Words.trimmed(name);
        if (now.equals(before)) {
            return this;
        }
        nameFault(now)
                .ifPresent(fault -> {
                    throw Refused.invalid("/name", fault);
                });
        if (byName.containsKey(now)) {
            throw Refused.conflict(
                    "/name", "There is a list of this name: choose another, or remove that first.");
        }
        var lists = new LinkedHashMap<String, ItemList>();
        byName.forEach((other, items) -> lists.put(other.equals(before) ? now : other, items));
        return new Lists(lists).grownFrom(this);
    }

    public Lists remove(String list) {
        list(list);
        var fewer = new LinkedHashMap<>(byName);
        fewer.remove(name(list));
        return new Lists(fewer);
    }

    /// With one more item, which goes to the end if it doesn't say where. Makes the list if there
    /// is none.
    public Changed add(String list, ItemPatch item) {
        if (item.id() != null) {
            throw Refused.invalid("/id", "The service chooses the id: leave it out, or use PUT.");
        }
        return added(nameToWrite(list), item.item(), item).grownFrom(this);
    }

    /// With all items of the list completed, or open.
    public Lists complete(String list, boolean completed) {
        return with(name(list), list(list).completed(completed));
    }

    /// Without some of the items of the list.
    public Lists removeItems(String list, Predicate<Item> which) {
        return with(name(list), list(list).without(which));
    }

    /// With this item of this id: in the place of the one there is, or else a new one at the end,
    /// if it doesn't say where. Makes the list if there is none.
    public Lists put(String list, String id, ItemPatch item) {
        requireId(id, item);
        String name = nameToWrite(list);
        ItemList items = byName.getOrDefault(name, ItemList.EMPTY);
        int place = items.placeOf(id);
        if (place >= 0) {
            return with(name, items.replaced(place, item.item().withId(id), item)).grownFrom(this);
        }
        if (!Item.isId(id)) {
            throw Refused.invalid("The path must end with " + Item.ID_RULE + '.');
        }
        return added(name, item.item().withId(id), item).grownFrom(this).lists();
    }

    /// With changes of an item, which can move it to another list.
    public Changed patch(String list, String id, ItemPatch patch) {
        requireId(id, patch);
        String name = name(list);
        ItemList items = list(list);
        int place = place(items, id);
        Item item = patch.on(items.item(place));
        String target = patch.list() == null ? name : name(patch.list());
        if (target.equals(name)) {
            Lists changed = with(name, items.replaced(place, item, patch));
            return new Changed(changed, item).grownFrom(this);
        }
        if (!byName.containsKey(target)) {
            throw Refused.invalid("/list", "There is no such list: make it first, with PUT.");
        }
        return with(name, items.without(place)).added(target, item, patch).grownFrom(this);
    }

    public Lists remove(String list, String id) {
        ItemList items = list(list);
        return with(name(list), items.without(place(items, id)));
    }

    /// The name of a list as it is kept, by the one that a path or a body has.
    public String name(String list) {
        return byName.containsKey(list) ? list : Words.trimmed(list);
    }

    private ItemList list(String list) {
        ItemList items = byName.get(name(list));
        if (items == null) {
            throw Refused.notFound("The user has no such list: check the spelling of its name.");
        }
        return items;
    }

    private static int place(ItemList items, String id) {
        int place = items.placeOf(id);
        if (place < 0) {
            throw Refused.notFound("The list has no such item: check its id.");
        }
        return place;
    }

    private static void requireId(String id, ItemPatch item) {
        if (item.id() != null && !item.id().equals(id)) {
            throw Refused.invalid("/id", "This is not the id in the path: leave it out.");
        }
    }

    /// The name of a list that is there, or can be made.
    private String nameToWrite(String list) {
        String name = name(list);
        if (!byName.containsKey(name)) {
            nameFault(name)
                    .ifPresent(fault -> {
                        throw Refused.invalid(fault);
                    });
        }
        return name;
    }

    private static Optional<String> nameFault(String name) {
        return Words.fault(name, LONGEST_NAME)
                .or(() -> Optional.of(NO_SLASH).filter(_ -> NO_SEGMENT.matcher(name).matches()))
                .map(fault -> "The name of a list " + fault + '.');
    }

    private Changed added(String name, Item item, ItemPatch patch) {
        ItemList items = byName.getOrDefault(name, ItemList.EMPTY);
        int place = items.place(patch, item);
        ItemList more = items.with(place, item);
        return new Changed(with(name, more), more.item(place));
    }

    private Lists with(String name, ItemList items) {
        var lists = new LinkedHashMap<>(byName);
        lists.put(name, items);
        return new Lists(lists);
    }

    /// These, unless they are larger than may be: people may write such by hand, and can make them
    /// smaller here, but not larger.
    private Lists grownFrom(Lists before) {
        if (byName.size() > Math.max(MOST_LISTS, before.byName.size())) {
            throw Refused.invalid("", "A user can have 100 lists: remove one first.");
        }
        if (itemsTooMany() > before.itemsTooMany()) {
            throw Refused.invalid("", "A list can have 1,000 items: remove some first.");
        }
        if (size() > Math.max(LARGEST, before.size())) {
            throw Refused.invalid(
                    "", "A user's lists can have 256 KiB as JSON: remove some items first.");
        }
        return this;
    }

    private long itemsTooMany() {
        return byName.values().stream()
                .mapToLong(items -> Math.max(0, items.count() - MOST_ITEMS))
                .sum();
    }

    /// The bytes of all lists in compact JSON, `{"LIST":[{"id":"x",…},…],…}`, and a comma for each.
    public long size() {
        return byName.entrySet().stream()
                        .mapToLong(list ->
                                Words.quotedSize(list.getKey())
                                        + list.getValue().size()
                                        + ":[],".length())
                        .sum()
                + "{}".length();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Lists lists
                && names().equals(lists.names())
                && byName.equals(lists.byName);
    }

    @Override
    public int hashCode() {
        return byName.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
