package todomanager.user.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import todomanager.database.Database;
import todomanager.database.TablePages;
import todomanager.database.Tables.Update;
import todomanager.database.UncheckedSql;
import todomanager.http.Page;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.http.Revision;
import todomanager.http.Revision.Kept;

/// Keeps the users in PostgreSQL, where others may change them at the same time.
public final class PostgresStore implements UserStore {
    private final Database database;
    private final boolean isWritable;

    /// @param tries how often others have taken the next id meanwhile
    private record OtherIds(Connection connection, String username, int tries) implements Ids {

        /// Who was not the first with an id takes one of several, since others try again as well.
        @Override
        public BigInteger next() {
            long gap = ThreadLocalRandom.current().nextLong(1L << (2 * tries));
            return UncheckedSql.of(() -> UserTables.greatestId(connection))
                    .map(greatest -> greatest.add(BigInteger.valueOf(1 + gap)))
                    .orElse(BigInteger.ONE);
        }

        @Override
        public boolean isTaken(BigInteger id) {
            return UncheckedSql.of(() -> UserTables.isTaken(connection, id, username));
        }
    }

    public PostgresStore(Database database, boolean isWritable) {
        this.database = database;
        this.isWritable = isWritable;
    }

    @Override
    public boolean isWritable() {
        return isWritable;
    }

    @Override
    public Resource users() {
        TablePages.Query query =
                (connection, after, limit) -> {
                    if (after.filter(key -> !Database.isKey(key)).isPresent()) {
                        throw Page.gone();
                    }
                    return UserTables.page(connection, after, limit);
                };
        return new TablePages(database, "read users", "{", "}\n", query).resource();
    }

    @Override
    public Kept<Optional<Representation>> find(String username) {
        Optional<User> user = database.read("read user", c -> UserTables.find(c, username));
        return new Kept<>(user.map(User::served), revision(user));
    }

    private static Revision revision(Optional<User> user) {
        return Revision.of(user.map(User::json).orElse("").getBytes(UTF_8));
    }

    @Override
    public <R> Kept<R> change(String username, BiFunction<Optional<User>, Ids, Change<R>> change) {
        var tries = new AtomicInteger();
        return database.change(
                "change user",
                username,
                connection -> {
                    Optional<User> before = UserTables.lock(connection, username);
                    var ids = new OtherIds(connection, username, tries.getAndIncrement());
                    Change<R> changed = change.apply(before, ids);
                    return new Database.Change<>(
                            new Kept<>(changed.result(), revision(changed.user())),
                            updates(username, before, changed.user()));
                });
    }

    private static List<Update> updates(
            String username, Optional<User> before, Optional<User> now) {
        if (now.equals(before)) {
            return List.of();
        }
        return List.of(
                now.map(user ->
                                before.isPresent()
                                        ? UserTables.update(username, user)
                                        : UserTables.insert(username, user))
                        .orElseGet(() -> UserTables.delete(username)));
    }
}
