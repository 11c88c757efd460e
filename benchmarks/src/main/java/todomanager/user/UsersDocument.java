package todomanager.user;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A document of as many users as a benchmark wants, each as long as the others.
record UsersDocument(int size) {
    private static final int NAMES = 1 << 16;

    byte[] json() {
        return IntStream.range(0, size)
                .mapToObj(i ->
                        "\"%s\": {\"id\": %d, \"name\": \"User %07d\", \"verified\": 1}"
                                .formatted(name(i), 1_000_000 + i, i))
                .collect(Collectors.joining(",\n", "{", "}\n"))
                .getBytes(UTF_8);
    }

    /// 65,536 usernames of the document, from anywhere in it, the same in each run.
    String[] names() {
        return new Random(1)
                .ints(NAMES, 0, size)
                .mapToObj(UsersDocument::name)
                .toArray(String[]::new);
    }

    private static String name(int i) {
        return "user-%07d".formatted(i);
    }
}
