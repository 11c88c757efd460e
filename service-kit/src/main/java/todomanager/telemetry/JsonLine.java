package todomanager.telemetry;

import todomanager.text.SafeText;

/// An object of JSON on one line, which takes a tenth of the time that a generator takes for it:
/// there is one for each request.
public final class JsonLine {
    private static final int USUAL = 256; // characters

    private final StringBuilder line = new StringBuilder(USUAL);

    public JsonLine add(String name, String value) {
        name(name).append('"');
        int written = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\' || !SafeText.isPlain(c)) {
                line.append(value, written, i);
                escape(c);
                written = i + 1;
            }
        }
        line.append(value, written, value.length()).append('"');
        return this;
    }

    public JsonLine add(String name, long value) {
        name(name).append(value);
        return this;
    }

    private StringBuilder name(String name) {
        return line.append(line.isEmpty() ? '{' : ',').append('"').append(name).append("\":");
    }

    private void escape(char c) {
        switch (c) {
            case '"', '\\' -> line.append('\\').append(c);
            case '\n' -> line.append("\\n");
            default -> line.append("\\u%04x".formatted((int) c));
        }
    }

    /// The whole line, with its end.
    public String end() {
        return line.append("}\n").toString();
    }
}
