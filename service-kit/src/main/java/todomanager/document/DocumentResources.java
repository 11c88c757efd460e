package todomanager.document;

import io.helidon.http.Header;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import java.util.function.Function;
import todomanager.http.Page;
import todomanager.http.Representation;
import todomanager.http.Resource;

/// Makes resources of a document that changes. A request sees one snapshot of it from beginning to
/// end, and the answer names that snapshot's revision.
public record DocumentResources<T>(LiveDocument<T> document) {

    /// A resource made of items in the document: all of them, or the page that `limit` and `after`
    /// ask for, with a link to the page that follows.
    public Resource pages(Function<T, JsonItems.Keyed> items) {
        return new Resource(
                Map.of(
                        Method.GET,
                        (request, response) -> {
                            var snapshot = document.snapshot();
                            response.header(snapshot.revision().header());
                            JsonItems.Keyed all = items.apply(snapshot.document());
                            return Page.of(request.query())
                                    .map(page -> page(all, page, response))
                                    .orElse(all.items().whole());
                        }));
    }

    private static Representation page(JsonItems.Keyed all, Page page, ServerResponse response) {
        int from = page.after().map(key -> behind(all.place(key))).orElse(0);
        int to = Math.min(all.items().size() - from, page.limit()) + from;
        String link = "";
        if (to < all.items().size()) {
            Header next = page.next(all.key(to - 1));
            response.header(next);
            link = next.get();
        }
        return all.items().page(from, to, link);
    }

    private static int behind(int place) {
        if (place < 0) {
            throw Page.gone();
        }
        return place + 1;
    }
}
