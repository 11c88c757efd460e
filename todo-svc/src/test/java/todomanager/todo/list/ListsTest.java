package todomanager.todo.list;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static todomanager.todo.list.Bodies.items;
import static todomanager.todo.list.Bodies.json;
import static todomanager.todo.list.Bodies.lists;
import static todomanager.todo.list.Bodies.patch;
import static todomanager.todo.list.Bodies.whole;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListsTest {
    private static final Lists ANA =
            lists(
                    """
                    {'home': [{'id': 'a', 'title': 'Milk'},
                              {'id': 'b', 'title': 'Bread', 'order': 5},
                              {'id': 'c', 'title': 'Salt', 'completed': true}],
                     'work': [{'id': 'a', 'title': 'Mail'}],
                     'none': []}
                    """);

    private static final String NO_LIST =
            "NOT_FOUND The user has no such list: check the spelling of its name. []";
    private static final String NO_ITEM = "NOT_FOUND The list has no such item: check its id. []";

    @ParameterizedTest
    @ValueSource(strings = {"Home", "", "..", "a/b", "a\nb", "\u200bhome"})
    void findsNoListOfAnotherName(String name) {
        List<ThrowingCallable> asked =
                List.of(
                        () -> ANA.items(name),
                        () -> ANA.item(name, "a"),
                        () -> ANA.rename(name, "house"),
                        () -> ANA.remove(name),
                        () -> ANA.complete(name, true),
                        () -> ANA.removeItems(name, Item::completed),
                        () -> ANA.patch(name, "a", patch("{}")),
                        () -> ANA.remove(name, "a"));

        assertThat(asked).allSatisfy(ask -> assertThat(refusal(ask)).isEqualTo(NO_LIST));
        assertThat(ANA.has(name)).isFalse();
        assertThat(ANA.find(name, "a")).isEmpty();
    }

    @Test
    void findsNoItemOfAnotherId() {
        List<ThrowingCallable> asked =
                List.of(
                        () -> ANA.item("home", "d"),
                        () -> ANA.patch("home", "d", patch("{}")),
                        () -> ANA.remove("work", "b"));

        assertThat(asked).allSatisfy(ask -> assertThat(refusal(ask)).isEqualTo(NO_ITEM));
        assertThat(ANA.find("work", "b")).isEmpty();
    }

    @Test
    void findsWhatThereIs() {
        assertThat(ANA.names()).containsExactly("home", "work", "none");
        assertThat(ANA.items(" none\u3000")).isEmpty();
        assertThat(ANA.item("\thome", "b")).isEqualTo(new Item("b", "Bread", false, null, 5L));
        assertThat(ANA.find("work ", "a")).contains(new Item("a", "Mail", false, null, null));
        assertThat(List.of(ANA.isEmpty(), Lists.NONE.isEmpty())).containsExactly(false, true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "''|is empty; write at least one character that shows",
                "\u00a0|is empty; write at least one character that shows",
                "a\tb|has the control character U+0009; remove it",
                ".|is a part of paths; choose one without slashes that is not \".\" or \"..\"",
                "..|is a part of paths; choose one without slashes that is not \".\" or \"..\"",
                "/|is a part of paths; choose one without slashes that is not \".\" or \"..\"",
                "a\u2028/b|is a part of paths; choose one without slashes that is not \".\" or \"..\"",
                "a\\b|is a part of paths; choose one without slashes that is not \".\" or \"..\"",
            })
    void makesNoListOfABadName(String name, String fault) {
        String detail = "INVALID The name of a list " + fault + ". ";
        List<ThrowingCallable> asked =
                List.of(
                        () -> ANA.put(name),
                        () -> ANA.put(name, List.of()),
                        () -> ANA.add(name, whole("{'title': 'Tea'}")),
                        () -> ANA.put(name, "a", whole("{'title': 'Tea'}")));

        assertThat(asked).allSatisfy(ask -> assertThat(refusal(ask)).isEqualTo(detail + "[]"));
        assertThat(refusal(() -> ANA.rename("home", name))).isEqualTo(detail + "[/name]");
    }

    @Test
    void makesNoListOfANameThatIsTooLong() {
        assertThat(refusal(() -> ANA.put("😀".repeat(101))))
                .startsWith("INVALID The name of a list has 101 characters; 100 are the most.");
        assertThat(ANA.put("😀".repeat(100)).has("😀".repeat(100))).isTrue();
        assertThat(ANA.put("...").names()).endsWith("...");
    }

    /// A document may have lists that nobody could make.
    @Test
    void keepsListsOfBadNames() {
        Lists odd = lists("{'': ['x'], 'a/b': [], '..': ['y'], ' home ': []}");

        assertThat(odd.add("home", whole("{'title': 'Tea'}")).lists().names())
                .containsExactly("", "a/b", "..", " home ", "home");
        assertThat(odd.put("a/b").add("..", whole("{'title': 'z'}")).lists().items(".."))
                .hasSize(2);
    }

    @Test
    void makesAListAtTheEnd() {
        assertThat(show(ANA.put(" tea "))).isEqualTo("home=abc work=a none= tea=");
        assertThat(ANA.put("home")).isEqualTo(ANA);
    }

    @Test
    void replacesTheItemsOfAList() {
        Lists changed = ANA.put("home", items("['x', {'id': 'b', 'title': 'y', 'order': 1}, 'x']"));

        assertThat(changed)
                .isEqualTo(
                        lists(
                                """
                                {'home': ['x', {'id': 'b', 'title': 'y', 'order': 1}, 'x'],
                                 'work': [{'id': 'a', 'title': 'Mail'}], 'none': []}
                                """));
    }

    @Test
    void renamesAList() {
        assertThat(show(ANA.rename("home", " house "))).isEqualTo("house=abc work=a none=");
        assertThat(ANA.rename("home", "home ")).isEqualTo(ANA);
        assertThat(refusal(() -> ANA.rename("home", "work")))
                .isEqualTo(
                        "CONFLICT There is a list of this name: choose another, or remove that"
                                + " first. [/name]");
    }

    @Test
    void removesListsAndItems() {
        assertThat(show(ANA.remove("home"))).isEqualTo("work=a none=");
        assertThat(show(ANA.remove("home", "b"))).isEqualTo("home=ac work=a none=");
        assertThat(show(ANA.removeItems("home", Item::completed)))
                .isEqualTo("home=ab work=a none=");
        assertThat(ANA.removeItems("none", Item::completed)).isEqualTo(ANA);
        assertThat(lists("{'a': []}").remove("a")).isEqualTo(Lists.NONE);
    }

    @Test
    void completesAllItems() {
        assertThat(ANA.complete("home", true).items("home")).allMatch(Item::completed);
        assertThat(ANA.complete("home", false).items("home")).noneMatch(Item::completed);
        assertThat(ANA.complete("work", false)).isEqualTo(ANA);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'title': 'x'}                     | abc*
                    {'title': 'x', 'order': 4}         | a*bc
                    {'title': 'x', 'order': 5}         | abc*
                    {'title': 'x', 'after': null}      | *abc
                    {'title': 'x', 'after': 'b'}       | ab*c
                    """)
    void addsAnItemWhereItSays(String body, String ids) {
        Lists.Changed changed = ANA.add("home", whole(body));

        assertThat(show(changed.lists()).replace(changed.item().id(), "*"))
                .isEqualTo("home=" + ids + " work=a none=");
        assertThat(changed.item()).isEqualTo(changed.lists().item("home", changed.item().id()));
        assertThat(ANA.add("tea", whole(body.replace("'b'", "null"))).lists().items("tea"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'title': 'x', 'after': 'x'} | "after" names no other item of the list. [/after]
                    {'title': 'x', 'after': ''}  | "after" names no other item of the list. [/after]
                    {'title': 'x', 'id': 'x'}    | The service chooses the id: leave it out, or use PUT. [/id]
                    """)
    void addsNoSuchItem(String body, String detail) {
        assertThat(refusal(() -> ANA.add("home", whole(body)))).isEqualTo("INVALID " + detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    b | {'title': 'x'}                 | abc  | {'id':'b','title':'x','completed':false}
                    b | {'title': 'x', 'order': 5}     | abc  | {'id':'b','title':'x','completed':false,'order':5}
                    a | {'title': 'x', 'order': 6}     | bca  | {'id':'a','title':'x','completed':false,'order':6}
                    c | {'title': 'x', 'order': 4}     | acb  | {'id':'c','title':'x','completed':false,'order':4}
                    b | {'title': 'x', 'after': null}  | bac  | {'id':'b','title':'x','completed':false}
                    b | {'title': 'x', 'after': 'a'}   | abc  | {'id':'b','title':'x','completed':false}
                    b | {'title': 'x', 'after': 'c'}   | acb  | {'id':'b','title':'x','completed':false}
                    d | {'title': 'x', 'id': 'd'}      | abcd | {'id':'d','title':'x','completed':false}
                    d | {'title': 'x', 'order': 4}     | adbc | {'id':'d','title':'x','completed':false,'order':4}
                    d | {'title': 'x', 'after': 'a'}   | adbc | {'id':'d','title':'x','completed':false}
                    """)
    void putsAnItemWhereItSays(String id, String body, String ids, String item) {
        Lists changed = ANA.put("home", id, whole(body));

        assertThat(show(changed)).isEqualTo("home=" + ids + " work=a none=");
        assertThat(json(changed.item("home", id))).isEqualTo(item.replace('\'', '"'));
        assertThat(changed.put("home", id, whole(body))).isEqualTo(changed);
    }

    @Test
    void putsAnItemInANewList() {
        assertThat(show(ANA.put("tea", "a", whole("{'title': 'x'}"))))
                .isEqualTo("home=abc work=a none= tea=a");
    }

    /// By hand, items may stand in another order than their numbers say.
    @Test
    void leavesAnItemWhereItIsIfItsOrderStays() {
        Lists odd =
                lists(
                        """
                        {'home': [{'id': 'a', 'title': 'x', 'order': 9},
                                  {'id': 'b', 'title': 'y', 'order': 5}]}
                        """);

        assertThat(odd.put("home", "b", whole("{'title': 'y', 'order': 5}"))).isEqualTo(odd);
        assertThat(odd.patch("home", "b", patch("{'order': 5}")).lists()).isEqualTo(odd);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    b   | {'title': 'x', 'after': 'b'} | "after" names no other item of the list. [/after]
                    d   | {'title': 'x', 'after': 'd'} | "after" names no other item of the list. [/after]
                    b   | {'title': 'x', 'id': 'c'}    | This is not the id in the path: leave it out. [/id]
                    a.b | {'title': 'x'}               | The path must end with an id of 1 to 64 letters of ASCII, digits, _ or -. []
                    """)
    void putsNoSuchItem(String id, String body, String detail) {
        assertThat(refusal(() -> ANA.put("home", id, whole(body)))).isEqualTo("INVALID " + detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    b | {}                               | home=abc work=a none=  | {'id':'b','title':'Bread','completed':false,'order':5}
                    b | {'id': 'b'}                      | home=abc work=a none=  | {'id':'b','title':'Bread','completed':false,'order':5}
                    b | {'order': null}                  | home=abc work=a none=  | {'id':'b','title':'Bread','completed':false}
                    c | {'order': -1}                    | home=acb work=a none=  | {'id':'c','title':'Salt','completed':true,'order':-1}
                    b | {'after': 'c'}                   | home=acb work=a none=  | {'id':'b','title':'Bread','completed':false}
                    b | {'after': null}                  | home=bac work=a none=  | {'id':'b','title':'Bread','completed':false}
                    b | {'list': ' home '}               | home=abc work=a none=  | {'id':'b','title':'Bread','completed':false,'order':5}
                    b | {'list': 'work'}                 | home=ac work=ab none=  | {'id':'b','title':'Bread','completed':false,'order':5}
                    b | {'list': 'work', 'after': null}  | home=ac work=ba none=  | {'id':'b','title':'Bread','completed':false}
                    b | {'list': 'none', 'title': 'Bun'} | home=ac work=a none=b  | {'id':'b','title':'Bun','completed':false,'order':5}
                    """)
    void patchesAnItem(String id, String body, String ids, String item) {
        Lists.Changed changed = ANA.patch("home", id, patch(body));

        assertThat(show(changed.lists())).isEqualTo(ids);
        assertThat(json(changed.item())).isEqualTo(item.replace('\'', '"'));
    }

    @Test
    void movesAnItemByItsOrder() {
        Lists moved = ANA.patch("work", "a", patch("{'list': 'none', 'order': 9}")).lists();

        assertThat(show(moved.patch("home", "b", patch("{'list': 'none'}")).lists()))
                .isEqualTo("home=ac work= none=ba");
        assertThat(show(moved.patch("home", "b", patch("{'list': 'none', 'order': 9}")).lists()))
                .isEqualTo("home=ac work= none=ab");
    }

    /// The one that is derived.
    @Test
    void givesAnItemThatMovesANewIdIfItsOwnIsTaken() {
        Lists.Changed moved = ANA.patch("home", "a", patch("{'list': 'work', 'after': 'a'}"));

        assertThat(show(moved.lists())).isEqualTo("home=bc work=a7QnT_8NH18NguCx2 none=");
        assertThat(moved.item()).isEqualTo(new Item("7QnT_8NH18NguCx2", "Milk", false, null, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'after': 'a'}                 | "after" names no other item of the list. [/after]
                    {'after': 'd'}                 | "after" names no other item of the list. [/after]
                    {'list': 'work', 'after': 'b'} | "after" names no other item of the list. [/after]
                    {'list': 'tea'}                | There is no such list: make it first, with PUT. [/list]
                    {'list': ''}                   | There is no such list: make it first, with PUT. [/list]
                    {'id': 'b'}                    | This is not the id in the path: leave it out. [/id]
                    """)
    void patchesNoItemSo(String body, String detail) {
        assertThat(refusal(() -> ANA.patch("home", "a", patch(body))))
                .isEqualTo("INVALID " + detail);
    }

    @Test
    void hasNoMoreThan100Lists() {
        Lists full = lists("{" + many(100, n -> "'" + n + "': []") + "}");
        Lists more = lists("{" + many(102, n -> "'" + n + "': []") + "}");
        String refusal = "INVALID A user can have 100 lists: remove one first. []";

        assertThat(refusal(() -> full.put("a"))).isEqualTo(refusal);
        assertThat(refusal(() -> full.add("a", whole("{'title': 'x'}")))).isEqualTo(refusal);
        assertThat(full.remove("1").put("a").names()).hasSize(100);
        assertThat(refusal(() -> more.remove("1").put("a"))).isEqualTo(refusal);
        assertThat(more.rename("1", "a").add("2", whole("{'title': 'x'}")).lists().names())
                .hasSize(102);
    }

    @Test
    void hasNoMoreThan1000ItemsInAList() {
        Lists full = lists("{'a': [" + many(1_000, n -> "'x'") + "], 'b': ['y']}");
        Lists more = lists("{'a': [" + many(1_001, n -> "'x'") + "], 'b': ['y']}");
        String refusal = "INVALID A list can have 1,000 items: remove some first. []";
        String y = full.items("b").getFirst().id();
        String x = full.items("a").getFirst().id();

        assertThat(refusal(() -> full.add("a", whole("{'title': 'y'}")))).isEqualTo(refusal);
        assertThat(refusal(() -> full.put("a", "y", whole("{'title': 'y'}")))).isEqualTo(refusal);
        assertThat(refusal(() -> full.patch("b", y, patch("{'list': 'a'}")))).isEqualTo(refusal);
        assertThat(refusal(() -> full.put("b", items("[" + many(1_001, n -> "'x'") + "]"))))
                .isEqualTo(refusal);
        assertThat(refusal(() -> more.patch("b", y, patch("{'list': 'a'}")))).isEqualTo(refusal);
        assertThat(more.rename("a", "c").complete("c", true).remove("c", x).items("c"))
                .hasSize(1_000);
        assertThat(more.put("a", x, whole("{'title': 'y'}")).items("a")).hasSize(1_001);
    }

    @Test
    void hasNoMoreThan256KiB() {
        ItemPatch item = whole("{'title': '" + "é😀\\\\\\u0022".repeat(100) + "'}");
        Lists lists = Lists.NONE.put("work");
        while (size(lists) < (256 << 10) - 1_100) {
            lists = lists.add("home", item).lists();
        }
        Lists full = lists;
        List<ThrowingCallable> asked =
                List.of(
                        () -> full.add("home", item).lists().add("home", item),
                        () -> full.put("work", "a", item).put("work", "b", item),
                        () -> full.rename("work", "w".repeat(90)).add("home", item));

        assertThat(asked)
                .allSatisfy(ask ->
                        assertThat(refusal(ask))
                                .isEqualTo(
                                        "INVALID A user's lists can have 256 KiB as JSON: remove"
                                                + " some items first. []"));
        assertThat(full.complete("home", true).complete("home", false)).isEqualTo(full);
    }

    /// Written by hand.
    @Test
    void makesListsThatAreTooLargeSmaller() {
        String large = "x".repeat(300_000);
        Lists lists = lists("{'a': [{'id': 'x', 'title': '" + large + "'}, 'y'], 'b': []}");
        String y = lists.items("a").getLast().id();

        assertThat(lists.remove("a", y).items("a")).hasSize(1);
        assertThat(lists.complete("a", true).items("a")).allMatch(Item::completed);
        assertThat(lists.patch("a", "x", patch("{'list': 'b', 'completed': true}")).item().title())
                .isEqualTo(large);
        assertThat(lists.patch("a", "x", patch("{'title': 'z'}")).item().title()).isEqualTo("z");
        assertThat(refusal(() -> lists.add("b", whole("{'title': 'z'}")))).startsWith("INVALID");
    }

    /// The lists, each with the ids of its items.
    private static String show(Lists lists) {
        return lists.names().stream()
                .map(name ->
                        lists.items(name).stream()
                                .map(Item::id)
                                .collect(joining("", name + "=", "")))
                .collect(joining(" "));
    }

    private static String many(int count, Function<Integer, String> json) {
        return IntStream.range(0, count).boxed().map(json).collect(joining(", "));
    }

    private static int size(Lists lists) {
        return json(lists).getBytes(UTF_8).length;
    }

    private static String refusal(ThrowingCallable asked) {
        Refused refused = catchThrowableOfType(Refused.class, asked);
        List<String> pointers = refused.errors().stream().map(Refused.Error::pointer).toList();
        return refused.kind() + " " + refused.detail() + " " + pointers;
    }
}
