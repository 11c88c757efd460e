package todomanager.todo.store;

import io.helidon.http.Status;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import todomanager.database.Database;
import todomanager.database.TablePages;
import todomanager.http.Page;
import todomanager.http.Problem;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.http.Revision.Kept;
import todomanager.todo.list.Lists;

/// Keeps the lists in PostgreSQL, where others may change them at the same time.
public final class PostgresStore implements ListStore {
    private final Database database;
    private final boolean isWritable;

    public PostgresStore(Database database, boolean isWritable) {
        this.database = database;
        this.isWritable = isWritable;
    }

    @Override
    public boolean isWritable() {
        return isWritable;
    }

    @Override
    public Resource names() {
        TablePages.Query query =
                (connection, after, limit) ->
                        ListTables.names(connection, after.map(PostgresStore::key), limit);
        return new TablePages(database, "read names", "{\"lists\":[", "]}\n", query).resource();
    }

    private static ListKey key(String after) {
        return ListKey.parse(after)
                .filter(key -> Database.isKey(key.owner()) && Database.isKey(key.name()))
                .orElseThrow(Page::gone);
    }

    @Override
    public Kept<Optional<Representation>> titles(String username) {
        return read(username, UserLists::titles);
    }

    @Override
    public Kept<Optional<Lists>> lists(String username) {
        return read(username, UserLists::lists);
    }

    private <R> Kept<R> read(String username, Function<UserLists, R> reader) {
        UserLists lists =
                Database.isKey(username)
                        ? database.read("read lists", c -> ListTables.lists(c, username))
                        : new UserLists(username, Map.of());
        return new Kept<>(reader.apply(lists), lists.revision());
    }

    @Override
    public <R> Kept<R> change(String username, Function<Optional<Lists>, Change<R>> change) {
        if (!Database.isKey(username)) {
            var _ = change.apply(Optional.empty()); // which may be refused for more than that
            throw new Problem(
                    Status.UNPROCESSABLE_CONTENT_422,
                    "The database can't keep lists of this user: choose a shorter username, without a zero byte.");
        }
        return database.change(
                "change lists",
                username,
                connection -> {
                    UserLists lists = ListTables.lockedLists(connection, username);
                    Optional<Lists> before = lists.lists();
                    Change<R> changed = change.apply(before);
                    UserLists.Written written = lists.written(before, changed.lists());
                    return new Database.Change<>(
                            new Kept<>(changed.result(), written.lists().revision()),
                            written.updates());
                });
    }
}
