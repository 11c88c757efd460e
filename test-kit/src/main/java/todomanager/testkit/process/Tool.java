package todomanager.testkit.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A program that a test needs and a machine may lack. Without it the test is skipped, and fails
/// where the environment variable `CI` is set, since nobody there reads that a test was skipped.
public final class Tool {
    private static final boolean CI = System.getenv("CI") != null;

    private Tool() {}

    /// The path of a program: the system property `tool.NAME`, or else where `PATH` has it.
    ///
    /// @param debianPackage that has it
    public static String require(String program, String debianPackage) {
        String path =
                System.getenv("PATH") + File.pathSeparator + "/usr/sbin"; // Debian's is shorter
        String given = System.getProperty("tool." + program);
        Stream<Path> candidates =
                given != null
                        ? Stream.of(Path.of(given))
                        : Pattern.compile(File.pathSeparator)
                                .splitAsStream(path)
                                .map(folder -> Path.of(folder, program));
        return candidates
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() ->
                        missing(
                                program
                                        + " is not installed (apt-get install "
                                        + debianPackage
                                        + ")"))
                .toString();
    }

    /// Ends a test for want of a tool.
    ///
    /// @param what is missing, and how to have it
    public static AssertionError missing(String what) {
        if (!CI) {
            Assumptions.abort(what);
        }
        return new AssertionError(what);
    }

    /// A system property, without which a test is skipped.
    ///
    /// @param example of its value
    public static String property(String name, String example) {
        String value = System.getProperty(name);
        if (value == null) {
            Assumptions.abort("-D%s=%s is not given".formatted(name, example));
        }
        return value;
    }
}
