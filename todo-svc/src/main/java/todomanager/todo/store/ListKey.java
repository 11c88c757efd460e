package todomanager.todo.store;

import java.util.Optional;

/// Names a list among those of all users: as text `OWNER/NAME`, where `%2F` is a slash of either,
/// and `%25` a percent sign.
record ListKey(String owner, String name) {
    static final ListKey LEAST = new ListKey("", "");

    /// Reads what [#toString] has written; nothing of other text.
    static Optional<ListKey> parse(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? Optional.empty()
                : Optional.of(
                        new ListKey(
                                unescaped(text.substring(0, slash)),
                                unescaped(text.substring(slash + 1))));
    }

    private static String escaped(String text) {
        return text.replace("%", "%25").replace("/", "%2F");
    }

    private static String unescaped(String text) {
        return text.replace("%2F", "/").replace("%25", "%");
    }

    @Override
    public String toString() {
        return escaped(owner) + '/' + escaped(name);
    }
}
