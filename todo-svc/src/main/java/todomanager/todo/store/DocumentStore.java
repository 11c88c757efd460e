package todomanager.todo.store;

import java.util.Optional;
import java.util.function.Function;
import todomanager.document.DocumentResources;
import todomanager.document.DocumentWriter;
import todomanager.document.DocumentWriter.Codec;
import todomanager.document.LiveDocument;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.http.Revision.Kept;
import todomanager.json.JsonDocument;
import todomanager.todo.list.Lists;

/// Keeps the lists in the document, which people may edit by hand as well.
public final class DocumentStore implements ListStore {
    /// Of what a user has in the document.
    public static final Codec<Lists> CODEC =
            new Codec<>(
                    text -> JsonDocument.read(text).as(Lists::of),
                    Lists::text,
                    Lists::size,
                    Lists::parts,
                    Lists::merged);

    private final LiveDocument<TodoLists> document;
    private final Optional<DocumentWriter<TodoLists, Lists>> writer;

    public DocumentStore(
            LiveDocument<TodoLists> document, Optional<DocumentWriter<TodoLists, Lists>> writer) {
        this.document = document;
        this.writer = writer;
    }

    @Override
    public boolean isWritable() {
        return writer.isPresent();
    }

    @Override
    public Resource names() {
        return new DocumentResources<>(document).pages(TodoLists::names);
    }

    @Override
    public Kept<Optional<Representation>> titles(String username) {
        var snapshot = document.snapshot();
        return new Kept<>(snapshot.document().titles(username), snapshot.revision());
    }

    @Override
    public Kept<Optional<Lists>> lists(String username) {
        var snapshot = document.snapshot();
        return new Kept<>(
                snapshot.document().members().textOf(username).map(CODEC.reader()),
                snapshot.revision());
    }

    @Override
    public <R> Kept<R> change(String username, Function<Optional<Lists>, Change<R>> change) {
        return writer.orElseThrow()
                .change(draft -> {
                    Change<R> changed = change.apply(draft.get(username));
                    draft.put(
                            username,
                            Optional.of(changed.lists()).filter(lists -> !lists.isEmpty()));
                    return changed.result();
                });
    }
}
