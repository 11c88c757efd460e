package todomanager.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import todomanager.json.InvalidDocument;

class DataFileTest {
    @TempDir Path folder;

    @Test
    void readsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("data.json"), "{}");

        assertThat(new DataFile(file).read()).asString().isEqualTo("{}");
    }

    @Test
    void readsThroughALinkAsAConfigMapMountHasIt() throws IOException {
        Path version = Files.createDirectory(folder.resolve("..2026_01_01"));
        Files.writeString(version.resolve("data.json"), "{}");
        Files.createSymbolicLink(folder.resolve("..data"), version.getFileName());
        Path file = folder.resolve("data.json");
        Files.createSymbolicLink(file, Path.of("..data", "data.json"));

        assertThat(new DataFile(file).read()).asString().isEqualTo("{}");
    }

    @Test
    void refusesAMissingFile() {
        assertRefused(folder.resolve("nope"), "no such file; check the path");
    }

    @Test
    void tellsWhereARelativePathIsLookedFor() {
        assertRefused(
                Path.of("nope"),
                "no such file in " + Path.of("").toAbsolutePath() + "; check the path");
    }

    /// Which Java has in place of bytes that are no character in its encoding.
    @Test
    void tellsTheEncodingOfANameThatCouldNotBeRead() {
        assertRefused(
                folder.resolve("caf\ufffd"),
                "no such file, as this locale has file names in UTF-8; rename what has them in another");
    }

    @Test
    void refusesAFolder() {
        assertRefused(folder, "is a directory; name the JSON file in it");
    }

    @Test
    void refusesALinkToNothing() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nope"));

        assertRefused(link, "is a link to nothing; check the path");
    }

    @Test
    void refusesALinkToItself() throws IOException {
        Path link = folder.resolve("link");
        Files.createSymbolicLink(link, link);

        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(new DataFile(link)::read)
                .withMessageStartingWith("can't be read: ");
    }

    @Test
    void refusesADeviceThatNeverEnds() {
        assertRefused(Path.of("/dev/zero"), "is not a regular file");
    }

    @Test
    void refusesWhatThereIsNoMemoryFor() throws IOException {
        Path file = folder.resolve("bomb.json");
        try (var bomb = new RandomAccessFile(file.toFile(), "rw")) {
            bomb.setLength(DataFile.largest() + 1L); // takes no space on the disk
        }

        assertRefused(
                file,
                "is too large for this heap; raise the container's memory or -Xmx (JDK_JAVA_OPTIONS=-Xmx1g), or make the document smaller");
    }

    private static void assertRefused(Path file, String message) {
        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(new DataFile(file)::read)
                .withMessage(message);
    }
}
