package todomanager.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// A service's document and its schema, which editors check it with: both refuse the same.
public abstract class DocumentContract {
    /// Where documents and schemas are.
    static final Path DATABASE = Path.of("../database");

    private static final SchemaRegistry SCHEMAS =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final Path document;
    private final Path schema;
    private final Consumer<byte[]> reader;

    /// @param name of the files, `NAME.json` and `NAME.schema.json`
    /// @param reader throws what is wrong with a document
    protected DocumentContract(String name, Consumer<byte[]> reader) {
        this.document = DATABASE.resolve(name + ".json");
        this.schema = DATABASE.resolve(name + ".schema.json");
        this.reader = reader;
    }

    @Test
    void hasASchemaThatTheShippedDocumentKeeps() throws IOException {
        assertThat(errors(Files.readString(document))).isEmpty();
    }

    @Test
    void hasASchemaThatKeepsTheMetaschema() throws IOException {
        Schema metaschema =
                SCHEMAS.getSchema(
                        SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));

        assertThat(metaschema.validate(Files.readString(schema), InputFormat.JSON)).isEmpty();
    }

    @Test
    void hasASchemaWithAnExampleThatCanBeRead() throws IOException {
        var example = schema().getSchemaNode().at("/examples/0");

        assertThat(example.size()).isPositive();
        requireAccepted(example.toString());
    }

    /// By both the schema and the reader.
    protected final void requireAccepted(String json) throws IOException {
        assertThat(errors(json)).isEmpty();
        reader.accept(json.getBytes(UTF_8));
    }

    /// By both the schema and the reader, which says why.
    protected final void requireRefused(String json, String fault) throws IOException {
        assertThatThrownBy(() -> reader.accept(json.getBytes(UTF_8))).hasMessage(fault);
        assertThat(errors(json)).hasSize(1); // so for this fault and no other
    }

    /// What the schema finds wrong.
    protected final List<Error> errors(String json) throws IOException {
        return schema().validate(json, InputFormat.JSON);
    }

    /// JSON that is written with single quotes.
    protected static String json(String text) {
        return text.replace('\'', '"');
    }

    /// Its `$id` is relative to where it lies.
    private Schema schema() throws IOException {
        return SCHEMAS.getSchema(
                SchemaLocation.of(schema.toUri().toString()),
                Files.readString(schema),
                InputFormat.JSON);
    }
}
