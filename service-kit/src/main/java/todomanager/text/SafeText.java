package todomanager.text;

/// Makes any text safe to print: on a terminal, in a log, in an error.
public final class SafeText {
    private static final int LONGEST = 40; // characters

    private SafeText() {}

    /// The text on one line: control, format and lone surrogate characters become `\\u` escapes, so
    /// that no input can forge a log line or drive a terminal.
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

    /// Whether it stands for itself, and for nothing that a terminal or a line of a log ends with.
    public static boolean isPlain(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    false;
            default -> true;
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
