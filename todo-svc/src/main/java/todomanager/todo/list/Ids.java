package todomanager.todo.list;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The ids of items that are written without one, derived item after item of a list, so that each
/// reader of a document finds the same.
///
/// Such an id is the first 16 letters of the base64url (RFC 4648) of the SHA-256 of the title in
/// UTF-8, a byte 0, and in decimal how many equal titles stand before it in the list. Where another
/// item has that id, it is of the next number that gives one which is free.
final class Ids {
    static final int UNKNOWN = -1;

    private static final int BYTES = 12;
    private static final int LETTERS = 16;

    private final Set<String> taken;
    private final Map<String, Integer> equalTitles = new HashMap<>();
    private final Map<String, Integer> leastNumbers = new HashMap<>(); // that may be free

    /// @param taken by items of the list, wherever they stand
    Ids(Collection<String> taken) {
        this.taken = new HashSet<>(taken);
    }

    /// An id, and the number that it is derived from beside the title.
    record Derived(String id, int number) {}

    /// Derives the first id that is not taken.
    ///
    /// @param number to begin with
    static Derived derive(String title, int number, Predicate<String> taken) {
        String id = derived(title, number);
        while (taken.test(id)) {
            id = derived(title, ++number);
        }
        return new Derived(id, number);
    }

    /// Passes an item of the list.
    void pass(Item item) {
        equalTitles.merge(item.title(), 1, Integer::sum);
        taken.add(item.id());
    }

    /// The id of an item that stands next and is written without one.
    Derived next(String title) {
        int number = Math.max(equalTitles(title), leastNumbers.getOrDefault(title, 0));
        Derived next = derive(title, number, taken::contains);
        leastNumbers.put(title, next.number());
        return next;
    }

    /// Whether the id of an item that stands next is the one that is derived, so that it need not
    /// be written.
    ///
    /// @param number that the id is derived from, or [#UNKNOWN]
    boolean derives(Item item, int number) {
        return number == equalTitles(item.title())
                || (item.id().length() == LETTERS && next(item.title()).id().equals(item.id()));
    }

    private int equalTitles(String title) {
        return equalTitles.getOrDefault(title, 0);
    }

    private static String derived(String title, int number) {
        MessageDigest sha256 = sha256();
        sha256.update(title.getBytes(UTF_8));
        sha256.update((byte) 0);
        byte[] hash = sha256.digest(Integer.toString(number).getBytes(UTF_8));
        return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, BYTES));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }
}
