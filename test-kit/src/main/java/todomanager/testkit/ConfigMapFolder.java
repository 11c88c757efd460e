package todomanager.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// A folder whose files are replaced in the steps by which the kubelet updates a ConfigMap volume.
///
/// The steps are those of `AtomicWriter` in Kubernetes' `pkg/volume/util`, but for one: files that
/// are there already are written again.
public final class ConfigMapFolder {
    private static final DateTimeFormatter VERSION =
            DateTimeFormatter.ofPattern("'..'uuuu_MM_dd_HH_mm_ss.", Locale.ROOT);

    private final Path folder;
    private final Path data;

    public ConfigMapFolder(Path folder) {
        this.folder = folder;
        data = folder.resolve("..data");
    }

    /// Where a file is to be read.
    public Path file(String name) {
        return folder.resolve(name);
    }

    /// Replaces all files by this one.
    public void write(String name, byte[] content) throws IOException {
        write(Map.of(name, content));
    }

    /// Replaces all files by these, at once for those who read through `..data`.
    public void write(Map<String, byte[]> files) throws IOException {
        Path former = Files.isSymbolicLink(data) ? data.toRealPath() : null;
        Path version = writeVersion(files);

        Path link = folder.resolve("..data_tmp");
        Files.createSymbolicLink(link, version.getFileName());
        Files.move(link, data, StandardCopyOption.ATOMIC_MOVE);

        for (String name : files.keySet()) {
            if (!Files.isSymbolicLink(file(name))) {
                Files.createSymbolicLink(file(name), data.getFileName().resolve(name));
            }
        }
        if (former != null) {
            remove(former, files);
        }
    }

    private Path writeVersion(Map<String, byte[]> files) throws IOException {
        String time = LocalDateTime.now(ZoneOffset.UTC).format(VERSION);
        Path version = Files.createTempDirectory(folder, time);
        for (var file : files.entrySet()) {
            Path path = Files.write(version.resolve(file.getKey()), file.getValue());
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        }
        // only its owner may enter it so far
        Files.setPosixFilePermissions(version, PosixFilePermissions.fromString("rwxr-xr-x"));
        return version;
    }

    private void remove(Path former, Map<String, byte[]> files) throws IOException {
        List<Path> paths;
        try (Stream<Path> content = Files.list(former)) {
            paths = content.toList();
        }
        for (Path path : paths) {
            String name = path.getFileName().toString();
            if (!files.containsKey(name)) {
                Files.delete(file(name));
            }
        }
        for (Path path : paths) {
            Files.delete(path);
        }
        Files.delete(former);
    }
}
