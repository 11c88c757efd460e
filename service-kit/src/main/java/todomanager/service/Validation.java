package todomanager.service;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import todomanager.document.DataFile;
import todomanager.http.Revision;
import todomanager.json.InvalidDocument;
import todomanager.json.JsonDocument;
import todomanager.text.SafeText;
import todomanager.text.UriPath;

/// Checks documents as a service does at its start, without starting it.
///
/// @param reader throws [InvalidDocument]
record Validation(Consumer<byte[]> reader, PrintStream out) {
    /// Usernames that are no segment of a path: WholeSegments finds nothing there, and clients go
    /// up at dots.
    private static final Pattern UNREACHABLE = Pattern.compile("|\\.{1,2}|(?s:.*/.*)");

    private static final int LONGEST_SEGMENT = 4_000; // characters, of a request line of 4,096

    private static final int CONFIG_MAP = 1 << 20; // bytes
    private static final int ANNOTATION = 256 << 10; // bytes

    /// Prints what is wrong with the files, and what will be where they are used.
    ///
    /// @param users a document whose members are the usernames there are
    /// @return whether all of them can be served
    boolean run(List<Path> files, @Nullable Path users) {
        Set<String> usernames = new HashSet<>();
        boolean known = users != null && check(users, bytes -> addNames(bytes, usernames));
        boolean valid = known || users == null;
        for (Path file : files) {
            valid &=
                    check(
                            file,
                            bytes -> {
                                reader.accept(bytes);
                                out.println(
                                        name(file)
                                                + ": valid, revision "
                                                + Revision.of(bytes).value());
                                warnOfSize(file, bytes);
                                warnOfNames(file, bytes, usernames, known ? users : null);
                            });
        }
        return valid;
    }

    private boolean check(Path file, Consumer<byte[]> check) {
        try {
            return new DataFile(file)
                    .read(bytes -> {
                        check.accept(bytes);
                        return true;
                    });
        } catch (InvalidDocument e) {
            out.println(e.describe());
            return false;
        }
    }

    private static void addNames(byte[] document, Set<String> names) {
        JsonDocument.forEachMember(document, member -> names.add(member.name()));
    }

    private void warnOfNames(Path file, byte[] bytes, Set<String> usernames, @Nullable Path users) {
        try {
            JsonDocument.forEachMember(
                    bytes,
                    member -> {
                        String name = member.name();
                        if (isUnreachable(name)) {
                            member.fault("warning: clients can't ask for this user alone");
                        }
                        if (users != null && !usernames.contains(name)) {
                            member.fault("warning: there is no such user in " + users);
                        }
                    });
        } catch (InvalidDocument warnings) {
            out.println(warnings.in(file).describe());
        }
    }

    private static boolean isUnreachable(String username) {
        return UNREACHABLE.matcher(username).matches()
                || UriPath.encoded(username).length() > LONGEST_SEGMENT;
    }

    private void warnOfSize(Path file, byte[] bytes) {
        if (bytes.length > CONFIG_MAP) {
            warn(
                    file,
                    "a ConfigMap holds %d bytes, this has %d".formatted(CONFIG_MAP, bytes.length));
        } else if (quotedLength(bytes) > ANNOTATION) {
            warn(file, "too large for kubectl apply, but for that with --server-side");
        }
    }

    private void warn(Path file, String what) {
        out.println(name(file) + ": warning: " + what);
    }

    /// The bytes that the document takes as a JSON string, which is how client-side apply keeps it.
    private static long quotedLength(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8)
                        .chars()
                        .filter(c -> c == '"' || c == '\\' || c == '\n')
                        .count()
                + utf8.length;
    }

    private static String name(Path file) {
        return SafeText.oneLine(file.toString());
    }
}
