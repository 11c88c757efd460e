package todomanager.todo.list;

import java.util.Optional;

/// What people write on one line: the title of an item, the name of a list.
final class Words {
    private Words() {}

    /// The words without the white space at both ends: that of Unicode, which has the no-break
    /// space too. [String#strip] would leave it there.
    static String trimmed(String words) {
        int begin = 0;
        int end = words.length();
        while (begin < end && isWhiteSpace(words.charAt(begin))) {
            begin++;
        }
        while (end > begin && isWhiteSpace(words.charAt(end - 1))) {
            end--;
        }
        return words.substring(begin, end);
    }

    /// The property White_Space, all of which is in the basic plane.
    private static boolean isWhiteSpace(char c) {
        return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == '\u0085';
    }

    /// What is wrong with words that are trimmed, if anything.
    ///
    /// @param longest how many code points they may have
    static Optional<String> fault(String words, int longest) {
        if (words.isEmpty()) {
            return Optional.of("is empty; write at least one character that shows");
        }
        int length = words.codePointCount(0, words.length());
        if (length > longest) {
            return Optional.of("has %,d characters; %d are the most".formatted(length, longest));
        }
        return words.chars()
                .filter(Character::isISOControl)
                .mapToObj("has the control character U+%04X; remove it"::formatted)
                .findFirst();
    }

    /// How many bytes the words have as JSON in UTF-8.
    static int quotedSize(String words) {
        int size = "''".length();
        for (int i = 0; i < words.length(); i++) {
            size += size(words.charAt(i));
        }
        return size;
    }

    private static int size(char c) {
        return switch (c) {
            case '"', '\\', '\b', '\f', '\n', '\r', '\t' -> 2;
            default -> {
                if (c < 0x80) {
                    yield c < ' ' ? 6 : 1;
                }
                yield c < 0x800 || Character.isSurrogate(c) ? 2 : 3; // half a pair's four
            }
        };
    }
}
