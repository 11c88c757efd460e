package todomanager.document;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import todomanager.http.Revision;
import todomanager.json.InvalidDocument;
import todomanager.text.SafeText;

/// The document that a service serves, read again whenever the content of its file changes.
///
/// A new document is read and checked beside the one being served, and takes its place in one step.
/// A bad one changes nothing: it is logged and counted, and the last good one stays.
///
/// The content is what counts. Time stamps lie, and a ConfigMap's file gets no events when the
/// kubelet renames the folder that it is linked through.
public final class LiveDocument<T> implements AutoCloseable {
    private static final Logger LOG = System.getLogger("todomanager");
    private static final int LONGEST_PAUSE = 64; // looks

    private final DataFile file;
    private final Function<byte[], T> reader;
    private final Duration poll;
    private final ReloadMetrics metrics = new ReloadMetrics();
    private final ScheduledThreadPoolExecutor poller =
            new ScheduledThreadPoolExecutor(1, LiveDocument::thread);

    private volatile Snapshot<T> current;
    private Runnable whenEdited = () -> {};
    private Seen seen;

    /// A document that has been read, and the revision of its content.
    public record Snapshot<T>(T document, Revision revision) {}

    /// What the last look at the file has found.
    private sealed interface Seen {
        /// Content that was taken up or refused, and need not be read again.
        record Content(Revision revision) implements Seen {}

        /// A file that can't be read, and why.
        record Fault(String why) implements Seen {}

        /// Content that there was no memory for. To read it again takes memory from requests, too,
        /// so looks at it are left out: one, and twice as many each time.
        record Scarce(Revision revision, int pause, int left) implements Seen {
            Scarce next() {
                return new Scarce(revision, pause, left - 1);
            }
        }
    }

    /// Reads the document.
    ///
    /// @param reader makes of the document's bytes what is served, or throws [InvalidDocument]
    /// @param poll how often to look for changes once it is started; never where it is zero
    /// @throws InvalidDocument with what is wrong
    public LiveDocument(Path path, Function<byte[], T> reader, Duration poll) {
        this.file = new DataFile(path);
        this.reader = reader;
        this.poll = poll;
        this.current = file.read(bytes -> new Snapshot<>(reader.apply(bytes), Revision.of(bytes)));
        this.seen = new Seen.Content(current.revision());
        metrics.succeeded(current.revision());
    }

    /// What is served now, for the whole of a request.
    public Snapshot<T> snapshot() {
        return current;
    }

    /// Begins to look for changes.
    public void start() {
        tell();
        if (poll.isPositive()) {
            var _ =
                    poller.scheduleWithFixedDelay(
                            this::poll, poll.toNanos(), poll.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /// A large document is read while requests wait for the same processor, so requests go first
    /// where Java heeds priorities, as in the images.
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it
    private static Thread thread(Runnable looks) {
        return Thread.ofPlatform()
                .daemon()
                .name("document-poll")
                .priority(Thread.MIN_PRIORITY)
                .unstarted(looks);
    }

    /// Does something between two looks at the file, in the thread that looks.
    void execute(Runnable work) {
        poller.execute(work);
    }

    /// Whether the file has what is served.
    boolean isCurrent() {
        try {
            return file.revision().equals(current.revision());
        } catch (InvalidDocument e) {
            return false;
        }
    }

    /// Whether what the last look has found is not what is served. Of the thread that looks.
    boolean hasFault() {
        return !seen.equals(new Seen.Content(current.revision()));
    }

    /// Serves what has been written into the file.
    void serve(T written, Revision revision) {
        current = new Snapshot<>(written, revision);
        seen = new Seen.Content(revision);
        metrics.serves(revision);
    }

    /// Has something done, in the thread that looks, whenever an edit was taken up.
    void whenEdited(Runnable work) {
        poller.execute(() -> whenEdited = work);
    }

    Path path() {
        return file.path();
    }

    Function<byte[], T> reader() {
        return reader;
    }

    @Override
    public void close() {
        poller.shutdown();
    }

    /// Looks at the file, and takes up a change. Never throws: that would end the polling.
    void poll() {
        try {
            look();
        } catch (OutOfMemoryError e) {
            // not even for the log; the next look may have some
        } catch (RuntimeException | Error e) {
            keep("looking at " + name() + " failed", e);
        }
    }

    private void look() {
        Seen before = seen;
        Revision found = null;
        try {
            metrics.begin();
            found = file.revision();
            if (isSeen(found)) {
                return;
            }
            byte[] bytes = file.read();
            if (Revision.of(bytes).equals(found)) { // else the file is being written
                seen = new Seen.Content(found); // a bug in the reader has its line once
                takeUp(bytes, found);
            }
        } catch (InvalidDocument e) {
            keepUntilItChanges(e);
        } catch (OutOfMemoryError e) {
            pause(before, found);
        }
    }

    private boolean isSeen(Revision found) {
        if (seen instanceof Seen.Scarce scarce
                && scarce.revision().equals(found)
                && scarce.left() > 0) {
            seen = scarce.next();
            return true;
        }
        return seen.equals(new Seen.Content(found));
    }

    private void takeUp(byte[] bytes, Revision found) {
        if (!found.equals(current.revision())) {
            try {
                current = new Snapshot<>(reader.apply(bytes), found);
                whenEdited.run();
            } catch (InvalidDocument e) {
                keep(e.in(file.path()).describe(), null);
                return;
            }
        }
        metrics.succeeded(current.revision());
        tell();
    }

    /// Says so once, though the file is read again at each look.
    private void keepUntilItChanges(InvalidDocument invalid) {
        var fault = new Seen.Fault(invalid.in(file.path()).describe());
        if (!fault.equals(seen)) {
            keep(fault.why(), null);
            seen = fault;
        }
    }

    private void pause(Seen before, @Nullable Revision found) {
        if (found == null) {
            return; // as it is the look itself that had none
        }
        boolean again = before instanceof Seen.Scarce scarce && scarce.revision().equals(found);
        if (!again) {
            keep(
                    file.path()
                            + ": no memory to read it in, so that is tried again; if it lasts, give the service more",
                    null);
        }
        int pause = again ? Math.min(2 * ((Seen.Scarce) before).pause(), LONGEST_PAUSE) : 1;
        seen = new Seen.Scarce(found, pause, pause);
    }

    private void tell() {
        LOG.log(Level.INFO, "serves {0}, revision {1}", name(), current.revision().value());
    }

    private void keep(String why, @Nullable Throwable bug) {
        metrics.failed();
        String line = "keeps serving revision %s: %s".formatted(current.revision().value(), why);
        LOG.log(Level.WARNING, line.replace("\n", "; "), bug);
    }

    private String name() {
        return SafeText.oneLine(file.path().toString());
    }
}
