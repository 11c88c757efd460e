package todomanager.user.todo;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.Security;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import todomanager.http.Revision;

/// Connections to one server, kept for the next call, on which every call ends in time.
///
/// The deadline is for the whole of a call: when it has passed, the connection is closed under it.
/// A read time-out would start anew with each byte, and costs more on a virtual thread.
final class HttpConnections {
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final Duration CONNECT_DEADLINE = Duration.ofMillis(500);

    /// For one address. A cluster's takes a millisecond, and Linux gives a lost packet a second;
    /// one of a Service without endpoints may say nothing, since its refusals are limited in rate.
    private static final Duration HANDSHAKE_DEADLINE = Duration.ofMillis(75);

    /// The same for the only address of a server that has answered just now, such as a Service's:
    /// then it may be the processor that is busy. Two tries are all that [#CONNECT_DEADLINE] has
    /// room for.
    private static final Duration PATIENT_HANDSHAKE_DEADLINE = Duration.ofMillis(250);

    private static final int LARGEST_ANSWER = 256 << 10; // bytes
    private static final int MOST_IDLE = 128;
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(30);
    private static final int MOST_CONNECTING = 128;
    private static final int MOST_INTERIM_ANSWERS = 10;
    private static final Duration TRUSTED = Duration.ofSeconds(1);

    private static final HttpRequestExecutor EXECUTOR = new HttpRequestExecutor();
    private static final Http1Config LIMITS =
            Http1Config.custom()
                    .setBufferSize(4_096) // bytes, three times for a connection
                    .setMaxLineLength(8_192)
                    .setMaxHeaderCount(100)
                    .build();

    static {
        // seconds; Java's own 30 and 10 would hold on to an address, or to there being none
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private final String authority;
    private final String host;
    private final int port;
    private final LongSupplier nanoTime;
    private volatile long answered = System.nanoTime() - TRUSTED.toNanos();
    private final RetryBudget budget = new RetryBudget();
    private final LongAdder retries = new LongAdder();
    private final Semaphore connecting = new Semaphore(MOST_CONNECTING);
    private final LinkedBlockingDeque<Connection> idle = new LinkedBlockingDeque<>(MOST_IDLE);
    private final ScheduledThreadPoolExecutor deadlines =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("call-deadlines").factory());

    /// @param server `http://HOST[:PORT]`
    /// @param nanoTime tells how long a connection has been idle
    HttpConnections(URI server, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        authority = server.getRawAuthority();
        host = server.getHost();
        port = server.getPort() < 0 ? 80 : server.getPort();
        deadlines.setRemoveOnCancelPolicy(true);
        wakeOften();
    }

    /// The timer's thread waits for what is due first. Were that a call's, each call that finds no
    /// other would have to wake it: so something is due before nearly all of them.
    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the process
    private void wakeOften() {
        long half = DEADLINE.toMillis() / 2;
        deadlines.scheduleWithFixedDelay(this::closeIdle, half, half, TimeUnit.MILLISECONDS);
    }

    /// Those that were last in use when there were more calls, before the server does: it can't
    /// make us free what a connection has here.
    private void closeIdle() {
        Connection last = idle.peekLast();
        while (last != null && nanoTime.getAsLong() - last.idleSince > LONGEST_IDLE.toNanos()) {
            if (idle.remove(last)) {
                last.close(CloseMode.IMMEDIATE);
            }
            last = idle.peekLast();
        }
    }

    long retries() {
        return retries.sum();
    }

    int idle() {
        return idle.size();
    }

    int connecting() {
        return MOST_CONNECTING - connecting.availablePermits();
    }

    /// A whole answer.
    ///
    /// @param mediaType without parameters, empty where there is none
    /// @param revision of the document that it was made of, as the server says; empty likewise
    @SuppressWarnings("ArrayRecordComponent") // read once, compared never
    record Answer(int status, String mediaType, String revision, byte[] body) {
        @Override
        public String toString() {
            return "status %d of type '%s' and revision '%s'"
                    .formatted(status, mediaType, revision);
        }
    }

    /// An answer of more than 256 KiB.
    @SuppressWarnings("serial") // it never leaves the process
    static final class TooLarge extends HttpException {
        private TooLarge() {
            super("an answer of over " + LARGEST_ANSWER + " bytes");
        }
    }

    /// A connection that can tell whether its server has said more than it was asked: whoever got
    /// the connection next would take that for the answer.
    private static final class Connection extends DefaultBHttpClientConnection {
        private final Socket socket;
        private @Nullable SessionInputBuffer input;
        private int interimAnswers;
        private long idleSince; // nanoseconds

        Connection(Socket socket) throws IOException {
            super(LIMITS);
            this.socket = socket;
            bind(socket);
        }

        @Override
        protected InputStream createContentInputStream(
                long length, SessionInputBuffer buffer, InputStream stream) {
            input = buffer;
            return super.createContentInputStream(length, buffer, stream);
        }

        /// An endless row of interim answers (RFC 9110, section 15.2) would keep a processor busy.
        @Override
        public ClassicHttpResponse receiveResponseHeader() throws HttpException, IOException {
            try {
                var response = super.receiveResponseHeader();
                interimAnswers = response.getCode() < 200 ? interimAnswers + 1 : 0;
                if (interimAnswers <= MOST_INTERIM_ANSWERS) {
                    return response;
                }
            } catch (IllegalArgumentException e) {
                throw new ProtocolException("no such status", e);
            }
            throw new ProtocolException("over " + MOST_INTERIM_ANSWERS + " interim answers");
        }

        /// As far as is known without asking the socket, which is a system call.
        boolean hasSaidMore() {
            return input == null
                    ? getEndpointDetails().getReceivedBytesCount() > 0
                    : input.length() > 0;
        }

        boolean isQuiet() throws IOException {
            return !hasSaidMore() && socket.getInputStream().available() == 0;
        }
    }

    /// What retries may cost: one for ten calls, so that they do not add to what a server in
    /// trouble has to bear. Saved up are ten at most, for a server that restarts.
    private static final class RetryBudget {
        private static final int PRICE = 10; // calls
        private static final int MOST = 10 * PRICE;

        private final AtomicInteger calls = new AtomicInteger(PRICE - 1); // the first may have one

        void earn() {
            calls.getAndUpdate(saved -> Math.min(saved + 1, MOST));
        }

        boolean spend() {
            return calls.getAndUpdate(saved -> saved < PRICE ? saved : saved - PRICE) >= PRICE;
        }
    }

    /// Asks with GET. If a kept connection breaks, the server may have closed it before it was
    /// asked, so a new one is tried, once.
    ///
    /// @param traceparent the trace that the call belongs to
    /// @throws ConnectException if there is no connection within half a second
    /// @throws TimeoutException if there is no whole answer within a second
    /// @throws IOException if the connection breaks
    /// @throws HttpException if the answer is not HTTP; [TooLarge] if it has over 256 KiB
    Answer get(String path, String traceparent)
            throws IOException, HttpException, TimeoutException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        budget.earn();
        Connection kept = idle.pollFirst();
        if (kept != null) {
            if (isUsable(kept)) {
                try {
                    return get(path, traceparent, kept, deadline);
                } catch (IOException e) {
                    // the new connection will tell whether it is more than that
                    if (!budget.spend()) {
                        throw e;
                    }
                    retries.increment();
                }
            } else {
                giveUp(kept, nanoTime.getAsLong());
            }
        }
        return get(path, traceparent, connect(deadline), deadline);
    }

    /// To ask whether the server has hung up takes a millisecond, so it is not asked of a
    /// connection that was in use just now.
    private boolean isUsable(Connection kept) {
        try {
            boolean trusted = nanoTime.getAsLong() - kept.idleSince <= TRUSTED.toNanos();
            return (trusted || !kept.isStale()) && kept.isQuiet();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean keep(Connection connection) {
        connection.idleSince = nanoTime.getAsLong();
        return idle.offerFirst(connection);
    }

    /// Closes a connection that is of no use, and those that may be no better: they have been idle
    /// since before it was asked.
    private void giveUp(Connection broken, long asked) {
        broken.close(CloseMode.IMMEDIATE);
        for (Connection old : idle) {
            if (old.idleSince - asked <= 0 && idle.remove(old)) {
                old.close(CloseMode.IMMEDIATE);
            }
        }
    }

    private Answer get(String path, String traceparent, Connection connection, long deadline)
            throws IOException, HttpException, TimeoutException {
        long asked = nanoTime.getAsLong();
        var overdue =
                deadlines.schedule(
                        () -> connection.close(CloseMode.IMMEDIATE),
                        deadline - System.nanoTime(),
                        TimeUnit.NANOSECONDS);
        try {
            var request = new BasicClassicHttpRequest(Method.GET, path);
            request.setHeader(HttpHeaders.HOST, authority);
            request.setHeader(HttpHeaders.ACCEPT, "application/json");
            request.setHeader("traceparent", traceparent);
            var context = HttpCoreContext.create();
            ClassicHttpResponse response;
            Answer answer;
            try {
                response = EXECUTOR.execute(request, connection, context);
                answer = read(response);
            } catch (TruncatedChunkException e) {
                throw e;
            } catch (MessageConstraintException | MalformedChunkCodingException e) {
                throw new ProtocolException(e.getMessage(), e); // which they are not in httpcore
            }
            answered = System.nanoTime();
            overdue.cancel(false); // before others may have the connection
            requireInTime(deadline);
            if (!EXECUTOR.keepAlive(request, response, connection, context)
                    || connection.hasSaidMore()
                    || !keep(connection)) {
                connection.close(CloseMode.IMMEDIATE);
            }
            return answer;
        } catch (HttpException e) { // an answer, so the others are as good as before
            overdue.cancel(false);
            connection.close(CloseMode.IMMEDIATE);
            requireInTime(deadline);
            throw e;
        } catch (IOException | TimeoutException e) {
            overdue.cancel(false);
            giveUp(connection, asked);
            requireInTime(deadline);
            throw e;
        }
    }

    private void requireInTime(long deadline) throws TimeoutException {
        if (System.nanoTime() - deadline >= 0) {
            throw new TimeoutException(authority + ": no answer within " + DEADLINE);
        }
    }

    private static Answer read(ClassicHttpResponse response) throws IOException, HttpException {
        HttpEntity entity = response.getEntity();
        byte[] body = entity == null ? new byte[0] : read(entity);
        var type = entity == null ? null : ContentType.parseLenient(entity.getContentType());
        Header revision = response.getFirstHeader(Revision.HEADER.defaultCase());
        return new Answer(
                response.getCode(),
                type == null ? "" : type.getMimeType(),
                revision == null ? "" : revision.getValue(),
                body);
    }

    private static byte[] read(HttpEntity entity) throws IOException, HttpException {
        long length = entity.getContentLength();
        if (length <= LARGEST_ANSWER) {
            int most = length < 0 ? LARGEST_ANSWER + 1 : (int) length;
            byte[] body = entity.getContent().readNBytes(most);
            if (body.length <= LARGEST_ANSWER) {
                return body;
            }
        }
        throw new TooLarge();
    }

    /// Connects on a thread of its own, since nothing ends the look-up of a name; only so many, or
    /// the look-ups of a name server that does not answer would fill the memory.
    private Connection connect(long deadline) throws ConnectException, TimeoutException {
        long until = Math.min(System.nanoTime() + CONNECT_DEADLINE.toNanos(), deadline);
        var connection = new CompletableFuture<Connection>();
        if (!mayConnect(until)) {
            requireInTime(deadline);
            throw new ConnectException(authority + ": had no turn to connect");
        }
        try {
            Thread.startVirtualThread(() -> connect(connection));
        } catch (OutOfMemoryError e) {
            connecting.release();
            throw e;
        }
        long left = until - System.nanoTime();
        try {
            return connection.orTimeout(left, TimeUnit.NANOSECONDS).join();
        } catch (CompletionException e) {
            requireInTime(deadline);
            throw new ConnectException(authority + ": " + e.getCause());
        }
    }

    /// Waits for that: a call that failed at once would make room for the next one that does, and a
    /// thread of Java's scheduler that is never done with those starts no other that connects.
    private boolean mayConnect(long until) {
        try {
            return connecting.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void connect(CompletableFuture<Connection> connection) {
        try {
            Connection opened = new Connection(open());
            opened.idleSince = nanoTime.getAsLong();
            boolean isTaken = connection.complete(opened); // or has come too late for this call
            if (!isTaken && !idle.offerLast(opened)) {
                opened.close(CloseMode.IMMEDIATE);
            }
        } catch (IOException | RuntimeException e) {
            connection.completeExceptionally(e);
        } finally {
            connecting.release();
        }
    }

    /// An address may be a Service's, which stands for several servers, one of which may be about
    /// to end: so the only one of a server that has answered just now is tried again.
    private Socket open() throws IOException {
        InetAddress[] addresses = InetAddress.getAllByName(host);
        boolean again = addresses.length == 1 && System.nanoTime() - answered < TRUSTED.toNanos();
        Duration patience = again ? PATIENT_HANDSHAKE_DEADLINE : HANDSHAKE_DEADLINE;
        IOException failure = null;
        int tries = again ? 2 : addresses.length;
        for (int i = 0; i < tries; i++) {
            InetAddress address = addresses[i % addresses.length];
            var socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address, port), (int) patience.toMillis());
                return socket;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure == null ? new ConnectException("no address") : failure;
    }
}
