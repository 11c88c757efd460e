package todomanager.user.store;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.BiFunction;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.http.Revision.Kept;

/// Keeps all users.
public interface UserStore {

    /// What a change makes of a user, none where it removes the user, and what it has to tell.
    record Change<R>(Optional<User> user, R result) {}

    /// The ids of all other users, as they are at the moment of a change.
    interface Ids {
        /// The greatest of them and one; 1 where there is none.
        BigInteger next();

        boolean isTaken(BigInteger id);
    }

    /// Whether changes are possible here at all.
    boolean isWritable();

    /// All users, page by page.
    Resource users();

    /// A user as it is served, or none.
    Kept<Optional<Representation>> find(String username);

    /// Changes, adds or removes a user. What is answered is kept, whatever happens from then on.
    ///
    /// @param change of the user as it is at that moment; if it throws, nothing is changed. It is
    ///   made again where others have changed something meanwhile, and is given nothing where there
    ///   is no such user
    /// @throws todomanager.http.Problem 503 or 507 if nothing can be written now
    <R> Kept<R> change(String username, BiFunction<Optional<User>, Ids, Change<R>> change);
}
