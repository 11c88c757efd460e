package todomanager.text;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Finds the word that was meant by one that is misspelt.
public final class Spelling {
    private static final int MOST_TYPING_ERRORS = 3; // and in no more than half of the word
    private static final int LONGEST = 100; // characters; nobody means a word by more

    private Spelling() {}

    /// The word that is closest, if it is close at all; the first by the alphabet if there are
    /// more.
    public static Optional<String> closest(String written, Stream<String> words) {
        int most = Math.min(MOST_TYPING_ERRORS, written.length() / 2);
        return words.filter(_ -> written.length() <= LONGEST)
                .sorted()
                .min(Comparator.comparingInt(word -> distance(word, written)))
                .filter(word -> distance(word, written) <= most);
    }

    /// How many characters must be typed, left out or changed to make the one of the other
    /// (Levenshtein).
    private static int distance(String one, String other) {
        int[] row = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
