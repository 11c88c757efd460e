package todomanager.document;

/// Items that are served page by page. Each has a key, by which the page behind it is found.
public interface KeyedItems {
    JsonItems items();

    String key(int place);

    /// Where the item of the key is; negative where there is none.
    int place(String key);
}
