package todomanager.user.todo;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
import org.apache.hc.core5.http.MessageHeaders;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import todomanager.http.Admission.Room;
import todomanager.http.Revision;

/// Calls one server, in connections that are kept for the next call. Every call ends in time.
///
/// The deadline is for the whole of a call: when it has passed, the connection is closed under the
/// call. A read time-out would start anew with each byte, and costs more on a virtual thread.
final class HttpClient implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final int LARGEST_USUAL = 256 << 10; // bytes of an answer
    private static final int LARGEST = 4 << 20; // bytes of one that says so, where there is room
    private static final int TIMES_IN_MEMORY = 4; // the bytes, their text and what it says
    private static final Set<String> READS = Set.of("GET", "OPTIONS");
    private static final Set<String> IDEMPOTENT = Set.of("PUT", "DELETE");
    private static final HttpRequestExecutor EXECUTOR = new HttpRequestExecutor();

    private final String authority;
    private final ConnectionPool pool;
    private final Connector connector;
    private final RetryBudget budget = new RetryBudget();
    private final LongAdder retries = new LongAdder();
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("call-deadlines").factory());

    /// @param server `http://HOST[:PORT]`
    /// @param nanoTime tells how long a connection has been idle
    HttpClient(URI server, LongSupplier nanoTime) {
        authority = server.getRawAuthority();
        pool = new ConnectionPool(nanoTime);
        connector = new Connector(server, pool);
        timer.setRemoveOnCancelPolicy(true);
        wakeOften();
    }

    /// The timer thread sleeps until the earliest deadline. If that were a call's, each call that
    /// finds no other would have to wake the thread: so something is due before nearly all calls.
    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the timer
    private void wakeOften() {
        long half = DEADLINE.toMillis() / 2;
        timer.scheduleWithFixedDelay(pool::closeLongIdle, half, half, TimeUnit.MILLISECONDS);
    }

    /// Makes no further call.
    @Override
    public void close() {
        timer.shutdown();
        pool.close();
    }

    long retries() {
        return retries.sum();
    }

    int idle() {
        return pool.size();
    }

    int connecting() {
        return connector.connecting();
    }

    /// A question, or an order.
    ///
    /// @param path with its query
    /// @param traceparent the trace that the call belongs to
    /// @param headers further ones
    /// @param body empty for none
    /// @param room for an answer of over 256 KiB; null where there may be none
    @SuppressWarnings("ArrayRecordComponent") // sent once, compared never
    record Request(
            String method,
            String path,
            String traceparent,
            Header[] headers,
            byte[] body,
            @Nullable Room room) {

        boolean isRead() {
            return READS.contains(method);
        }

        /// Whether to do it twice does no more than to do it once (RFC 9110, section 9.2.2).
        private boolean isRepeatable() {
            return isRead() || IDEMPOTENT.contains(method);
        }
    }

    /// A whole answer.
    ///
    /// @param mediaType without parameters; empty where there is none
    /// @param isLast whether the server closes the connection
    /// @param isSecond whether the server may have done already what it was asked, since the
    ///   connection of a first try broke
    @SuppressWarnings("ArrayRecordComponent") // read once, compared never
    record Answer(
            int status,
            String mediaType,
            MessageHeaders headers,
            byte[] body,
            boolean isLast,
            boolean isSecond) {

        /// Of the document that it was made of, as the server says; empty where it does not.
        String revision() {
            return header(Revision.HEADER.defaultCase());
        }

        /// As the server says; empty likewise.
        String entityTag() {
            return header(HttpHeaders.ETAG);
        }

        /// The first one of that name; empty likewise.
        String header(String name) {
            Header header = headers.getFirstHeader(name);
            return header == null ? "" : header.getValue();
        }

        private Answer ofSecondTry() {
            return new Answer(status, mediaType, headers, body, isLast, true);
        }

        @Override
        public String toString() {
            return "status %d of type '%s' and revision '%s'"
                    .formatted(status, mediaType, revision());
        }
    }

    /// An answer of more than it may have.
    @SuppressWarnings("serial") // it never leaves the process
    static final class TooLarge extends HttpException {
        private final int most;

        private TooLarge(int most) {
            super("an answer of over " + most + " bytes");
            this.most = most;
        }

        /// In bytes.
        int most() {
            return most;
        }
    }

    /// An answer that would be one too many large ones at once.
    @SuppressWarnings("serial") // it never leaves the process
    static final class NoRoom extends HttpException {
        private NoRoom() {
            super("no room for one more large answer");
        }
    }

    /// Makes a call. If a kept connection breaks, the server may have closed it before it was
    /// asked, so a new one is tried, once. POST and PATCH are tried once alone, since a second one
    /// may do what the first one did: they ask a kept connection first whether it is closed.
    ///
    /// @throws ConnectException if there is no connection within 0.8 s; of a write nothing was sent
    /// @throws TimeoutException if there is no whole answer within a second
    /// @throws IOException if the connection breaks
    /// @throws HttpException if the answer is not HTTP; [TooLarge] if it has too many bytes, and
    ///   [NoRoom] if it has too many for now
    Answer call(Request request) throws IOException, HttpException, TimeoutException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        budget.earn();
        PooledConnection kept = pool.take(!request.isRepeatable());
        if (kept == null) {
            return exchange(request, connect(request, deadline), deadline);
        }
        try {
            return exchange(request, kept, deadline);
        } catch (IOException e) {
            if (!request.isRepeatable() || !budget.spend()) {
                throw e;
            }
            retries.increment(); // the new connection will tell whether it is more than that
            return exchange(request, connectAgain(request, e, deadline), deadline).ofSecondTry();
        }
    }

    private PooledConnection connect(Request request, long deadline)
            throws ConnectException, TimeoutException {
        try {
            return connector.connect(deadline);
        } catch (ConnectException e) {
            if (request.isRead()) {
                requireInTime(deadline);
            }
            throw e;
        }
    }

    /// @param broken how the first try failed, which says more of a write: that may be done
    private PooledConnection connectAgain(Request request, IOException broken, long deadline)
            throws IOException, TimeoutException {
        try {
            return connect(request, deadline);
        } catch (ConnectException e) {
            throw request.isRead() ? e : broken;
        }
    }

    private Answer exchange(Request request, PooledConnection connection, long deadline)
            throws IOException, HttpException, TimeoutException {
        long asked = pool.now();
        ScheduledFuture<?> overdue =
                timer.schedule(
                        () -> connection.close(CloseMode.IMMEDIATE),
                        deadline - System.nanoTime(),
                        TimeUnit.NANOSECONDS);
        try {
            Answer answer = ask(request, connection);
            overdue.cancel(false); // before others may have the connection
            requireInTime(deadline);
            if (answer.isLast() || connection.hasSaidMore()) {
                connection.close(CloseMode.IMMEDIATE);
            } else {
                pool.keep(connection);
            }
            return answer;
        } catch (HttpException e) { // an answer, so the other connections are as good as before
            overdue.cancel(false);
            connection.close(CloseMode.IMMEDIATE);
            requireInTime(deadline);
            throw e;
        } catch (IOException | TimeoutException e) {
            overdue.cancel(false);
            pool.giveUp(connection, asked);
            requireInTime(deadline);
            throw e;
        }
    }

    private Answer ask(Request request, PooledConnection connection)
            throws IOException, HttpException {
        var message = new BasicClassicHttpRequest(request.method(), request.path());
        message.setHeader(HttpHeaders.HOST, authority);
        message.setHeader(HttpHeaders.ACCEPT, "application/json");
        message.setHeader("traceparent", request.traceparent());
        for (Header header : request.headers()) {
            message.setHeader(header);
        }
        if (request.body().length > 0) {
            message.setHeader(HttpHeaders.CONTENT_LENGTH, request.body().length);
            message.setEntity(new ByteArrayEntity(request.body(), null));
        }
        var context = HttpCoreContext.create();
        try {
            ClassicHttpResponse response = EXECUTOR.execute(message, connection, context);
            byte[] body = body(response.getEntity(), request.room());
            connector.hasAnswered();
            boolean isLast = !EXECUTOR.keepAlive(message, response, connection, context);
            return answer(response, body, isLast);
        } catch (TruncatedChunkException e) {
            throw e;
        } catch (MessageConstraintException | MalformedChunkCodingException e) {
            throw new ProtocolException(e.getMessage(), e); // which they are not in httpcore
        }
    }

    private void requireInTime(long deadline) throws TimeoutException {
        if (System.nanoTime() - deadline >= 0) {
            throw new TimeoutException(authority + ": no answer within " + DEADLINE);
        }
    }

    private static Answer answer(ClassicHttpResponse response, byte[] body, boolean isLast) {
        HttpEntity entity = response.getEntity();
        var type = entity == null ? null : ContentType.parseLenient(entity.getContentType());
        return new Answer(
                response.getCode(),
                type == null ? "" : type.getMimeType(),
                response,
                body,
                isLast,
                false);
    }

    private static byte[] body(@Nullable HttpEntity entity, @Nullable Room room)
            throws IOException, HttpException {
        if (entity == null) {
            return new byte[0];
        }
        long length = entity.getContentLength();
        int largest = room == null || length < 0 ? LARGEST_USUAL : LARGEST;
        if (length <= largest) {
            if (room != null && length > LARGEST_USUAL && !room.take(TIMES_IN_MEMORY * length)) {
                throw new NoRoom();
            }
            int most = length < 0 ? largest + 1 : (int) length;
            byte[] body = entity.getContent().readNBytes(most);
            if (body.length <= largest) {
                return body;
            }
        }
        throw new TooLarge(largest);
    }
}
