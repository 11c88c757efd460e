package todomanager.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The files that are shipped.
final class Repository {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private Repository() {}

    /// The blocks of a language in a section of a page.
    static List<String> blocks(String page, String section, String language) throws IOException {
        String text = Files.readString(ROOT.resolve(page));
        String inSection = text.split("\n## " + section + "\n", 2)[1].split("\n## ", 2)[0];
        List<String> blocks =
                Pattern.compile("(?s)```" + language + "\n(.*?)```")
                        .matcher(inSection)
                        .results()
                        .map(block -> block.group(1))
                        .toList();
        assertThat(blocks).as(section).isNotEmpty();
        return blocks;
    }

    /// Copies the manifests and the documents into a folder, as a clone has them.
    static Path copyInto(Path folder) throws IOException {
        Path copy = folder.resolve("todo-manager");
        for (String part : List.of("k8s", "database")) {
            try (var files = Files.walk(ROOT.resolve(part))) {
                for (Path file : files.toList()) {
                    Path to = copy.resolve(ROOT.relativize(file).toString());
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to);
                }
            }
        }
        return copy;
    }
}
