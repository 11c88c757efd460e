package todomanager.http;

import io.helidon.common.uri.UriQuery;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A run of a sequence's items, as a request asks for it: at most `limit` of them, and `after`
/// those of the page before. What follows `after` names the revision of the document, so that pages
/// of two revisions are never taken for one whole.
///
/// @param from the place of the first item
/// @param to the place behind the last
public record Page(Revision revision, int from, int to, int limit) {
    private static final String LIMIT = "limit";
    private static final String AFTER = "after";
    private static final int USUAL = 100;
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,2}|1000");
    private static final Pattern CURSOR = Pattern.compile("([0-9a-f]{16})-([1-9]\\d{0,9})");

    /// The page that the query asks for, or none where it asks for all of the sequence.
    ///
    /// @param size of the sequence
    public static Optional<Page> of(UriQuery query, Revision revision, int size) {
        if (!query.contains(LIMIT) && !query.contains(AFTER)) {
            return Optional.empty();
        }
        int limit = only(query, LIMIT).map(Page::limit).orElse(USUAL);
        int from = only(query, AFTER).map(cursor -> from(cursor, revision, size)).orElse(0);
        return Optional.of(new Page(revision, from, Math.min(size - from, limit) + from, limit));
    }

    /// Leads to the page that follows: relative to this one, so that it holds behind a proxy that
    /// has the service under a path of its own (RFC 8288, section 3.1).
    public Header next() {
        return HeaderValues.create(
                HeaderNames.LINK,
                "<?%s=%d&%s=%s-%d>; rel=\"next\""
                        .formatted(LIMIT, limit, AFTER, revision.value(), to));
    }

    /// What makes the page's tag of that of the whole, so that its bytes need not be read; the
    /// revision is in it since it is in the link.
    public long tag(long whole) {
        String page = "%d-%s-%d-%d".formatted(whole, revision.value(), from, limit);
        return Representation.tagOf(page.getBytes(StandardCharsets.UTF_8));
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

    private static int from(String cursor, Revision revision, int size) {
        Matcher parts = CURSOR.matcher(cursor);
        if (parts.matches()) {
            if (!parts.group(1).equals(revision.value())) {
                throw new Problem(
                        Status.GONE_410,
                        "The document has changed since that page: begin again without after.");
            }
            long from = Long.parseLong(parts.group(2));
            if (from < size) {
                return (int) from;
            }
        }
        throw new Problem(
                Status.BAD_REQUEST_400,
                "This is no page's after: take the one in the Link of the page before.");
    }
}
