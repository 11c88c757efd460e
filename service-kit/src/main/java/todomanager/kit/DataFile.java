package todomanager.kit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The file that a service reads its document from.
record DataFile(Path path) {

    /// More bytes than this leave no room for what is made of them, whatever they are.
    static int largest() {
        return (int) Math.min(Runtime.getRuntime().maxMemory() / 8, Integer.MAX_VALUE / 2);
    }

    static InvalidDocument tooLarge() {
        return InvalidDocument.because(
                "is too large for this heap; enlarge it (-Xmx), or make the document smaller");
    }

    /// @throws InvalidDocument if there is no such file, or none that can be read whole
    byte[] read() {
        try {
            if (Files.isDirectory(path)) {
                throw InvalidDocument.because("is a directory; name the JSON file in it");
            }
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw InvalidDocument.because("is not a regular file");
            }
            if (Files.size(path) <= largest()) {
                try (InputStream file = Files.newInputStream(path)) {
                    byte[] bytes = file.readNBytes(largest() + 1); // it may grow meanwhile
                    if (bytes.length <= largest()) {
                        return bytes;
                    }
                }
            }
            throw tooLarge();
        } catch (NoSuchFileException e) {
            String what = Files.isSymbolicLink(path) ? "is a link to nothing" : "no such file";
            throw InvalidDocument.because(what + "; set data.path to the JSON document");
        } catch (AccessDeniedException e) {
            throw InvalidDocument.because("may not be read by this user; check its permissions");
        } catch (IOException e) {
            throw InvalidDocument.because("can't be read: " + e);
        }
    }
}
