package todomanager.todo.list;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.todo.list.Bodies.document;
import static todomanager.todo.list.Bodies.json;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.json.InvalidDocument;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;

/// What holds of all lists, whatever changes they went through.
class ListsUnderChangesTest {
    private static final int SEQUENCES = 500;
    private static final int CHANGES = 30; // of a sequence
    private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());
    private static final MessageDigest SHA_256 = sha256();
    private static final String[] EACH_CHANGE = {
        "make",
        "replace",
        "rename",
        "remove list",
        "add",
        "put",
        "patch",
        "move",
        "complete",
        "remove item",
        "remove items"
    };
    private static final int LARGEST = 256 << 10; // bytes
    private static final List<String> NAMES =
            List.of("home", "work", " home\u3000", "a/b", "", "é😀", "..", "\"\\", "x\u2028y");
    private static final List<String> IDS =
            List.of("a", "b", "-", "_", "", "é", "7QnT_8NH18NguCx2", "wrsXyAenXBI5RuEY");
    private static final List<String> TITLES =
            List.of(
                    "Milk",
                    "Milk ",
                    "\"",
                    "\\",
                    "\\\"\\\\",
                    "é😀",
                    "a\u2028b",
                    "'",
                    "</script>",
                    "{}",
                    "[",
                    "a\u0000b",
                    "\n",
                    "",
                    "\u00a0",
                    "\ufeff",
                    "x".repeat(500),
                    "😀".repeat(501),
                    "\u202eMilk",
                    "Milk0");
    private static final List<String> BY_HAND =
            List.of(
                    "{}",
                    "{'home': ['Milk', 'Milk', '', '\\n'], 'a/b': ['x'], ' home ': []}",
                    "{'': [], 'work': [{'title': 'Milk', 'order': 2}, 'Milk',"
                            + " {'id': '7QnT_8NH18NguCx2', 'title': 'x', 'order': 1}, 'Milk']}",
                    "{'home': ['Milk', {'id': '7QnT_8NH18NguCx2', 'title': 'Milk'},"
                            + " {'id': 'wrsXyAenXBI5RuEY', 'title': 'Milk'}, 'Milk\\u00000']}");
    private static final List<String> LARGE =
            List.of(
                    "{'home': [" + repeated("'Milk'", 999) + "], 'work': ['Milk', 'Milk']}",
                    "{'home': [" + repeated("'Milk'", 1_001) + "], 'work': ['Milk', 'Milk']}",
                    "{'home': [" + repeated("'" + "é".repeat(500) + "'", 249) + "], 'work': ['x']}",
                    "{"
                            + IntStream.range(0, 100)
                                    .mapToObj(n -> "'" + n + "': []")
                                    .collect(joining(", "))
                            + "}");

    private final Map<String, Integer> counts = new TreeMap<>();

    private Random random = new Random();

    /// A change, the list and the item that it is about: an empty one is all of the list.
    private record Change(
            String what, List<String> lists, String id, Function<Lists, Lists> function) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void holdsTheRules(long seed) {
        random = new Random(seed);
        for (int i = 0; i < SEQUENCES; i++) {
            change(one(BY_HAND));
        }
        System.out.println("seed " + seed + ": " + counts);

        assertThat(counts).containsKeys(EACH_CHANGE);
    }

    @Test
    void holdsTheRulesWhereThereIsHardlyRoom() {
        random = new Random(5);
        for (int i = 0; i < 5; i++) {
            LARGE.forEach(this::change);
        }
        System.out.println("large: " + counts);

        assertThat(counts.keySet())
                .anyMatch(count -> count.contains("1,000 items"))
                .anyMatch(count -> count.contains("256 KiB"))
                .anyMatch(count -> count.contains("100 lists"));
    }

    private void change(String byHand) {
        Lists lists = document(byHand.replace('\'', '"'));
        for (int i = 0; i < CHANGES; i++) {
            try {
                Change change = change(lists);
                Lists changed = change.function().apply(lists);
                count(change.what());
                requireOthersUnchanged(change, lists, changed);
                requireValid(lists, changed);
                lists = changed;
            } catch (InvalidDocument e) {
                count("body refused");
            } catch (Refused e) {
                count(e.kind() + " " + e.detail());
            }
        }
    }

    private Change change(Lists lists) {
        String list = one(lists.names(), NAMES);
        String name = key(lists, list);
        String other = one(List.of("home", "work", "other"), NAMES);
        List<String> ids = items(lists, list).map(Item::id).toList();
        String id = one(ids, IDS);
        return switch (random.nextInt(16)) {
            case 0 -> {
                List<ItemPatch> items = read(items(), body -> ListPatch.items(body, list));
                yield new Change("replace", List.of(name), "", now -> now.put(list, items));
            }
            case 1 -> new Change("make", List.of(name), "", now -> now.put(list));
            case 2 ->
                    new Change(
                            "rename",
                            List.of(name, Words.trimmed(other)),
                            "",
                            now -> now.rename(list, other));
            case 3 -> new Change("remove list", List.of(name), "", now -> now.remove(list));
            case 4 -> {
                boolean completed = random.nextBoolean();
                yield new Change(
                        "complete", List.of(name), "", now -> now.complete(list, completed));
            }
            case 5 ->
                    new Change(
                            "remove items",
                            List.of(name),
                            "",
                            now -> now.removeItems(list, Item::completed));
            case 6 -> new Change("remove item", List.of(name), id, now -> now.remove(list, id));
            case 7, 8 -> {
                ItemPatch item = read(item(List.of("after"), ids), ItemPatch::whole);
                yield new Change("put", List.of(name), id, now -> put(now, list, id, item));
            }
            case 9, 10 -> patched(item(List.of("after", "list", "url"), ids), lists, list, id);
            case 11 -> {
                String to = JsonNode.quoted(one(lists.names(), NAMES));
                yield patched("{\"list\":" + to + "}", lists, list, id);
            }
            default -> {
                ItemPatch item = read(item(List.of("after"), ids), ItemPatch::whole);
                yield new Change("add", List.of(name), "+", now -> add(now, list, item));
            }
        };
    }

    private static Change patched(String body, Lists lists, String list, String id) {
        ItemPatch patch = read(body, ItemPatch::of);
        String name = key(lists, list);
        String to = key(lists, patch.list() == null ? list : patch.list());
        return new Change(
                to.equals(name) ? "patch" : "move",
                List.of(name, to),
                id,
                now -> patch(now, list, id, patch));
    }

    private static Lists put(Lists lists, String list, String id, ItemPatch item) {
        Lists once = lists.put(list, id, item);
        assertThat(once.put(list, id, item)).isEqualTo(once);
        assertThat(once.item(list, id)).isEqualTo(item.item().withId(id));
        return once;
    }

    private static Lists patch(Lists lists, String list, String id, ItemPatch patch) {
        Lists.Changed changed = lists.patch(list, id, patch);
        String now = patch.list() == null ? list : patch.list();
        assertThat(changed.item())
                .isEqualTo(changed.lists().item(now, changed.item().id()))
                .isEqualTo(patch.on(lists.item(list, id)).withId(changed.item().id()));
        return changed.lists();
    }

    private static Lists add(Lists lists, String list, ItemPatch item) {
        Lists.Changed changed = lists.add(list, item);
        assertThat(lists.find(list, changed.item().id())).isEmpty();
        assertThat(changed.item()).isEqualTo(changed.lists().item(list, changed.item().id()));
        return changed.lists();
    }

    /// Lists that the change is not about are the same, and in its own the other items in their
    /// order.
    private static void requireOthersUnchanged(Change change, Lists before, Lists after) {
        assertThat(withoutLists(change, after)).isEqualTo(withoutLists(change, before));
        if (!change.id().isEmpty()) {
            String list = change.lists().getFirst();
            Set<String> known = items(before, list).map(Item::id).collect(toSet());
            known.remove(change.id());
            assertThat(items(after, list).filter(item -> known.contains(item.id())))
                    .containsExactlyElementsOf(
                            items(before, list).filter(item -> known.contains(item.id())).toList());
        }
    }

    private static List<String> withoutLists(Change change, Lists lists) {
        return lists.names().stream()
                .filter(name -> !change.lists().contains(name))
                .map(name -> name + lists.items(name))
                .toList();
    }

    private static Stream<Item> items(Lists lists, String list) {
        return lists.has(list) ? lists.items(list).stream() : Stream.empty();
    }

    private static void requireValid(Lists before, Lists after) {
        for (String name : after.names()) {
            List<String> ids = after.items(name).stream().map(Item::id).toList();
            assertThat(ids).doesNotHaveDuplicates().allMatch(Item::isId);
        }
        assertThat(after.names().size()).isLessThanOrEqualTo(Math.max(100, before.names().size()));
        assertThat(longest(after)).isLessThanOrEqualTo(Math.max(1_000, longest(before)));
        assertThat(size(after)).isLessThanOrEqualTo(Math.max(LARGEST, size(before)));
        assertThat(document(after.text())).isEqualTo(after);
        requireReadableByOthers(after);
    }

    private static int longest(Lists lists) {
        return lists.names().stream().mapToInt(name -> lists.items(name).size()).max().orElse(0);
    }

    /// Without what says that items are completed, or not.
    private static int size(Lists lists) {
        return json(lists).replaceAll("\"completed\":(true|false)", "").getBytes(UTF_8).length
                + 18 * lists.names().stream().mapToInt(name -> lists.items(name).size()).sum();
    }

    /// A reader that knows no more than what an id is derived from finds the same ids.
    private static void requireReadableByOthers(Lists lists) {
        try (var reader = READERS.createReader(new StringReader(lists.text()))) {
            reader.readObject()
                    .forEach((name, list) ->
                            assertThat(ids(list.asJsonArray()))
                                    .isEqualTo(lists.items(name).stream().map(Item::id).toList()));
        }
    }

    private static List<String> ids(JsonArray list) {
        var taken = new HashSet<String>();
        list.forEach(item -> taken.add(member(item, "id")));
        var titles = new ArrayList<String>();
        var ids = new ArrayList<String>();
        for (JsonValue item : list) {
            String title = member(item, "title");
            String id = member(item, "id");
            int number = Collections.frequency(titles, title);
            if (id.isEmpty()) {
                do {
                    id = derived(title, number++);
                } while (!taken.add(id));
            }
            titles.add(title);
            ids.add(id);
        }
        return ids;
    }

    private static String member(JsonValue item, String name) {
        return switch (item) {
            case JsonString title -> name.equals("title") ? title.getString() : "";
            default -> item.asJsonObject().getString(name, "");
        };
    }

    private static String derived(String title, int number) {
        byte[] hash = SHA_256.digest((title + '\0' + number).getBytes(UTF_8));
        return Base64.getUrlEncoder().encodeToString(hash).substring(0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T read(String body, Function<JsonNode, T> reader) {
        return JsonDocument.read(body.getBytes(UTF_8)).as(reader);
    }

    /// A body of PUT of a list.
    private String items() {
        return random.ints(random.nextInt(6), 0, 3)
                .mapToObj(n -> n == 0 ? item(List.of("id"), IDS) : JsonNode.quoted(title()))
                .collect(joining(",", "{\"items\":[", "]}"));
    }

    /// A body of an item; a good one as a rule.
    ///
    /// @param ids that it may name
    private String item(List<String> more, List<String> ids) {
        var members = new StringJoiner(",", "{", "}");
        if (random.nextInt(20) != 0) {
            members.add("\"title\":" + JsonNode.quoted(title()));
        }
        Stream.concat(Stream.of("completed", "due", "order"), more.stream())
                .filter(_ -> random.nextInt(4) == 0)
                .forEach(member -> members.add('"' + member + "\":" + value(member, ids)));
        return members.toString();
    }

    private String title() {
        return one(List.of("Milk", "Bread"), TITLES);
    }

    private String value(String member, List<String> ids) {
        return switch (member) {
            case "completed" -> one(List.of("true", "false", "null"));
            case "due" -> one(List.of("\"2026-12-01\"", "\"9999-12-31\"", "null"), List.of("\"\""));
            case "order" -> one(List.of("-1", "0", "1", "2.0", "9007199254740991", "null"));
            case "list" -> JsonNode.quoted(one(List.of("home", "work"), NAMES));
            default -> random.nextInt(5) == 0 ? "null" : JsonNode.quoted(one(ids, IDS));
        };
    }

    private static String key(Lists lists, String list) {
        return lists.names().contains(list) ? list : Words.trimmed(list);
    }

    /// One of what is usual, as a rule, and else of what else may come.
    private <T> T one(List<T> usual, List<T> other) {
        return one(usual.isEmpty() || random.nextInt(8) == 0 ? other : usual);
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private static String repeated(String json, int times) {
        return String.join(", ", Collections.nCopies(times, json));
    }
}
