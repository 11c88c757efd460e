package todomanager.todo.list;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import todomanager.json.JsonNode;

/// What a body, or a document, says of an item: all of it, or what is to change (a merge patch, RFC
/// 7396).
///
/// @param given the members that stand there; those that don't are null, or false, and say nothing
/// @param title trimmed, if it is of a body; empty if there is none
/// @param after the id of the item that this one goes behind; null for the beginning
/// @param list the name of the list that it goes to
public record ItemPatch(
        Set<String> given,
        @Nullable String id,
        String title,
        boolean completed,
        @Nullable LocalDate due,
        @Nullable Long order,
        @Nullable String after,
        @Nullable String list) {

    private static final int LONGEST_TITLE = 500; // code points

    /// Greater numbers are not the same to every reader (RFC 8259, section 6).
    private static final BigDecimal GREATEST_ORDER = BigDecimal.valueOf((1L << 53) - 1);

    private static final BigDecimal LEAST_ORDER = GREATEST_ORDER.negate();
    private static final Set<String> TITLE_ALONE = Set.of("title");
    private static final Set<String> NULLABLE = Set.of("completed", "due", "order", "after");
    private static final String EQUAL_IDS =
            "is the id of an item before it; choose another, or leave it out";

    /// Where an item is written.
    ///
    /// @param members that it may have there
    private record Form(Set<String> members) {
        static final Form DOCUMENT = new Form(Set.of("id", "title", "completed", "due", "order"));
        static final Form ELEMENT = DOCUMENT.and("url"); // so that what was read can be sent back
        static final Form WHOLE = ELEMENT.and("after");
        static final Form PATCH = WHOLE.and("list");

        private Form and(String member) {
            return new Form(
                    Stream.concat(members.stream(), Stream.of(member))
                            .collect(toUnmodifiableSet()));
        }

        /// Whether null says something: in a patch that there is to be no such thing, and of a
        /// place that it is the beginning.
        boolean takesNull(String member) {
            return equals(PATCH) ? NULLABLE.contains(member) : member.equals("after");
        }

        /// The title that a string is. People may have any in their documents; that of a body is
        /// trimmed and checked.
        Optional<String> title(JsonNode node) {
            if (equals(DOCUMENT)) {
                return node.string();
            }
            Optional<String> title = node.string().map(Words::trimmed);
            title.flatMap(words -> Words.fault(words, LONGEST_TITLE)).ifPresent(node::fault);
            return title;
        }
    }

    /// Reads the body of POST: all that there is to say of an item that goes to the end, unless its
    /// order says otherwise.
    public static ItemPatch added(JsonNode body) {
        return read(body, Form.ELEMENT);
    }

    /// Reads the body of PUT: all that there is to say of an item.
    public static ItemPatch whole(JsonNode body) {
        return read(body, Form.WHOLE);
    }

    /// Reads the body of PATCH: what is to change.
    public static ItemPatch of(JsonNode body) {
        return read(body, Form.PATCH);
    }

    /// Reads a list of a document: strings, each a title alone, or objects. Any string is a title
    /// there.
    static List<ItemPatch> document(JsonNode list) {
        return elements(list, Form.DOCUMENT);
    }

    /// Reads the same of a body.
    static List<ItemPatch> elements(JsonNode list) {
        return elements(list, Form.ELEMENT);
    }

    /// Whether the member stands there.
    boolean has(String member) {
        return given.contains(member);
    }

    /// The item of which this says all; its id is empty where none is given.
    Item item() {
        return new Item(id == null ? "" : id, title, completed, due, order);
    }

    /// The item that this makes of another. A number that orders says no more where it stands once
    /// it stands behind another.
    Item on(Item item) {
        return new Item(
                item.id(),
                has("title") ? title : item.title(),
                has("completed") ? completed : item.completed(),
                has("due") ? due : item.due(),
                has("order") || has("after") ? order : item.order());
    }

    private static List<ItemPatch> elements(JsonNode list, Form form) {
        var items = new ArrayList<ItemPatch>();
        var ids = new HashSet<String>();
        for (JsonNode element : list.elements()) {
            ItemPatch item = element(element, form);
            if (item.id != null && !ids.add(item.id)) {
                element.required("id").ifPresent(id -> id.fault(EQUAL_IDS));
            }
            items.add(item);
        }
        return items;
    }

    private static ItemPatch element(JsonNode element, Form form) {
        if (element.isObject()) {
            return read(element, form);
        }
        if (element.string().isEmpty()) {
            element.expected("a string or an object");
        }
        return titled(form.title(element).orElse(""));
    }

    private static ItemPatch titled(String title) {
        return new ItemPatch(TITLE_ALONE, null, title, false, null, null, null, null);
    }

    private static ItemPatch read(JsonNode node, Form form) {
        node.requireKnown(form.members);
        if (!form.equals(Form.PATCH)) {
            node.required("title");
        }
        Map<String, JsonNode> members = node.members();
        if (members.containsKey("after") && members.containsKey("order")) {
            members.get("order").fault("says where, as \"after\" does; leave out one of them");
        }
        var values = new Values(members, form);
        values.of("url", JsonNode::string, "a string");
        String title = values.of("title", form::title, "a string");
        return new ItemPatch(
                Set.copyOf(members.keySet()),
                values.of("id", ItemPatch::id, Item.ID_RULE),
                title == null ? "" : title,
                Boolean.TRUE.equals(values.of("completed", JsonNode::truth, "true or false")),
                values.of("due", ItemPatch::date, "a date such as \"2026-12-01\""),
                values.of("order", ItemPatch::order, "an integer of up to 53 bits"),
                values.of("after", JsonNode::string, "the id of an item, or null"),
                values.of("list", JsonNode::string, "the name of a list"));
    }

    /// The values of the members.
    private record Values(Map<String, JsonNode> members, Form form) {

        /// The value of a member, and a fault where that is not what it must be.
        <T> @Nullable T of(String name, Function<JsonNode, Optional<T>> reader, String what) {
            JsonNode member = members.get(name);
            if (member == null || (member.isNull() && form.takesNull(name))) {
                return null;
            }
            Optional<T> value = reader.apply(member);
            if (value.isEmpty()) {
                member.expected(what);
            }
            return value.orElse(null);
        }
    }

    private static Optional<String> id(JsonNode node) {
        return node.string().filter(Item::isId);
    }

    /// A full-date of RFC 3339. Java would take years of more digits too, with a sign.
    private static Optional<LocalDate> date(JsonNode node) {
        try {
            return node.string()
                    .filter(date -> date.length() == "2026-12-01".length())
                    .map(LocalDate::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> order(JsonNode node) {
        return node.integer()
                .filter(order -> order.compareTo(LEAST_ORDER) >= 0)
                .filter(order -> order.compareTo(GREATEST_ORDER) <= 0)
                .map(BigDecimal::longValueExact);
    }
}
