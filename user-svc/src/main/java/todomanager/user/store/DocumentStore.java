package todomanager.user.store;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import todomanager.document.DocumentResources;
import todomanager.document.DocumentWriter;
import todomanager.document.DocumentWriter.Codec;
import todomanager.document.LiveDocument;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.http.Revision.Kept;

/// Keeps the users in the document, which people may edit by hand as well.
public final class DocumentStore implements UserStore {
    /// Of a user in the document. What a person has made of one counts more than what was made of
    /// the same one here.
    public static final Codec<User> CODEC =
            new Codec<>(
                    User::read, User::text, User::size, User::members, (_, theirs, _) -> theirs);

    private final LiveDocument<Users> document;
    private final Optional<DocumentWriter<Users, User>> writer;

    /// Of all users of a draft but this one.
    private record OtherIds(String username, DocumentWriter<Users, User>.Draft draft)
            implements Ids {
        @Override
        public BigInteger next() {
            return draft.base().nextId(changed());
        }

        @Override
        public boolean isTaken(BigInteger id) {
            return draft.base()
                            .ownerOf(id)
                            .filter(owner ->
                                    !owner.equals(username) && !draft.changed().containsKey(owner))
                            .isPresent()
                    || changed().anyMatch(other -> other.id().equals(id));
        }

        private Stream<User> changed() {
            return draft.changed().entrySet().stream()
                    .filter(other -> !other.getKey().equals(username))
                    .flatMap(other -> other.getValue().stream());
        }
    }

    public DocumentStore(
            LiveDocument<Users> document, Optional<DocumentWriter<Users, User>> writer) {
        this.document = document;
        this.writer = writer;
    }

    @Override
    public boolean isWritable() {
        return writer.isPresent();
    }

    @Override
    public Resource users() {
        return new DocumentResources<>(document).pages(Users::members);
    }

    @Override
    public Kept<Optional<Representation>> find(String username) {
        var snapshot = document.snapshot();
        return new Kept<>(snapshot.document().of(username), snapshot.revision());
    }

    @Override
    public <R> Kept<R> change(String username, BiFunction<Optional<User>, Ids, Change<R>> change) {
        return writer.orElseThrow()
                .change(draft -> {
                    Change<R> changed =
                            change.apply(draft.get(username), new OtherIds(username, draft));
                    draft.put(username, changed.user());
                    return changed.result();
                });
    }
}
