package todomanager.document;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Function;
import todomanager.http.Revision;
import todomanager.json.InvalidDocument;
import todomanager.text.FileNames;

/// The file that a service reads its document from.
public record DataFile(Path path) {
    private static final int BUFFER = 64 << 10; // bytes

    /// More bytes than this leave no room for what is made of them, whatever they are.
    static int largest() {
        return (int) Math.min(Runtime.getRuntime().maxMemory() / 8, Integer.MAX_VALUE / 2);
    }

    static InvalidDocument tooLarge() {
        return InvalidDocument.because(
                "is too large for this heap; raise the container's memory or -Xmx (JDK_JAVA_OPTIONS=-Xmx1g), or make the document smaller");
    }

    /// What the reader makes of all of the file.
    ///
    /// @throws InvalidDocument that names the file, if that can't be read, has a fault, or is too
    ///   large
    public <T> T read(Function<byte[], T> reader) {
        try {
            return reader.apply(read());
        } catch (InvalidDocument e) {
            throw e.in(path);
        } catch (OutOfMemoryError e) {
            throw tooLarge().in(path);
        }
    }

    /// All of the file.
    ///
    /// @throws InvalidDocument if there is no such file, or none that can be read whole
    byte[] read() {
        return open(file -> {
            byte[] bytes = file.readNBytes(largest() + 1); // it may grow meanwhile
            if (bytes.length > largest()) {
                throw tooLarge();
            }
            return bytes;
        });
    }

    /// The revision of what [#read] would give, without holding that in memory.
    ///
    /// @throws InvalidDocument as [#read] does
    Revision revision() {
        return open(file -> {
            var hash = Revision.sha256();
            byte[] buffer = new byte[BUFFER];
            long size = 0;
            for (int n = file.read(buffer); n >= 0; n = file.read(buffer)) {
                hash.update(buffer, 0, n);
                size += n;
                if (size > largest()) {
                    throw tooLarge();
                }
            }
            return Revision.of(hash);
        });
    }

    private interface Use<R> {
        R of(InputStream file) throws IOException;
    }

    private <R> R open(Use<R> use) {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw InvalidDocument.because("is a directory; name the JSON file in it");
            }
            if (!attributes.isRegularFile()) {
                throw InvalidDocument.because("is not a regular file");
            }
            if (attributes.size() > largest()) {
                throw tooLarge();
            }
            try (InputStream file = Files.newInputStream(path)) {
                return use.of(file);
            }
        } catch (NoSuchFileException e) {
            throw InvalidDocument.because(missing() + FileNames.remedy(path, "check the path"));
        } catch (AccessDeniedException e) {
            throw InvalidDocument.because("may not be read by this user; check its permissions");
        } catch (IOException e) {
            throw InvalidDocument.because("can't be read: " + e);
        }
    }

    /// Whoever gives a relative path may not be where they think they are.
    private String missing() {
        if (Files.isSymbolicLink(path)) {
            return "is a link to nothing";
        }
        return path.isAbsolute()
                ? "no such file"
                : "no such file in " + Path.of("").toAbsolutePath();
    }
}
