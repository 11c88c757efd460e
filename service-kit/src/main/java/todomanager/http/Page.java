package todomanager.http;

import io.helidon.common.uri.UriQuery;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import todomanager.text.UriPath;

/// A run of items, as a request asks for it: at most `limit` of them, and `after` that which
/// follows the item of this key. A key holds while other items come and go, so pages go on while
/// people write.
///
/// @param limit the most items
/// @param after the key; none for the first page
public record Page(int limit, Optional<String> after) {
    private static final String LIMIT = "limit";
    private static final String AFTER = "after";
    private static final int USUAL = 100;
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,2}|1000");

    /// The page that the query asks for, or none where it asks for all items.
    public static Optional<Page> of(UriQuery query) {
        if (!query.contains(LIMIT) && !query.contains(AFTER)) {
            return Optional.empty();
        }
        int limit = only(query, LIMIT).map(Page::limit).orElse(USUAL);
        return Optional.of(new Page(limit, only(query, AFTER)));
    }

    /// Leads to the page that follows: relative to this one, so that it holds behind a proxy that
    /// has the service under a path of its own (RFC 8288, section 3.1).
    ///
    /// @param last the key of this page's last item
    public Header next(String last) {
        return HeaderValues.create(
                HeaderNames.LINK,
                "<?%s=%d&%s=%s>; rel=\"next\""
                        .formatted(LIMIT, limit, AFTER, UriPath.encoded(last)));
    }

    /// Nobody knows what follows an item that is gone.
    public static Problem gone() {
        return new Problem(
                Status.GONE_410,
                "The item that this page comes after is gone: begin again without after.");
    }

    private static Optional<String> only(UriQuery query, String name) {
        List<String> values = query.all(name, List::of);
        if (query.contains(name) && values.size() != 1) {
            throw new Problem(
                    Status.BAD_REQUEST_400,
                    "Give each of limit and after once at most, and a value.");
        }
        return values.stream().findFirst();
    }

    private static int limit(String value) {
        if (!NUMBER.matcher(value).matches()) {
            throw new Problem(
                    Status.BAD_REQUEST_400, "The limit must be a whole number from 1 to 1000.");
        }
        return Integer.parseInt(value);
    }
}
