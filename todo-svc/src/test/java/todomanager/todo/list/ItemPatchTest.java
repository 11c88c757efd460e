package todomanager.todo.list;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.todo.list.Bodies.faults;
import static todomanager.todo.list.Bodies.json;
import static todomanager.todo.list.Bodies.patch;
import static todomanager.todo.list.Bodies.whole;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemPatchTest {
    private static final Item MILK = new Item("x", "Milk", true, LocalDate.of(2026, 12, 1), 7L);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    []                               | expected an object, found an array
                    'Milk'                           | expected an object, found "Milk"
                    null                             | expected an object, found null
                    {}                               | has no member "title"
                    {'title': null}                  | /title expected a string, found null
                    {'title': 1.50}                  | /title expected a string, found 1.50
                    {'title': ''}                    | /title is empty; write at least one character that shows
                    {'title': ' \\u00a0\\u0085\\u3000'}  | /title is empty; write at least one character that shows
                    {'title': 'a\\nb'}               | /title has the control character U+000A; remove it
                    {'title': 'a\\u0000'}            | /title has the control character U+0000; remove it
                    {'title': 'a\\u007fb'}           | /title has the control character U+007F; remove it
                    {'title': 'a\\u009fb'}           | /title has the control character U+009F; remove it
                    {'title': 'a', 'complete': true} | /complete is unknown here; did you mean "completed"?
                    {'title': 'a', 'etag': 'b'}      | /etag is unknown here; remove it
                    {'title': 'a', 'list': 'b'}      | /list is unknown here; remove it
                    {'title': 'a', 'id': ''}         | /id expected an id of 1 to 64 letters of ASCII, digits, _ or -, found ""
                    {'title': 'a', 'id': 'a.b'}      | /id expected an id of 1 to 64 letters of ASCII, digits, _ or -, found "a.b"
                    {'title': 'a', 'id': 'é'}        | /id expected an id of 1 to 64 letters of ASCII, digits, _ or -, found "é"
                    {'title': 'a', 'id': 'b\\n'}     | /id expected an id of 1 to 64 letters of ASCII, digits, _ or -, found "b\\u000a"
                    {'title': 'a', 'id': null}       | /id expected an id of 1 to 64 letters of ASCII, digits, _ or -, found null
                    {'title': 'a', 'completed': 1}   | /completed expected true or false, found 1
                    {'title': 'a', 'completed': 'true'} | /completed expected true or false, found "true"
                    {'title': 'a', 'due': 20261201}  | /due expected a date such as "2026-12-01", found 20261201
                    {'title': 'a', 'due': ''}        | /due expected a date such as "2026-12-01", found ""
                    {'title': 'a', 'due': '2026-02-29'} | /due expected a date such as "2026-12-01", found "2026-02-29"
                    {'title': 'a', 'due': '2026-1-1'} | /due expected a date such as "2026-12-01", found "2026-1-1"
                    {'title': 'a', 'due': '+12026-12-01'} | /due expected a date such as "2026-12-01", found "+12026-12-01"
                    {'title': 'a', 'due': '-0001-12-01'} | /due expected a date such as "2026-12-01", found "-0001-12-01"
                    {'title': 'a', 'due': '-001-12-01'} | /due expected a date such as "2026-12-01", found "-001-12-01"
                    {'title': 'a', 'due': '+202-12-01'} | /due expected a date such as "2026-12-01", found "+202-12-01"
                    {'title': 'a', 'due': '٢٠٢٦-12-01'} | /due expected a date such as "2026-12-01", found "٢٠٢٦-12-01"
                    {'title': 'a', 'due': '2026-12-01T00:00:00Z'} | /due expected a date such as "2026-12-01", found "2026-12-01T00:00:00Z"
                    {'title': 'a', 'order': '1'}     | /order expected an integer of up to 53 bits, found "1"
                    {'title': 'a', 'order': 1.5}     | /order expected an integer of up to 53 bits, found 1.5
                    {'title': 'a', 'order': 9007199254740992} | /order expected an integer of up to 53 bits, found 9007199254740992
                    {'title': 'a', 'order': -9007199254740992} | /order expected an integer of up to 53 bits, found -9007199254740992
                    {'title': 'a', 'order': 1e300}   | /order expected an integer of up to 53 bits, found 1e300
                    {'title': 'a', 'after': 1}       | /after expected the id of an item, or null, found 1
                    {'title': 'a', 'after': 'b', 'order': 1} | /order says where, as "after" does; leave out one of them
                    {'title': 'a', 'url': 1}         | /url expected a string, found 1
                    """)
    void refusesWhatIsNoItem(String body, String fault) {
        assertThat(faults(body, ItemPatch::whole)).containsExactly(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    ['title']                | expected an object, found an array
                    {'title': null}          | /title expected a string, found null
                    {'title': '\\t'}         | /title is empty; write at least one character that shows
                    {'lists': 'home'}        | /lists is unknown here; did you mean "list"?
                    {'list': null}           | /list expected the name of a list, found null
                    {'after': null, 'order': null} | /order says where, as "after" does; leave out one of them
                    """)
    void refusesWhatIsNoPatch(String body, String fault) {
        assertThat(faults(body, ItemPatch::of)).containsExactly(fault);
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThat(faults("{'due': 1, 'oder': 2, 'title': ''}", ItemPatch::whole))
                .containsExactly(
                        "/due expected a date such as \"2026-12-01\", found 1",
                        "/oder is unknown here; did you mean \"order\"?",
                        "/title is empty; write at least one character that shows");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                       | has no member "items"
                    {'items': {}}            | /items expected an array, found an object
                    {'items': [1]}           | /items/0 expected a string or an object, found 1
                    {'items': ['a', ' ']}    | /items/1 is empty; write at least one character that shows
                    {'items': [{'title': 'a', 'after': 'b'}]} | /items/0/after is unknown here; remove it
                    {'items': [{'id': 'a', 'title': 'b'}, {'id': 'a', 'title': 'c'}]} | /items/1/id is the id of an item before it; choose another, or leave it out
                    {'items': [], 'name': 'work'} | /name is not the one in the path; rename with PATCH
                    {'items': [], 'name': 1} | /name is not the one in the path; rename with PATCH
                    {'items': [], 'item': 1} | /item is unknown here; did you mean "items"?
                    """)
    void refusesWhatIsNoListOfItems(String body, String fault) {
        assertThat(faults(body, node -> ListPatch.items(node, "home"))).containsExactly(fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'name': null}", "{'name': ['a']}", "{'nam': 'a'}", "[]"})
    void refusesWhatIsNoName(String body) {
        assertThat(faults(body, ListPatch::name)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'completed': 'true'}", "{'completed': 1}", "{'x': true}"})
    void refusesWhatSaysNothingOfAllItems(String body) {
        assertThat(faults(body, ListPatch::completed)).isNotEmpty();
    }

    @Test
    void refusesATitleOfMoreThan500CodePoints() {
        assertThat(faults("{'title': '" + "😀".repeat(501) + "'}", ItemPatch::whole))
                .containsExactly("/title has 501 characters; 500 are the most");
        assertThat(whole("{'title': '" + " 😀".repeat(250) + "'}").title()).hasSize(749);
    }

    /// The property White_Space of Unicode, all of it, and what only looks like it.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    \\t\\n\\f\\r \\u000b\\u0085\\u00a0\\u1680\\u2000\\u2007\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000 | a b
                    \\u200b | \u200ba b\u200b
                    \\ufeff | \ufeffa b\ufeff
                    """)
    void trimsWhiteSpaceAtBothEndsOfATitle(String around, String title) {
        assertThat(whole("{'title': '" + around + "a b" + around + "'}").title()).isEqualTo(title);
    }

    @ParameterizedTest
    @ValueSource(strings = {"e\u0301", "\u00e9", "a \u2028 b", "<b>", "\u202ea", "👩‍👩‍👧"})
    void changesATitleInNoOtherWay(String title) {
        assertThat(whole("{'title': '" + title + "'}").title()).isEqualTo(title);
    }

    @Test
    void readsAllThatAnItemHas() {
        Item item =
                whole(
                                "{'url': 'http://x', 'id': '-_9', 'title': 'Milk', 'completed': true,"
                                        + " 'due': '0000-02-29', 'order': -9.007199254740991E+15}")
                        .item();

        assertThat(item)
                .isEqualTo(
                        new Item("-_9", "Milk", true, LocalDate.of(0, 2, 29), -9007199254740991L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "due", "order"})
    void takesNullInAPatchAlone(String member) {
        assertThat(faults("{'title': 'a', '" + member + "': null}", ItemPatch::whole)).hasSize(1);
        assertThat(faults("{'title': 'a', '" + member + "': null}", ItemPatch::of)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                   | {'id':'x','title':'Milk','completed':true,'due':'2026-12-01','order':7}
                    {'title': ' Bread '} | {'id':'x','title':'Bread','completed':true,'due':'2026-12-01','order':7}
                    {'completed': null}  | {'id':'x','title':'Milk','completed':false,'due':'2026-12-01','order':7}
                    {'due': null}        | {'id':'x','title':'Milk','completed':true,'order':7}
                    {'due': '0001-01-01'} | {'id':'x','title':'Milk','completed':true,'due':'0001-01-01','order':7}
                    {'order': null}      | {'id':'x','title':'Milk','completed':true,'due':'2026-12-01'}
                    {'order': 10.0}      | {'id':'x','title':'Milk','completed':true,'due':'2026-12-01','order':10}
                    {'after': null}      | {'id':'x','title':'Milk','completed':true,'due':'2026-12-01'}
                    {'url': 'y'}         | {'id':'x','title':'Milk','completed':true,'due':'2026-12-01','order':7}
                    """)
    void changesWhatAPatchNames(String patch, String item) {
        assertThat(json(patch(patch).on(MILK))).isEqualTo(item.replace('\'', '"'));
    }
}
