package todomanager.text;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Names of files as Java has them: in the encoding of the locale that it is started in. A file or
/// folder with another name is there for others, but not for Java.
public final class FileNames {
    private static final Charset ENCODING = Charset.forName(System.getProperty("sun.jnu.encoding"));
    private static final char UNREADABLE = '\ufffd'; // what Java has in place of it

    private FileNames() {}

    /// How a complaint of a text that is no path ends: with the locale, if that is why.
    ///
    /// @param otherwise what else to do
    public static String remedy(String text, String otherwise) {
        return remedy(!ENCODING.newEncoder().canEncode(text), otherwise);
    }

    /// How a complaint that there is no such file ends.
    public static String remedy(Path path, String otherwise) {
        String folder = path.isAbsolute() ? "" : System.getProperty("user.dir");
        return remedy((folder + path).indexOf(UNREADABLE) >= 0, otherwise);
    }

    private static String remedy(boolean isLocale, String otherwise) {
        if (!isLocale) {
            return "; " + otherwise;
        }
        String why = ", as this locale has file names in " + ENCODING.name();
        return ENCODING.equals(StandardCharsets.UTF_8)
                ? why + "; rename what has them in another"
                : why + "; start Java with LC_ALL=C.UTF-8";
    }
}
