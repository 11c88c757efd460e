package todomanager.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.database.ThingTables;
import todomanager.http.Revision;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;
import todomanager.service.Service.Parts;
import todomanager.testkit.process.PostgreSql;

/// What the command line does where `data.store` is postgresql.
@Timeout(60)
class CommandsOnDatabaseTest {
    private static final Service SERVICE =
            new Service(
                    "thing-svc",
                    json -> JsonDocument.forEachMember(json, JsonNode::elements),
                    List.of(),
                    Optional.of(new ThingTables()),
                    _ -> new Parts(_ -> {}, () -> {}, List.of()));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final String url = PostgreSql.database();

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private Path config;

    @BeforeEach
    void writeConfig() throws IOException {
        config = config();
    }

    @Test
    void replacesMergesOrLeavesAndExportsWhatIsThere() throws IOException {
        ThingTables.make(url);
        Path document = document("{\"b\": [1], \"a\": []}");
        Path other = document("{\"c\": [2]}");

        assertThat(run("import", "--absent", document.toString())).isZero();
        assertThat(run("import", "--absent", other.toString())).isZero();
        assertThat(run("import", "--merge", other.toString())).isZero();
        assertThat(run("validate")).isZero();
        assertThat(out())
                .containsExactly(
                        url + ": has the document now, " + revision(document),
                        url + ": has data, which stays as it is",
                        url + ": has the document now, " + revision(other),
                        url + ": valid");
        assertThat(exported()).isEqualTo("{\n  \"a\": [],\n  \"b\": [1],\n  \"c\": [2]\n}\n");

        assertThat(run("import", other.toString())).isZero();
        assertThat(exported()).isEqualTo("{\n  \"c\": [2]\n}\n");
        assertThat(err()).isEmpty();
    }

    @Test
    void importsNothingThatCouldNotBeServed() throws IOException {
        ThingTables.make(url);
        Path bad = document("{\"a\": [],\n \"c\": 1}");

        assertThat(run("import", bad.toString())).isEqualTo(65);
        assertThat(err())
                .containsExactly("thing-svc: " + bad + ":2:7: /c: expected an array, found 1");
        assertThat(exported()).isEqualTo("{}\n");
    }

    @Test
    void saysWhichFileHasANameThatADatabaseCantKeep() throws IOException {
        ThingTables.make(url);
        Path bad = document("{\"a\": [],\n \"\\u0000\": []}");

        assertThat(run("import", bad.toString())).isEqualTo(65);
        assertThat(err())
                .singleElement()
                .asString()
                .startsWith("thing-svc: " + bad + ":2:12: ")
                .endsWith("choose a shorter one, without a zero byte");
        assertThat(exported()).isEqualTo("{}\n");
    }

    @Test
    void saysThatThereAreNoTables() throws IOException {
        String noTables =
                "thing-svc: %s: the database has version 0 of the tables, and 2 is needed: run java -jar thing-svc.jar migrate"
                        .formatted(url);

        assertThat(run("validate")).isEqualTo(78);
        assertThat(run("export")).isEqualTo(78);
        assertThat(run("import", document("{}").toString())).isEqualTo(78);
        assertThat(err()).containsExactly(noTables, noTables, noTables);
        assertThat(out()).isEmpty();
    }

    @Test
    void saysThatADocumentCouldNotBeExported() throws IOException {
        ThingTables.make(url);
        assertThat(run("import", document("{\"a\": []}").toString())).isZero();
        var full =
                new PrintStream(
                        new OutputStream() {
                            @Override
                            public void write(int octet) throws IOException {
                                throw new IOException("No space left on device");
                            }
                        });

        assertThat(
                        new CommandLine(SERVICE, full, printer(err))
                                .run("export", "--config", config.toString()))
                .isEqualTo(74);
        assertThat(err())
                .containsExactly("thing-svc: the document can't be written out: is the disk full?");
    }

    private Path config() throws IOException {
        return Files.writeString(
                folder.resolve("config.yaml"),
                "data: {store: postgresql, url: '%s', username: %s}\n"
                        .formatted(url, PostgreSql.USERNAME));
    }

    private Path document(String json) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "document", ".json"), json);
    }

    private static String revision(Path document) throws IOException {
        return "revision " + Revision.of(Files.readAllBytes(document)).value();
    }

    private String exported() {
        out.reset();
        assertThat(run("export")).isZero();
        return out.toString(UTF_8);
    }

    private int run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        return new CommandLine(SERVICE, printer(out), printer(err)).run(all.toArray(String[]::new));
    }

    private static PrintStream printer(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, UTF_8);
    }

    private List<String> out() {
        return out.toString(UTF_8).lines().toList();
    }

    private List<String> err() {
        return err.toString(UTF_8).lines().toList();
    }
}
