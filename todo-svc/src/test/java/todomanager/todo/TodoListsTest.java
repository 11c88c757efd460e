package todomanager.todo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.kit.InvalidDocument;

class TodoListsTest {

    @Test
    void namesEachListOnceForEachUserWhoHasIt() {
        TodoLists todoLists = read("{'b': {'home': [], 'work': ['x']}, 'a': {'home': ['y']}}");

        assertThat(todoLists.names()).hasToString("{\"lists\":[\"home\",\"work\",\"home\"]}\n");
    }

    @Test
    void findsAUsersLists() {
        TodoLists todoLists = read("{'a': {'home': ['x', 'é😀\\n'], 'work': []}, 'b': {}}");

        assertThat(todoLists.of("a").orElseThrow())
                .hasToString("{\"home\":[\"x\",\"é😀\\n\"],\"work\":[]}\n");
        assertThat(todoLists.of("b").orElseThrow()).hasToString("{}\n");
        assertThat(todoLists.of("c")).isEmpty();
    }

    @Test
    void readsAnEmptyDocument() {
        assertThat(read("{}").names()).hasToString("{\"lists\":[]}\n");
    }

    @Test
    void readsTheShippedDocument() throws IOException {
        TodoLists todoLists = TodoLists.read(Files.readAllBytes(Path.of("../database/todo.json")));

        assertThat(todoLists.names()).hasToString("{\"lists\":[\"home\",\"work\",\"school\"]}\n");
        assertThat(todoLists.of("saurabh_badhwar").orElseThrow())
                .hasToString(
                        "{\"home\":[\"Buy milk\",\"Look for pest control service\",\"Get a new"
                                + " carpet\"],\"work\":[\"Complete the blogpost\",\"Create presentation"
                                + " for meeting\"]}\n");
        assertThat(todoLists.of("aniket").orElseThrow())
                .hasToString("{\"school\":[\"Complete homework\",\"Prepare for test\"]}\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {'a': []}              | expected an object, found an array
                    {'a': null}            | expected an object, found null
                    {'a': {'b': {}}}       | expected an array of strings, found an object
                    {'a': {'b': 'c'}}      | expected an array of strings, found "c"
                    {'a': {'b': [1.50]}}   | expected a string, found 1.50
                    {'a': {'b': [[]]}}     | expected a string, found an array
                    {'a': {'b': [true]}}   | expected a string, found true
                    {'a': {}, 'a': {}}     | stands here once more; keep one of the two
                    {'a': {'b':[],'b':[]}} | stands here once more; keep one of the two
                    """,
            quoteCharacter = '`')
    void refusesWhatIsNoListOfAUser(String document, String fault) {
        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() -> read(document))
                .withMessage(fault);
    }

    /// Reads a document that is written with single quotes.
    private static TodoLists read(String document) {
        return TodoLists.read(document.replace('\'', '"').getBytes(UTF_8));
    }
}
