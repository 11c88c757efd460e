package todomanager.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// The JSON parsing tests of github.com/nst/JSONTestSuite, from the folder that `json.test.suite`
/// names: a parser must accept the files `y_*`, and must refuse `n_*`.
@EnabledIfSystemProperty(named = "json.test.suite", matches = ".+")
class JsonTestSuiteTest {
    private static final List<String> REFUSED_ON_PURPOSE =
            List.of("y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json");

    @Test
    void refusesAllThatIsNoJson() throws IOException {
        var accepted = new ArrayList<String>();
        List<Path> files = files("n_");
        for (Path file : files) {
            if (reads(Files.readAllBytes(file)) || reads(asMember(file))) {
                accepted.add(file.getFileName().toString());
            }
        }
        System.out.printf(
                "JSONTestSuite: %d of %d n_ files refused%n",
                files.size() - accepted.size(), files.size());

        assertThat(files).isNotEmpty();
        assertThat(accepted).isEmpty();
    }

    @Test
    void acceptsAllThatIsJson() throws IOException {
        var refused = new ArrayList<String>();
        List<Path> files = files("y_");
        for (Path file : files) {
            if (!reads(asMember(file))) {
                refused.add(file.getFileName().toString());
            }
        }
        System.out.printf(
                "JSONTestSuite: %d of %d y_ files accepted%n",
                files.size() - refused.size(), files.size());

        assertThat(files).isNotEmpty();
        assertThat(refused).isSubsetOf(REFUSED_ON_PURPOSE);
    }

    @Test
    void decidesOnAllThatIsUpToTheParser() throws IOException {
        for (Path file : files("i_")) {
            reads(asMember(file));
        }
    }

    /// A document of ours is an object; one of the suite is any value.
    private static byte[] asMember(Path file) throws IOException {
        var object = new ByteArrayOutputStream();
        object.writeBytes("{\"file\": ".getBytes(StandardCharsets.UTF_8));
        object.writeBytes(Files.readAllBytes(file));
        object.write('}');
        return object.toByteArray();
    }

    private static boolean reads(byte[] document) {
        try {
            JsonDocument.forEachMember(document, member -> {});
            return true;
        } catch (InvalidDocument e) {
            return false;
        }
    }

    private static List<Path> files(String prefix) throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("json.test.suite")))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }
}
