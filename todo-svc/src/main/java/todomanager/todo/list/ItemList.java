package todomanager.todo.list;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The items of one list in their order, each with an id of its own.
final class ItemList {
    static final ItemList EMPTY = new ItemList(List.of());

    private final List<Entry> entries;

    private ItemList(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /// An item, and what takes long to find out: so a change of a long list costs little.
    ///
    /// @param number that its id is derived from, as far as that is known
    /// @param size in bytes
    private record Entry(Item item, int number, int size) {
        Entry(Item item, int number) {
            this(item, number, item.size());
        }

        Entry(Item item, Ids.Derived derived) {
            this(item.withId(derived.id()), derived.number());
        }

        Entry with(Item other) {
            return new Entry(other, other.title().equals(item.title()) ? number : Ids.UNKNOWN);
        }
    }

    /// The items as they are written; those without an id get the one that is derived.
    static ItemList of(List<ItemPatch> written) {
        var ids = new Ids(written.stream().flatMap(item -> Stream.ofNullable(item.id())).toList());
        var entries = new ArrayList<Entry>(written.size());
        for (ItemPatch patch : written) {
            Item item = patch.item();
            Entry entry =
                    item.id().isEmpty()
                            ? new Entry(item, ids.next(item.title()))
                            : new Entry(item, Ids.UNKNOWN);
            ids.pass(entry.item());
            entries.add(entry);
        }
        return new ItemList(entries);
    }

    /// Items that have ids.
    static ItemList ofItems(List<Item> items) {
        return new ItemList(items.stream().map(item -> new Entry(item, Ids.UNKNOWN)).toList());
    }

    List<Item> items() {
        return stream().toList();
    }

    Item item(int place) {
        return entries.get(place).item();
    }

    /// Where the item is, or -1.
    int placeOf(String id) {
        for (int place = 0; place < count(); place++) {
            if (item(place).id().equals(id)) {
                return place;
            }
        }
        return -1;
    }

    int count() {
        return entries.size();
    }

    /// The bytes that the items have in compact JSON, with a comma behind each.
    long size() {
        return entries.stream().mapToLong(entry -> entry.size() + 1).sum();
    }

    /// Where an item goes that is new here: behind the one that the patch names, or before the
    /// first of a greater order, or else to the end.
    ///
    /// @throws Refused if the patch names none of these
    int place(ItemPatch patch, Item item) {
        return patch.has("after") ? behind(patch.after()) : inOrder(item.order());
    }

    private int behind(@Nullable String id) {
        int place = id == null ? -1 : placeOf(id);
        if (id != null && place < 0) {
            throw Refused.invalid("/after", "\"after\" names no other item of the list.");
        }
        return place + 1;
    }

    private int inOrder(@Nullable Long order) {
        for (int place = 0; order != null && place < count(); place++) {
            Long other = item(place).order();
            if (other != null && other > order) {
                return place;
            }
        }
        return count();
    }

    /// These and an item that is new here. It keeps its id, unless that is taken; else it gets the
    /// one that is derived.
    ItemList with(int place, Item item) {
        boolean named = !item.id().isEmpty() && !has(item.id());
        return inserted(
                place,
                named
                        ? new Entry(item, Ids.UNKNOWN)
                        : new Entry(
                                item,
                                Ids.derive(
                                        item.title(),
                                        equalTitles(item.title(), place),
                                        this::has)));
    }

    private boolean has(String id) {
        return placeOf(id) >= 0;
    }

    /// How many there are before a place.
    private int equalTitles(String title, int place) {
        return (int) stream().limit(place).filter(item -> item.title().equals(title)).count();
    }

    /// These with another item in the place of one, or where the patch, or a new order, says.
    ItemList replaced(int place, Item item, ItemPatch patch) {
        Entry old = entries.get(place);
        ItemList others = without(place);
        boolean reordered = item.order() != null && !item.order().equals(old.item().order());
        int now = reordered || patch.has("after") ? others.place(patch, item) : place;
        return others.inserted(now, old.with(item));
    }

    ItemList without(int place) {
        var fewer = new ArrayList<>(entries);
        fewer.remove(place);
        return new ItemList(fewer);
    }

    ItemList without(Predicate<Item> which) {
        return new ItemList(entries.stream().filter(entry -> !which.test(entry.item())).toList());
    }

    /// These, each open or completed.
    ItemList completed(boolean completed) {
        return new ItemList(
                entries.stream()
                        .map(entry -> entry.with(entry.item().completed(completed)))
                        .toList());
    }

    private ItemList inserted(int place, Entry entry) {
        var more = new ArrayList<>(entries);
        more.add(place, entry);
        return new ItemList(more);
    }

    /// The list as it stands in a document, an item a line.
    String text() {
        if (entries.isEmpty()) {
            return "[]";
        }
        var ids = new Ids(List.of());
        var lines = new StringJoiner(",\n      ", "[\n      ", "\n    ]");
        for (Entry entry : entries) {
            lines.add(entry.item().text(ids.derives(entry.item(), entry.number())));
            ids.pass(entry.item());
        }
        return lines.toString();
    }

    private Stream<Item> stream() {
        return entries.stream().map(Entry::item);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ItemList list && items().equals(list.items());
    }

    @Override
    public int hashCode() {
        return items().hashCode();
    }
}
