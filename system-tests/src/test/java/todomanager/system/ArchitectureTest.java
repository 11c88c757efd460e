package todomanager.system;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import todomanager.testkit.process.ServiceProcess;

/// Where code stands, so that a newcomer finds it.
class ArchitectureTest {
    /// From top to bottom: a package knows packages of the lines below its own and no others, so
    /// there are no circles.
    private static final List<List<String>> ORDER =
            List.of(
                    List.of("user", "todo"),
                    List.of("user.signin"),
                    List.of("user.todo", "user.store", "todo.store"),
                    List.of("todo.list"),
                    List.of("service"),
                    List.of("auth", "database", "document", "wire"),
                    List.of("http"),
                    List.of("telemetry", "json"),
                    List.of("text"),
                    List.of("testkit.contract", "testkit.process"),
                    List.of("testkit"));

    private static final int MOST_FILES = 12; // of a folder: what one takes in at a glance

    private static final Pattern SOURCE =
            Pattern.compile(".*/src/main/java/todomanager/(.*)/\\w+\\.java");
    private static final Pattern OURS = // imported, or written out
            Pattern.compile("\\btodomanager\\.([a-z.]+)\\.[A-Z*]");
    private static final Pattern NOT_OURS = Pattern.compile("(^|/)(target|\\.[^/]+)/");

    @Test
    void nothingKnowsWhatStandsAboveIt() throws IOException {
        var upward = new ArrayList<String>();
        for (Path file : files()) {
            Matcher source = SOURCE.matcher(file.toString());
            if (source.matches()) {
                String own = source.group(1).replace('/', '.');
                OURS.matcher(Files.readString(ServiceProcess.ROOT.resolve(file)))
                        .results()
                        .map(match -> match.group(1))
                        .filter(other -> !other.equals(own) && line(other) <= line(own))
                        .forEach(other -> upward.add(file + " knows " + other));
            }
        }

        assertThat(upward).isEmpty();
    }

    @Test
    void aFolderHasFewFiles() throws IOException {
        var counts =
                files().stream()
                        .collect(
                                groupingBy(
                                        file -> ServiceProcess.ROOT.resolve(file).getParent(),
                                        counting()));

        assertThat(counts)
                .hasSizeGreaterThan(ORDER.size())
                .allSatisfy((folder, count) ->
                        assertThat(count).as("%s", folder).isLessThanOrEqualTo(MOST_FILES));
    }

    /// All of the repository, by their paths in it. In a folder that is not ours one may vanish
    /// meanwhile.
    private static List<Path> files() throws IOException {
        var files = new ArrayList<Path>();
        Files.walkFileTree(
                ServiceProcess.ROOT,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        String name = ServiceProcess.ROOT.relativize(folder) + "/";
                        return NOT_OURS.matcher(name).find()
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (attributes.isRegularFile()) {
                            files.add(ServiceProcess.ROOT.relativize(file));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return files;
    }

    private static int line(String name) {
        for (int line = 0; line < ORDER.size(); line++) {
            if (ORDER.get(line).contains(name)) {
                return line;
            }
        }
        throw new AssertionError("say in ORDER where the package " + name + " stands");
    }
}
