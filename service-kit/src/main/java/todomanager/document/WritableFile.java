package todomanager.document;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import todomanager.text.SafeText;

/// A file that is replaced whole, and by this process alone: a reader sees the old content or the
/// new, whenever the power fails.
public final class WritableFile implements AutoCloseable {
    private static final Set<PosixFilePermission> WRITERS =
            Set.of(
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_WRITE);

    private final Path path;
    private final FileLock lock;

    /// Locks the file. The lock is one on a file beside it, since that stays the same when the file
    /// is replaced, and it ends with the process that holds it.
    ///
    /// @throws DocumentWriter.NotWritable if the file can't be replaced, or another process may
    ///   replace it
    public WritableFile(Path path) {
        this.path = path;
        try {
            Path target = target();
            if (Files.exists(target)) {
                requireWritable(target);
            }
            FileLock held = lock(beside(target, ".lock"));
            if (held == null) {
                throw new FileSystemException(
                        target.toString(), null, "another process does so; stop that one");
            }
            this.lock = held;
            Files.deleteIfExists(beside(target, ".tmp")); // of a process that was killed
        } catch (IOException e) {
            throw new DocumentWriter.NotWritable(
                    SafeText.oneLine(path + ": can't be written: " + reason(e)));
        }
    }

    /// Replaces the content. It is on the disk when this returns, and so is its name.
    ///
    /// @param isExpected tells, at the last moment, whether the file has what the content was made
    ///   of
    /// @return false if it has not, and then nothing is changed
    /// @throws IOException if the content can't be written; then the old one is there
    public boolean replace(byte[] content, BooleanSupplier isExpected) throws IOException {
        Path target = target();
        Path written = beside(target, ".tmp");
        try {
            write(content, written, permissions(target));
            List<Object> before = stamp(target);
            if (!isExpected.getAsBoolean() || !stamp(target).equals(before)) {
                return false;
            }
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
            try (var folder = FileChannel.open(folder(target), StandardOpenOption.READ)) {
                folder.force(true);
            }
            return true;
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /// Whether the disk has room for so many bytes, as far as is known. What it says when it has
    /// none is in the language of whoever started the service.
    boolean hasRoomFor(int bytes) {
        try {
            return Files.getFileStore(folder(target())).getUsableSpace() >= bytes;
        } catch (IOException e) {
            return true;
        }
    }

    private static void write(
            byte[] content, Path written, Optional<Set<PosixFilePermission>> permissions)
            throws IOException {
        Files.deleteIfExists(written);
        try (var file =
                FileChannel.open(
                        written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            if (permissions.isPresent()) {
                Files.setPosixFilePermissions(written, permissions.get());
            }
            for (var rest = ByteBuffer.wrap(content); rest.hasRemaining(); ) {
                file.write(rest);
            }
            file.force(true);
        }
    }

    /// The file that links lead to: a link would be replaced otherwise.
    private Path target() throws IOException {
        Path target =
                Files.exists(path)
                        ? path.toRealPath()
                        : folder(path.toAbsolutePath()).toRealPath().resolve(path.getFileName());
        for (Path folder : target) {
            if (folder.toString().startsWith("..")) { // as the kubelet calls what it mounts
                throw new FileSystemException(
                        path.toString(), null, "a ConfigMap's file can only be read");
            }
        }
        return target;
    }

    /// What tells a file from another that takes its place while it is read.
    private static List<Object> stamp(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return List.of(
                String.valueOf(attributes.fileKey()),
                attributes.lastModifiedTime(),
                attributes.size());
    }

    private static void requireWritable(Path target) throws IOException {
        boolean isReadOnly =
                permissions(target).filter(all -> Collections.disjoint(all, WRITERS)).isPresent();
        if (!Files.isRegularFile(target)) {
            throw new FileSystemException(
                    target.toString(), null, "it is no file; give the path of one");
        }
        if (isReadOnly || !Files.isWritable(target)) {
            throw new FileSystemException(target.toString(), null, "it may only be read");
        }
    }

    private static Optional<Set<PosixFilePermission>> permissions(Path file) throws IOException {
        var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view == null || !Files.exists(file)
                ? Optional.empty()
                : Optional.of(view.readAttributes().permissions());
    }

    private static @Nullable FileLock lock(Path path) throws IOException {
        var file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        FileLock lock = tryLock(file);
        if (lock == null) {
            file.close();
        }
        return lock;
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) { // of this process
            return null;
        }
    }

    private static Path beside(Path target, String suffix) {
        return target.resolveSibling("." + target.getFileName() + suffix);
    }

    private static Path folder(Path target) {
        return target.resolveSibling(".");
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such folder; make it first";
        }
        return e instanceof FileSystemException known && known.getReason() != null
                ? known.getReason()
                : e.toString();
    }

    @Override
    public void close() throws IOException {
        lock.acquiredBy().close();
    }
}
