package todomanager.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigMapFolderTest {
    @TempDir private Path folder;

    private ConfigMapFolder configMap;

    @BeforeEach
    void write() throws IOException {
        configMap = new ConfigMapFolder(folder);
        configMap.write("users.json", bytes("first"));
    }

    @Test
    void isReadThroughLinks() throws IOException {
        Path version = version();

        assertThat(configMap.file("users.json")).hasContent("first");
        assertThat(Files.readSymbolicLink(configMap.file("users.json")))
                .isEqualTo(Path.of("..data", "users.json"));
        assertThat(version.toString()).matches("\\.\\.\\d{4}(_\\d\\d){5}\\.\\d+");
        assertThat(names()).containsExactlyInAnyOrder("..data", version.toString(), "users.json");
    }

    @Test
    void mayBeReadByAnyone() throws IOException {
        Path version = folder.resolve(version());

        assertThat(permissions(version)).isEqualTo("rwxr-xr-x");
        assertThat(permissions(version.resolve("users.json"))).isEqualTo("rw-r--r--");
    }

    @Test
    void leavesTheLinkOfAFileAloneAndRemovesTheOldVersion() throws IOException {
        Path former = version();
        Object link = key("users.json");
        configMap.write("users.json", bytes("second"));

        assertThat(configMap.file("users.json")).hasContent("second");
        assertThat(key("users.json")).isEqualTo(link);
        assertThat(version()).isNotEqualTo(former);
        assertThat(names()).containsExactlyInAnyOrder("..data", version().toString(), "users.json");
    }

    @Test
    void hasJustTheFilesLastWritten() throws IOException {
        configMap.write(Map.of("users.json", bytes("second"), "todo.json", bytes("new")));
        assertThat(configMap.file("users.json")).hasContent("second");
        assertThat(configMap.file("todo.json")).hasContent("new");

        configMap.write("todo.json", bytes("newer"));
        assertThat(configMap.file("todo.json")).hasContent("newer");
        assertThat(names()).containsExactlyInAnyOrder("..data", version().toString(), "todo.json");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private Path version() throws IOException {
        return Files.readSymbolicLink(folder.resolve("..data"));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /// What tells a link from another that is put in its place.
    private Object key(String name) throws IOException {
        return Files.getAttribute(folder.resolve(name), "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }
}
