package todomanager.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.helidon.http.Header;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import todomanager.http.EntityTag;
import todomanager.http.Page;
import todomanager.http.Representation;
import todomanager.http.Resource;

/// The rows of a table as items of JSON, in the order of their keys.
///
/// Many rows are read and sent in runs: so they need little memory, and a client that takes its
/// time keeps neither a connection nor a transaction. What is written meanwhile may be seen or not,
/// as from page to page.
///
/// @param name of the statement in metrics
/// @param head of the JSON, before the first item
/// @param tail behind the last
public record TablePages(Database database, String name, String head, String tail, Query query) {
    private static final int LEAST = 16; // rows of a statement, which may be large
    private static final int MOST = 1_000; // rows of what is answered at once, with an entity tag
    private static final int SMALL = 64 << 10; // characters, below which more rows are read at once
    private static final int LARGE = 1 << 20; // characters, with which a page ends

    /// A row, as it is served.
    public record Row(String key, String json) {}

    /// Reads rows in the order of their keys.
    public interface Query {
        /// The first rows.
        ///
        /// @param after the key that they stand behind; none for the first of all
        /// @param limit how many there are at most
        List<Row> rows(Connection connection, Optional<String> after, int limit)
                throws SQLException;
    }

    private record Rows(List<Row> rows, boolean areAll) {
        String json() {
            return rows.stream().map(Row::json).collect(joining(","));
        }

        /// The characters of that.
        int length() {
            int commas = Math.max(0, rows.size() - 1);
            return rows.stream().mapToInt(row -> row.json().length()).sum() + commas;
        }

        Optional<String> last() {
            return Optional.of(rows.getLast().key());
        }
    }

    /// What answers with them.
    public Resource resource() {
        return new Resource(Map.of(Method.GET, this::get));
    }

    private Representation get(ServerRequest request, ServerResponse response) {
        return Page.of(request.query())
                .map(page -> page(page, response))
                .orElseGet(() -> {
                    Rows first = rows(Optional.empty(), MOST);
                    return first.areAll ? whole(first, "") : Representation.stream(this::write);
                });
    }

    private Representation page(Page page, ServerResponse response) {
        Rows rows = rows(page.after(), page.limit());
        if (rows.areAll) {
            return whole(rows, "");
        }
        Header next = page.next(rows.last().orElseThrow());
        response.header(next);
        return whole(rows, next.get());
    }

    /// @param link to what follows, which the entity tag tells apart too
    private Representation whole(Rows rows, String link) {
        String json = head + rows.json() + tail;
        return Representation.json(EntityTag.of(utf8(json + link)), ByteBuffer.wrap(utf8(json)));
    }

    /// Holds the rows of one statement at a time, so those that were read to find out how many
    /// there are are read again.
    private void write(OutputStream out) throws IOException {
        out.write(utf8(head));
        Rows run = run(Optional.empty(), LEAST);
        int most = LEAST;
        while (true) {
            out.write(utf8(run.json()));
            if (run.areAll) {
                break;
            }
            most = next(most, run);
            run = run(run.last(), most);
            out.write(utf8(run.rows.isEmpty() ? "" : ","));
        }
        out.write(utf8(tail));
    }

    private Rows rows(Optional<String> after, int limit) {
        var rows = new ArrayList<Row>();
        Optional<String> last = after;
        int size = 0;
        for (int most = LEAST; rows.size() < limit && size < LARGE; ) {
            Rows run = run(last, Math.min(most, limit - rows.size()));
            rows.addAll(run.rows);
            if (run.areAll) {
                return new Rows(rows, true);
            }
            size += run.length();
            most = next(most, run);
            last = run.last();
        }
        return new Rows(rows, false);
    }

    /// How many rows to read after a run of so many.
    private static int next(int most, Rows run) {
        return run.length() < SMALL ? Math.min(2 * most, MOST) : LEAST;
    }

    private Rows run(Optional<String> after, int limit) {
        List<Row> rows = database.read(name, c -> query.rows(c, after, limit + 1));
        return rows.size() > limit ? new Rows(rows.subList(0, limit), false) : new Rows(rows, true);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
