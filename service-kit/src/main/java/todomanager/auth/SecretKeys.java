package todomanager.auth;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.crypto.spec.SecretKeySpec;
import todomanager.http.Revision;
import todomanager.text.SafeText;

/// Secret keys in a file, which is read again when it changes: one or two lines, each of 32 bytes
/// in Base64. What is made is made with the first; both are good for what was made before.
public final class SecretKeys {
    private static final Logger LOG = System.getLogger("todomanager");
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int MOST = 2;
    private static final int BYTES = 32;
    private static final int LARGEST = 1 << 10; // bytes of the file

    private final String setting;
    private final Path file;
    private final LongSupplier nanoTime;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Keys keys;
    private volatile long nextLook;
    private String fault = "";

    /// One of them.
    ///
    /// @param id names it, and tells nothing of it
    public record NamedKey(String id, SecretKeySpec aes) {
        byte[] bytes() {
            return aes.getEncoded();
        }
    }

    /// All of them as they are for now; the same object as long as they are.
    public record Keys(List<NamedKey> all) {
        public NamedKey first() {
            return all.getFirst();
        }

        public Optional<NamedKey> find(String id) {
            return all.stream().filter(key -> key.id.equals(id)).findFirst();
        }
    }

    /// @param setting that names the file
    /// @throws Misconfigured if there are no such keys in it
    public SecretKeys(String setting, Path file) {
        this(setting, file, System::nanoTime);
    }

    SecretKeys(String setting, Path file, LongSupplier nanoTime) {
        this.setting = setting;
        this.file = file;
        this.nanoTime = nanoTime;
        this.keys = read();
        this.nextLook = nanoTime.getAsLong() + BETWEEN_LOOKS.toNanos();
    }

    /// The keys as the file has them, or had them a second ago. While it has none, the last ones.
    public Keys current() {
        if (nanoTime.getAsLong() - nextLook >= 0 && looking.tryLock()) {
            try {
                look();
            } finally {
                looking.unlock();
            }
        }
        return keys;
    }

    private void look() {
        try {
            Keys now = read();
            if (!now.equals(keys)) {
                keys = now;
                LOG.log(Level.INFO, "{0}: the keys have changed", setting);
            }
            fault = "";
        } catch (Misconfigured e) {
            String now = String.valueOf(e.getMessage());
            if (!now.equals(fault)) {
                LOG.log(Level.WARNING, "{0}; the last keys stay in use", now);
            }
            fault = now;
        } finally {
            nextLook = nanoTime.getAsLong() + BETWEEN_LOOKS.toNanos();
        }
    }

    private Keys read() {
        var read = new ArrayList<NamedKey>();
        for (String line : text().lines().toList()) {
            if (!line.isBlank()) {
                read.add(key(line.strip(), read.size() + 1));
            }
        }
        if (read.isEmpty() || read.size() > MOST) {
            throw fault("has %d keys; give one or two".formatted(read.size()));
        }
        return new Keys(List.copyOf(read));
    }

    private String text() {
        try {
            if (Files.size(file) <= LARGEST) {
                return Files.readString(file);
            }
        } catch (IOException e) {
            throw fault("can't be read as text; check that it is there, and its permissions");
        }
        throw fault("is too large for a file of keys");
    }

    private NamedKey key(String line, int number) {
        try {
            byte[] bytes = Base64.getDecoder().decode(line);
            if (bytes.length == BYTES) {
                MessageDigest sha256 = Revision.sha256();
                String id = HexFormat.of().formatHex(sha256.digest(bytes), 0, 4);
                return new NamedKey(id, new SecretKeySpec(bytes, "AES"));
            }
        } catch (IllegalArgumentException e) {
            // said below, without the line, which is secret
        }
        throw fault(
                "line %d is not 32 bytes in Base64; make one with: openssl rand -base64 32"
                        .formatted(number));
    }

    private Misconfigured fault(String what) {
        return new Misconfigured(
                "%s = %s: %s".formatted(setting, SafeText.oneLine(file.toString()), what));
    }
}
