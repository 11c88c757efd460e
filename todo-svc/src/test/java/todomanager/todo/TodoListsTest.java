package todomanager.todo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.json.InvalidDocument;

class TodoListsTest {
    private static final Path DOCUMENT = Path.of("../database/todo.json");
    private static final Path SCHEMA = Path.of("../database/todo.schema.json");
    private static final SchemaRegistry SCHEMAS =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @Test
    void namesEachListOnceForEachUserWhoHasIt() {
        TodoLists todoLists = read("{'b': {'home': [], 'work': ['x']}, 'a': {'home': ['y']}}");

        assertThat(todoLists.names().items().whole())
                .hasToString("{\"lists\":[\"home\",\"work\",\"home\"]}\n");
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
        assertThat(read("{}").names().items().whole()).hasToString("{\"lists\":[]}\n");
    }

    @Test
    void readsTheShippedDocument() throws IOException {
        TodoLists todoLists = TodoLists.read(Files.readAllBytes(DOCUMENT));

        assertThat(todoLists.names().items().whole())
                .hasToString("{\"lists\":[\"home\",\"work\",\"school\"]}\n");
        assertThat(todoLists.of("saurabh_badhwar").orElseThrow())
                .hasToString(
                        "{\"home\":[\"Buy milk\",\"Look for pest control service\",\"Get a new"
                                + " carpet\"],\"work\":[\"Complete the blogpost\",\"Create presentation"
                                + " for meeting\"]}\n");
        assertThat(todoLists.of("aniket").orElseThrow())
                .hasToString("{\"school\":[\"Complete homework\",\"Prepare for test\"]}\n");
    }

    @Test
    void hasASchemaThatTheShippedDocumentKeeps() throws IOException {
        assertThat(schema().validate(Files.readString(DOCUMENT), InputFormat.JSON)).isEmpty();
    }

    @Test
    void hasASchemaThatKeepsTheMetaschema() throws IOException {
        Schema metaschema =
                SCHEMAS.getSchema(
                        SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));

        assertThat(metaschema.validate(Files.readString(SCHEMA), InputFormat.JSON)).isEmpty();
    }

    @Test
    void hasASchemaWithAnExampleThatCanBeRead() throws IOException {
        String example = schema().getSchemaNode().at("/examples/0").toString();

        assertThat(TodoLists.read(example.getBytes(UTF_8)).names().items().whole())
                .doesNotHaveToString("{\"lists\":[]}\n");
        assertThat(schema().validate(example, InputFormat.JSON)).isEmpty();
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
        assertThat(schema().validate(json(document), InputFormat.JSON)).isEmpty();
        assertThatNoException().isThrownBy(() -> read(document));
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
                    {'a': {'b': {}}}       | expected an array of strings, found an object
                    {'a': {'b': null}}     | expected an array of strings, found null
                    {'a': {'b': 'c'}}      | expected an array of strings, found "c"
                    {'a': {'b': [1.50]}}   | expected a string, found 1.50
                    {'a': {'b': [[]]}}     | expected a string, found an array
                    {'a': {'b': [true]}}   | expected a string, found true
                    {'a': {'b': [null]}}   | expected a string, found null
                    """,
            quoteCharacter = '`')
    void refusesWhatIsNoListOfAUser(String document, String fault) throws IOException {
        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() -> read(document))
                .withMessage(fault);
        // one error, so for this fault and no other
        assertThat(schema().validate(json(document), InputFormat.JSON)).hasSize(1);
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

    private static String json(String document) {
        return document.replace('\'', '"');
    }

    /// What an editor checks the document with; its `$id` is relative to where it lies.
    private static Schema schema() throws IOException {
        return SCHEMAS.getSchema(
                SchemaLocation.of(SCHEMA.toUri().toString()),
                Files.readString(SCHEMA),
                InputFormat.JSON);
    }
}
