package todomanager.json;

/// Where the characters of a text stand in its UTF-8, asked for from the first to the last.
final class ByteOffsets {
    private final String text;
    private int character;
    private int octet;

    /// @param octet where the text begins
    ByteOffsets(String text, int octet) {
        this.text = text;
        this.octet = octet;
    }

    /// Where a character begins that is none before the one of the last call. Parsson goes beyond
    /// the end of a text that ends too early.
    int at(int offset) {
        while (character < Math.min(offset, text.length())) {
            char c = text.charAt(character++);
            if (c < 0x80) {
                octet++;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                octet += 2; // half a pair's four
            } else {
                octet += 3;
            }
        }
        return octet;
    }
}
