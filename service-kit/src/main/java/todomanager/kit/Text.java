package todomanager.kit;

/// Makes any text safe to print: on a terminal, in a log, in an error.
final class Text {
    private static final int LONGEST_QUOTE = 40;

    private Text() {}

    /// The text on one line: control, format and lone surrogate characters become `\\u` escapes, so
    /// that no input can forge a log line or drive a terminal.
    static String oneLine(String text) {
        var safe = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> {
                    switch (Character.getType(c)) {
                        case Character.CONTROL,
                                Character.FORMAT,
                                Character.LINE_SEPARATOR,
                                Character.PARAGRAPH_SEPARATOR,
                                Character.SURROGATE ->
                                safe.append("\\u%04x".formatted(c));
                        default -> safe.appendCodePoint(c);
                    }
                });
        return safe.toString();
    }

    /// The text in quotes, on one line, cut to what a person needs to recognise it.
    static String quoted(String text) {
        if (text.codePointCount(0, text.length()) <= LONGEST_QUOTE) {
            return '"' + oneLine(text) + '"';
        }
        return '"' + oneLine(text.substring(0, text.offsetByCodePoints(0, LONGEST_QUOTE))) + "…\"";
    }
}
