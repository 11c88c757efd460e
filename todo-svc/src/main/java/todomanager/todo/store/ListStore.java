package todomanager.todo.store;

import java.util.Optional;
import java.util.function.Function;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.http.Revision.Kept;
import todomanager.todo.list.Lists;

/// Keeps the lists of all users.
public interface ListStore {

    /// What a change makes of a user's lists, and what it has to tell.
    record Change<R>(Lists lists, R result) {}

    /// Whether changes are possible here at all.
    boolean isWritable();

    /// The names of all lists, page by page.
    Resource names();

    /// What a user has to do, as it is served: the titles of open items, list by list; none where
    /// the user has no lists.
    Kept<Optional<Representation>> titles(String username);

    /// A user's lists, or none.
    Kept<Optional<Lists>> lists(String username);

    /// Changes a user's lists. What is answered is kept, whatever happens from then on.
    ///
    /// @param change of the lists as they are at that moment; if it throws, nothing is changed. It
    ///   is made again where others have changed them meanwhile, and is given nothing where the
    ///   user has no lists
    /// @throws todomanager.http.Problem 503 or 507 if nothing can be written now
    <R> Kept<R> change(String username, Function<Optional<Lists>, Change<R>> change);
}
