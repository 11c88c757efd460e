package todomanager.document;

import io.helidon.http.Header;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import todomanager.http.Page;
import todomanager.http.Representation;
import todomanager.http.Resource;
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
public final class LiveDocument<T> implements HttpFeature {
    private static final Logger LOG = System.getLogger("todomanager");

    private static final int MOST_LEFT_OUT = 64; // looks

    private final DataFile file;
    private final Function<byte[], T> reader;
    private final ReloadMetrics metrics;
    private final Duration poll;
    private @Nullable ScheduledThreadPoolExecutor poller;

    private volatile Snapshot<T> current;

    /// What the file was when last looked at: the revision of its content, or why it has none.
    private String seen;

    /// The content that there was no memory for. To read it again takes memory from requests, too,
    /// so looks at it are left out: one, and twice as many each time.
    private String scarce = "";

    private int leaveOut;
    private int left;

    private interface Answer<T> {
        Representation of(Snapshot<T> snapshot, ServerRequest request, ServerResponse response);
    }

    private record Snapshot<T>(T document, Revision revision, Header header) {
        static <T> Snapshot<T> of(byte[] bytes, Function<byte[], T> reader) {
            Revision revision = Revision.of(bytes);
            return new Snapshot<>(reader.apply(bytes), revision, revision.header());
        }
    }

    /// Reads the document.
    ///
    /// @param reader makes of the document's bytes what is served, or throws [InvalidDocument]
    /// @param poll how often to look for changes while the server runs; never where it is zero
    /// @throws InvalidDocument with what is wrong
    public LiveDocument(Path path, Function<byte[], T> reader, Duration poll) {
        this.file = new DataFile(path);
        this.reader = reader;
        this.poll = poll;
        this.metrics = new ReloadMetrics();
        this.current = Snapshot.of(file.read(), reader);
        this.seen = current.revision.value();
        metrics.succeeded(current.revision);
    }

    /// A resource made of the document: a request sees one snapshot of it from beginning to end,
    /// and its answer names that snapshot's revision.
    public Resource resource(BiFunction<T, ServerRequest, Representation> representation) {
        return resource(
                (snapshot, request, response) -> representation.apply(snapshot.document, request));
    }

    /// A resource made of a sequence in the document: all of it, or the page that `limit` and
    /// `after` ask for, with a link to the page that follows.
    public Resource pages(Function<T, JsonItems> sequence) {
        return resource((snapshot, request, response) -> {
            JsonItems all = sequence.apply(snapshot.document);
            Optional<Page> asked = Page.of(request.query(), snapshot.revision, all.size());
            asked.filter(page -> page.to() < all.size())
                    .ifPresent(page -> response.header(page.next()));
            return asked.map(all::page).orElse(all.whole());
        });
    }

    private Resource resource(Answer<T> answer) {
        return new Resource((request, response) -> {
            Snapshot<T> snapshot = current;
            response.header(snapshot.header);
            return answer.of(snapshot, request, response);
        });
    }

    @Override
    public void setup(HttpRouting.Builder routing) {}

    /// A large document is read while requests wait for the same processor, so requests go first
    /// where Java heeds priorities, as in the images.
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it
    @Override
    public void afterStart(WebServer server) {
        tell();
        if (poll.isPositive()) {
            var thread =
                    Thread.ofPlatform()
                            .daemon()
                            .name("document-poll")
                            .priority(Thread.MIN_PRIORITY)
                            .factory();
            poller = new ScheduledThreadPoolExecutor(1, thread);
            var _ =
                    poller.scheduleWithFixedDelay(
                            this::poll, poll.toNanos(), poll.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void afterStop() {
        if (poller != null) {
            poller.shutdown();
        }
    }

    /// Looks at the file, and takes up what has changed. Never throws: that would end the polling.
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
        String before = seen;
        String found = "";
        try {
            metrics.begin();
            found = file.revision().value();
            if (found.equals(seen) || (found.equals(scarce) && left-- > 0)) {
                return;
            }
            byte[] bytes = file.read();
            if (found.equals(Revision.of(bytes).value())) { // else it is being written
                seen = found; // a bug in the reader has its line once
                takeUp(bytes, found);
            }
        } catch (InvalidDocument e) {
            keepUntilItChanges(e);
        } catch (OutOfMemoryError e) {
            leaveOut = found.equals(scarce) ? Math.min(2 * leaveOut, MOST_LEFT_OUT) : 1;
            left = leaveOut;
            scarce = found;
            seen = before; // or it would not be tried again
            keepUntilItChanges(
                    InvalidDocument.because(
                            "no memory to read it in, so that is tried again; if it lasts, enlarge the heap (JDK_JAVA_OPTIONS=-Xmx1g)"));
        }
    }

    private void takeUp(byte[] bytes, String found) {
        if (!found.equals(current.revision.value())) {
            try {
                current = Snapshot.of(bytes, reader);
            } catch (InvalidDocument e) {
                keep(e.describe(file.path()), null);
                return;
            }
        }
        metrics.succeeded(current.revision);
        tell();
    }

    /// Says so once, though the file is read again at each look.
    private void keepUntilItChanges(InvalidDocument fault) {
        String why = fault.describe(file.path());
        if (!why.equals(seen)) {
            keep(why, null);
            seen = why;
        }
    }

    private void tell() {
        LOG.log(Level.INFO, "serves {0}, revision {1}", name(), current.revision.value());
    }

    private void keep(String why, @Nullable Throwable bug) {
        metrics.failed();
        String line = "keeps serving revision %s: %s".formatted(current.revision.value(), why);
        LOG.log(Level.WARNING, line.replace("\n", "; "), bug);
    }

    private String name() {
        return SafeText.oneLine(file.path().toString());
    }
}
