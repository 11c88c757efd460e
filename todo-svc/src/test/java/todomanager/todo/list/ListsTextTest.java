package todomanager.todo.list;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static todomanager.todo.list.Bodies.document;
import static todomanager.todo.list.Bodies.lists;
import static todomanager.todo.list.Bodies.patch;
import static todomanager.todo.list.Bodies.whole;

import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.json.InvalidDocument;

/// Lists as they stand in a document.
class ListsTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    []                                  | f:2:10: /ana: expected an object, found an array
                    {'a': {}}                           | f:2:16: /ana/a: expected an array, found an object
                    {'a': 'b'}                          | f:2:16: /ana/a: expected an array, found "b"
                    {'a': [1.50]}                       | f:2:17: /ana/a/0: expected a string or an object, found 1.50
                    {'a': ['b', []]}                    | f:2:22: /ana/a/1: expected a string or an object, found an array
                    {'a': [null]}                       | f:2:17: /ana/a/0: expected a string or an object, found null
                    {'a': [{}]}                         | f:2:17: /ana/a/0: has no member "title"
                    {'a': [{'title': 1}]}               | f:2:27: /ana/a/0/title: expected a string, found 1
                    {'a': [{'title': 'b', 'tilte': 1}]} | f:2:41: /ana/a/0/tilte: is unknown here; did you mean "title"?
                    {'a': [{'title': 'b', 'url': ''}]}  | f:2:39: /ana/a/0/url: is unknown here; remove it
                    {'a': [{'title': 'b', 'after': ''}]} | f:2:41: /ana/a/0/after: is unknown here; remove it
                    {'a': [{'title': 'b', 'id': ''}]}   | f:2:38: /ana/a/0/id: expected an id of 1 to 64 letters of ASCII, digits, _ or -, found ""
                    {'a': [{'title': 'b', 'due': null}]} | f:2:39: /ana/a/0/due: expected a date such as "2026-12-01", found null
                    {'a': [{'title': 'b', 'order': null}]} | f:2:41: /ana/a/0/order: expected an integer of up to 53 bits, found null
                    {'a': [{'title': 'b', 'completed': null}]} | f:2:45: /ana/a/0/completed: expected true or false, found null
                    {'a': [{'id': 'x', 'title': 'b'}, {'id': 'x', 'title': 'c'}]} | f:2:51: /ana/a/1/id: is the id of an item before it; choose another, or leave it out
                    """)
    void refusesWhatIsNoListOfItems(String value, String fault) {
        var invalid = catchThrowableOfType(InvalidDocument.class, () -> document(quoted(value)));

        assertThat(invalid.in("f").describe()).isEqualTo(fault);
    }

    /// SHA-256 of the title, a byte 0, and how many equal titles stand before it.
    @Test
    void derivesTheIdsThatAreNotWritten() {
        assertThat(ids("{'a': ['Milk', 'é😀', 'Milk', {'title': 'Milk', 'completed': true}, '']}"))
                .containsExactly(
                        "7QnT_8NH18NguCx2",
                        "AWimpv0w69Bw9R8E",
                        "wrsXyAenXBI5RuEY",
                        "Qj0b8UCLaefajm3k",
                        "2zQm6HgGjSjSabbI");
    }

    @Test
    void countsEqualTitlesWhoseIdsAreWritten() {
        assertThat(ids("{'a': [{'id': 'x', 'title': 'Milk'}, 'Milk']}"))
                .containsExactly("x", "wrsXyAenXBI5RuEY");
    }

    @Test
    void goesOnToTheNextNumberWhereAnIdIsTaken() {
        assertThat(ids("{'a': ['Milk', 'Milk', {'id': '7QnT_8NH18NguCx2', 'title': 'x'}]}"))
                .containsExactly("wrsXyAenXBI5RuEY", "Qj0b8UCLaefajm3k", "7QnT_8NH18NguCx2");
    }

    @Test
    @Timeout(60)
    void findsAFreeNumberAmongManyInLittleTime() {
        int many = 20_000;
        List<String> ids = ids("{'a': [" + "'x', ".repeat(2 * many) + "'x']}");
        var list = new StringJoiner(", ", "{'a': [", "]}");
        ids.subList(many, 2 * many).forEach(id -> list.add("{'id': '" + id + "', 'title': 'y'}"));
        list.add("'x', ".repeat(2 * many) + "'x'");

        assertThat(ids(list.toString())).hasSize(3 * many + 1).doesNotHaveDuplicates();
    }

    @Test
    void readsWhatIsWrittenWithoutIds() {
        var written =
                Bodies.read("{'a': ['Milk', {'title': 'x', 'completed': true}]}", Lists::written);

        assertThat(written.get("a"))
                .extracting(ItemPatch::title, ItemPatch::completed, ItemPatch::id)
                .containsExactly(tuple("Milk", false, null), tuple("x", true, null));
    }

    @Test
    void writesAnItemALineAndAsLittleAsSaysAll() {
        Lists lists =
                lists(
                        """
                        {'home': ['Buy milk', {'title': 'Bread', 'completed': true},
                            {'order': 1.0, 'due': '0026-12-01', 'title': 'Salt', 'id': 'x'}],
                         'work': []}
                        """);

        assertThat("  'ana': ".replace('\'', '"') + lists.text())
                .isEqualTo(
                        """
                          "ana": {
                            "home": [
                              "Buy milk",
                              {"title": "Bread", "completed": true},
                              {"id": "x", "title": "Salt", "due": "0026-12-01", "order": 1}
                            ],
                            "work": []
                          }\
                        """);
        assertThat(Lists.NONE.text()).isEqualTo("{}");
    }

    @Test
    void escapesWhatJsonDemands() {
        String odd = "\\\"\\\\/<é😀\u2028\u007f\\n\\u0000";

        assertThat(document("{\"" + odd + "\": [\"" + odd + "\"]}").text())
                .isEqualTo("{\n    \"" + odd + "\": [\n      \"" + odd + "\"\n    ]\n  }");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    ['x', {'id': '7QnT_8NH18NguCx2', 'title': 'Milk'}]     | 'x' 'Milk'
                    [{'id': 'wrsXyAenXBI5RuEY', 'title': 'Milk'}]          | {'id': 'wrsXyAenXBI5RuEY', 'title': 'Milk'}
                    ['Milk', {'id': 'wrsXyAenXBI5RuEY', 'title': 'Milk'}]  | 'Milk' 'Milk'
                    [{'id': '7QnT_8NH18NguCx2', 'title': 'x'}, 'Milk']     | {'id': '7QnT_8NH18NguCx2', 'title': 'x'} 'Milk'
                    ['Milk', {'id': '7QnT_8NH18NguCx2', 'title': 'x'}]     | {'id': 'wrsXyAenXBI5RuEY', 'title': 'Milk'} {'id': '7QnT_8NH18NguCx2', 'title': 'x'}
                    [{'title': 'x', 'completed': false}, 'Milk']           | 'x' 'Milk'
                    """)
    void leavesOutIdsThatAReaderDerives(String list, String items) {
        Lists lists = lists("{'a': " + list + "}");

        assertThat(written(lists)).isEqualTo(quoted(items));
        assertThat(document(lists.text())).isEqualTo(lists);
    }

    @Test
    void writesTheIdOfTheSecondOfTwoEqualTitlesOnceTheFirstIsGone() {
        Lists two = lists("{'a': ['Milk', 'Milk']}");
        Lists one = two.remove("a", "7QnT_8NH18NguCx2");
        Lists again = document(one.text()).add("a", whole("{'title': 'Milk'}")).lists();

        assertThat(written(one)).isEqualTo(quoted("{'id': 'wrsXyAenXBI5RuEY', 'title': 'Milk'}"));
        assertThat(written(again))
                .isEqualTo(quoted("{'id': 'wrsXyAenXBI5RuEY', 'title': 'Milk'} 'Milk'"));
        assertThat(again.items("a").getLast().id()).isEqualTo("Qj0b8UCLaefajm3k");
    }

    @Test
    void writesTheIdOfATitleThatHasChanged() {
        Lists lists = lists("{'a': ['Milk']}");
        Lists bread = lists.patch("a", "7QnT_8NH18NguCx2", patch("{'title': 'Bread'}")).lists();
        Lists milk = bread.patch("a", "7QnT_8NH18NguCx2", patch("{'title': 'Milk'}")).lists();

        assertThat(written(bread))
                .isEqualTo(quoted("{'id': '7QnT_8NH18NguCx2', 'title': 'Bread'}"));
        assertThat(written(milk)).isEqualTo(quoted("'Milk'"));
    }

    @Test
    void tellsListsApartByAllThatTheyHave() {
        Lists lists = lists("{'a': ['x'], 'b': []}");

        assertThat(lists)
                .isEqualTo(lists("{'a': [{'title': 'x'}], 'b': []}"))
                .hasSameHashCodeAs(lists("{'a': ['x'], 'b': []}"))
                .isNotEqualTo(lists("{'b': [], 'a': ['x']}"))
                .isNotEqualTo(lists("{'a': [{'id': 'x', 'title': 'x'}], 'b': []}"))
                .isNotEqualTo(lists("{'a': ['x']}"));
    }

    private static List<String> ids(String lists) {
        return lists(lists).items("a").stream().map(Item::id).toList();
    }

    /// The items of the only list, as they are written.
    private static String written(Lists lists) {
        return lists.text()
                .lines()
                .filter(line -> line.startsWith("      "))
                .map(line -> line.strip().replaceAll(",$", ""))
                .collect(joining(" "));
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }
}
