package todomanager.json;

import todomanager.text.SafeText;

/// One thing that is wrong with a document, and where.
///
/// @param line counts from 1; 0 where the fault is of the document as a whole
/// @param column counts from 1, in characters
/// @param pointer the JSON pointer (RFC 6901) to the value at fault, empty where there is none
public record Fault(int line, int column, String pointer, String message) {

    static Fault at(int offset, String text, String pointer, String message) {
        String before = text.substring(0, offset);
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        int lineStart = before.lastIndexOf('\n') + 1;
        int column = 1 + before.codePointCount(lineStart, offset);
        return new Fault(line, column, pointer, message);
    }

    /// The fault in the form that editors and terminals make a link of: `FILE:LINE:COLUMN: …`.
    String in(Object file) {
        var where = new StringBuilder(SafeText.oneLine(file.toString())).append(':');
        if (line > 0) {
            where.append(line).append(':').append(column).append(':');
        }
        if (!pointer.isEmpty()) {
            where.append(' ').append(SafeText.oneLine(pointer)).append(':');
        }
        return where.append(' ').append(SafeText.oneLine(message)).toString();
    }
}
