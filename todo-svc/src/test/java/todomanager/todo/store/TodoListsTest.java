package todomanager.todo.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.json.InvalidDocument;
import todomanager.testkit.contract.DocumentContract;
import todomanager.text.UriPath;

class TodoListsTest extends DocumentContract {
    TodoListsTest() {
        super("todo", TodoLists::read);
    }

    @Test
    void namesEachListOnceForEachUserWhoHasIt() {
        TodoLists todoLists = read("{'b': {'home': [], 'work': ['x']}, 'a': {'home': ['y']}}");

        assertThat(todoLists.names().items().whole())
                .hasToString("{\"lists\":[\"home\",\"work\",\"home\"]}\n");
    }

    @Test
    void findsAUsersLists() {
        TodoLists todoLists = read("{'a': {'home': ['x', 'é😀\\n'], 'work': []}, 'b': {}}");

        assertThat(todoLists.titles("a").orElseThrow())
                .hasToString("{\"home\":[\"x\",\"é😀\\n\"],\"work\":[]}\n");
        assertThat(todoLists.titles("b").orElseThrow()).hasToString("{}\n");
        assertThat(todoLists.titles("c")).isEmpty();
    }

    /// Percent-encoded once, as it stands in a link, which has a little under 4,096 characters.
    @ParameterizedTest
    @CsvSource({"a, b", "a/b, c", "a, b/c", "%2F, %25", "+ ;, *", "買, %252F", "'', ''"})
    void findsANameByItsKey(String owner, String name) {
        ListNames names =
                read("{'0': {}, '1': {'%s': []}, '2': {}, '%s': {'x': [], '%s%s': []}, '4': {}}"
                                .formatted(name, owner, name, "買".repeat(280)))
                        .names();

        assertThat(List.of(0, 1, 2)).allMatch(place -> names.place(names.key(place)) == place);
        assertThat(UriPath.encoded(names.key(2))).hasSizeLessThan(3_500);
    }

    @Test
    void readsAnEmptyDocument() {
        assertThat(read("{}").names().items().whole()).hasToString("{\"lists\":[]}\n");
    }

    @Test
    void readsTheShippedDocument() throws IOException {
        TodoLists todoLists = TodoLists.read(Files.readAllBytes(Path.of("../database/todo.json")));

        assertThat(todoLists.names().items().whole())
                .hasToString("{\"lists\":[\"home\",\"work\",\"school\"]}\n");
        assertThat(todoLists.titles("saurabh_badhwar").orElseThrow())
                .hasToString(
                        "{\"home\":[\"Buy milk\",\"Look for pest control service\",\"Get a new"
                                + " carpet\"],\"work\":[\"Complete the blogpost\",\"Create presentation"
                                + " for meeting\"]}\n");
        assertThat(todoLists.titles("aniket").orElseThrow())
                .hasToString("{\"school\":[\"Complete homework\",\"Prepare for test\"]}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'a': {}}",
                "{'a': {'b': []}}",
                "{'a': {'b': ['c', 'c', '']}, 'd': {'b': ['é😀']}}",
                "{'': {'': ['c']}}",
            })
    void acceptsWhatIsAListOfAUser(String document) throws IOException {
        requireAccepted(json(document));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [{'b': ['c']}]         | expected an object, found an array; its schema is database/todo.schema.json
                    {'$schema': 'b'}       | expected an object, found "b"
                    {'a': []}              | expected an object, found an array
                    {'a': null}            | expected an object, found null
                    {'a': {'b': {}}}       | expected an array, found an object
                    {'a': {'b': null}}     | expected an array, found null
                    {'a': {'b': 'c'}}      | expected an array, found "c"
                    {'a': {'b': [1.50]}}   | expected a string or an object, found 1.50
                    {'a': {'b': [[]]}}     | expected a string or an object, found an array
                    {'a': {'b': [true]}}   | expected a string or an object, found true
                    {'a': {'b': [null]}}   | expected a string or an object, found null
                    """,
            quoteCharacter = '`')
    void refusesWhatIsNoListOfAUser(String document, String fault) throws IOException {
        requireRefused(json(document), fault);
    }

    /// A schema only ever sees one of the two, so this one has no say.
    @ParameterizedTest
    @ValueSource(strings = {"{'a': {}, 'a': {}}", "{'a': {'b': [], 'b': []}}"})
    void refusesAKeyThatStandsTwice(String document) {
        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() -> read(document))
                .withMessage("stands here once more; keep one of the two");
    }

    /// Reads a document that is written with single quotes.
    private static TodoLists read(String document) {
        return TodoLists.read(json(document).getBytes(UTF_8));
    }
}
