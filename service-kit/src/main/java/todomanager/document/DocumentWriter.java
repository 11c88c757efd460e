package todomanager.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.Status;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import todomanager.http.Problem;
import todomanager.http.Revision;
import todomanager.http.Revision.Kept;
import todomanager.json.JsonNode;

/// Writes changes of a document into its file. What waits while one write is under way goes into
/// the next, so that a hundred changes need not wait for a hundred disks.
///
/// People may edit the file at the same time. An edit is taken up before it would be overwritten,
/// and the changes are made of what it says. A file with a fault is never overwritten.
///
/// @param <T> the document
/// @param <V> what a member of it is
public final class DocumentWriter<T extends Document<T>, V> implements AutoCloseable {
    private static final Logger LOG = System.getLogger(DocumentWriter.class.getName());
    private static final int MOST_TRIES = 10; // against edits that come just then
    private static final int VERSIONS = 16; // the part of the heap that recent ones may have
    private static final Pattern IS_FULL = Pattern.compile("(?i)no space left|quota exceeded");

    private final LiveDocument<T> document;
    private final Codec<V> codec;
    private final WritableFile file;
    private final WriteMetrics metrics = new WriteMetrics();
    private final Queue<Pending<?>> waiting = new ConcurrentLinkedQueue<>();
    private final RecentVersions<V> recent;
    private Map<String, Optional<V>> corrections = Map.of();
    private boolean isOwn; // whether the document is the one that was written here last

    /// What a member is.
    ///
    /// @param reader makes it of the text of its value
    /// @param writer makes that text of it
    /// @param size of it in bytes, roughly
    /// @param parts that it has, by what names them, to tell how like another one it is
    public record Codec<V>(
            Function<byte[], V> reader,
            Function<V, String> writer,
            ToLongFunction<V> size,
            Function<V, Map<?, ?>> parts,
            Merger<V> merger) {}

    /// Makes one of two that both have changed, a person and others.
    public interface Merger<V> {
        /// What comes of both.
        ///
        /// @param base what they began with
        V merged(Optional<V> base, V theirs, V ours);
    }

    /// Why a document that is to be written can't be.
    @SuppressWarnings("serial") // it never leaves the process
    public static final class NotWritable extends RuntimeException {
        NotWritable(String why) {
            super(why);
        }
    }

    /// The document as changes make it, one after the other.
    public final class Draft {
        private final T base;
        private final Map<String, Optional<V>> original = new HashMap<>();
        private final Map<String, Optional<V>> changed = new HashMap<>();

        private Draft(T base) {
            this.base = base;
        }

        /// The member as it is now.
        public Optional<V> get(String name) {
            Optional<V> now = changed.get(name);
            return now == null ? before(name) : now;
        }

        private Optional<V> before(String name) {
            return original.computeIfAbsent(name, this::known);
        }

        /// What was written here last need not be read, which takes long.
        private Optional<V> known(String name) {
            return isOwn ? recent.latest(name, _ -> read(name, base)) : read(name, base);
        }

        private Optional<V> read(String name, T from) {
            return from.members().textOf(name).map(codec.reader());
        }

        /// The document before all changes.
        public T base() {
            return base;
        }

        /// The members that have changed, by their names; one that was removed is none.
        public Map<String, Optional<V>> changed() {
            return Collections.unmodifiableMap(changed);
        }

        /// Puts a member in the place of the one of that name, or behind the last; none removes
        /// that one. What is there already is not written again.
        public void put(String name, Optional<V> member) {
            if (!get(name).equals(member)) {
                changed.put(name, member);
            }
        }

        /// All of the document as it is now.
        ///
        /// What has changed is read as any document is, so nothing is served or written that could
        /// not be read.
        public T document() {
            Set<String> removed = new HashSet<>();
            var texts = new ArrayList<String>();
            changed.forEach((name, member) ->
                    member.ifPresentOrElse(
                            there ->
                                    texts.add(
                                            JsonNode.quoted(name)
                                                    + ": "
                                                    + codec.writer().apply(there)),
                            () -> removed.add(name)));
            String text = "{\n  " + String.join(",\n  ", texts) + "\n}\n";
            return base.with(document.reader().apply(text.getBytes(UTF_8)), removed);
        }
    }

    /// A change that waits to be written, and then its outcome.
    private final class Pending<R> {
        private final Function<Draft, R> change;
        private final CompletableFuture<Kept<R>> outcome = new CompletableFuture<>();
        private @Nullable R result;
        private @Nullable RuntimeException refusal;

        Pending(Function<Draft, R> change) {
            this.change = change;
        }

        void apply(Draft draft) {
            result = null;
            refusal = null;
            try {
                result = change.apply(draft);
            } catch (RuntimeException e) {
                refusal = e;
            }
        }

        void written(Revision revision) {
            if (refusal != null || result == null) {
                failed(new IllegalStateException("a change without a result"));
            } else {
                outcome.complete(new Kept<>(result, revision));
            }
        }

        void failed(Throwable failure) {
            outcome.completeExceptionally(refusal == null ? failure : refusal);
        }
    }

    /// Makes the document's file this process's own, until this is closed.
    ///
    /// @throws NotWritable if the file can't be written, or another process does so
    public DocumentWriter(LiveDocument<T> document, Codec<V> codec) {
        this.document = document;
        this.codec = codec;
        this.recent = new RecentVersions<>(codec, Runtime.getRuntime().maxMemory() / VERSIONS);
        this.file = new WritableFile(document.path());
        recent.add(document.snapshot().revision());
        document.whenEdited(this::merge);
    }

    /// A person who saves what was read some time ago takes back what was written meanwhile,
    /// without a wish to. So it is written again, merged with what the person has changed.
    private void merge() {
        isOwn = false;
        corrections =
                recent.corrections(
                        document.snapshot().revision(),
                        new Draft(document.snapshot().document())::get);
        if (!corrections.isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "writes {0} members again, which were changed while a person edited the document",
                    corrections.size());
            document.execute(this::writeAll);
        }
    }

    /// Makes a change, and waits until it is on the disk.
    ///
    /// @param change gives a result, or throws, and then changes nothing; it is made again where
    ///   the document has changed meanwhile, in a thread that others wait for
    /// @throws Problem 503 if the document can't be written now, 507 if the disk is full
    public <R> Kept<R> change(Function<Draft, R> change) {
        var pending = new Pending<>(change);
        waiting.add(pending);
        try {
            document.execute(this::writeAll);
        } catch (RejectedExecutionException e) {
            if (waiting.remove(pending)) { // or another has taken it
                throw unavailable("The service ends: ask again.", e);
            }
        }
        try {
            return pending.outcome.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException refusal ? refusal : e;
        }
    }

    private void writeAll() {
        var group = new ArrayList<Pending<?>>();
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            group.add(next);
        }
        if (group.isEmpty() && corrections.isEmpty()) {
            return; // another has taken what was waiting
        }
        try {
            Revision revision = write(group);
            group.forEach(pending -> pending.written(revision));
        } catch (RuntimeException | Error e) {
            metrics.failed(accepted(group));
            group.forEach(pending -> pending.failed(e));
        }
    }

    private int accepted(List<Pending<?>> group) {
        return (int) group.stream().filter(pending -> pending.refusal == null).count();
    }

    /// @return the revision of the document that has the changes
    private Revision write(List<Pending<?>> group) {
        for (int i = 0; i < MOST_TRIES; i++) {
            var draft = new Draft(document.snapshot().document());
            draft.changed.putAll(corrections);
            group.forEach(pending -> pending.apply(draft));
            if (draft.changed.isEmpty()) {
                return document.snapshot().revision();
            }
            long begin = System.nanoTime();
            T next = draft.document();
            byte[] text = next.members().text();
            if (replace(text)) {
                var revision = Revision.of(text);
                if (!corrections.isEmpty()) { // the document may have made others of them
                    draft.changed.replaceAll((name, _) -> draft.read(name, next));
                }
                recent.add(draft::before, draft.changed);
                corrections = Map.of();
                recent.add(revision);
                document.serve(next, revision);
                isOwn = true;
                metrics.wrote(accepted(group), text.length, System.nanoTime() - begin);
                return revision;
            }
            document.poll();
            if (document.hasFault()) {
                throw unavailable(
                        "The document has a fault, which somebody must mend first: the log says where.",
                        null);
            }
        }
        throw unavailable("The document changes all the time: try again in a moment.", null);
    }

    private boolean replace(byte[] text) {
        if (text.length > DataFile.largest()) {
            throw full(null);
        }
        try {
            return file.replace(text, document::isCurrent);
        } catch (IOException e) {
            throw IS_FULL.matcher(e.toString()).find() || !file.hasRoomFor(text.length)
                    ? full(e)
                    : unavailable(
                            "The document can't be written now: try again, and report the id if it stays.",
                            e);
        }
    }

    private static Problem full(@Nullable IOException cause) {
        return new Problem(
                Status.INSUFFICIENT_STORAGE_507,
                "There is no room for more: remove something, or give the service more.",
                cause);
    }

    private static Problem unavailable(String detail, @Nullable Exception cause) {
        return new Problem(Status.SERVICE_UNAVAILABLE_503, detail, cause);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
