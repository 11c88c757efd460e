package todomanager.text;

import java.util.Set;

/// Makes any text safe to print: on a terminal, in a log, in an error.
public final class SafeText {
    private static final int LONGEST = 40; // characters

    /// Letters, marks and symbols that have no shape: a joiner, fillers of Hangul, an empty Braille
    /// cell. The selectors of a variant stay, since they change what is seen.
    private static final Set<Integer> INVISIBLE =
            Set.of(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0);

    private SafeText() {}

    /// The text on one line: control and format characters, lone surrogates and what can't be seen
    /// become `\\u` escapes, so that no input can forge a log line, drive a terminal or hide.
    public static String oneLine(String text) {
        var safe = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> {
                    if (isPlain(c)) {
                        safe.appendCodePoint(c);
                    } else {
                        safe.append("\\u%04x".formatted(c));
                    }
                });
        return safe.toString();
    }

    /// Whether it stands for itself where it is printed, and for nothing that a terminal or a line
    /// of a log ends with.
    public static boolean isPlain(int character) {
        if (character == ' ') {
            return true;
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    false;
            default -> !INVISIBLE.contains(character);
        };
    }

    /// The text in quotes, cut, on one line.
    public static String quoted(String text) {
        return '"' + oneLine(cut(text)) + '"';
    }

    /// What a person needs of the text to recognise it.
    public static String cut(String text) {
        return cut(text, LONGEST);
    }

    public static String cut(String text, int longest) {
        boolean isShort = text.codePointCount(0, text.length()) <= longest;
        return isShort ? text : text.substring(0, text.offsetByCodePoints(0, longest)) + '…';
    }
}
