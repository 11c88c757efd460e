package todomanager.user.todo;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
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
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import todomanager.http.Revision;

/// Calls one server, in connections that are kept for the next call. Every call ends in time.
///
/// The deadline is for the whole of a call: when it has passed, the connection is closed under the
/// call. A read time-out would start anew with each byte, and costs more on a virtual thread.
final class HttpClient implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final int LARGEST_ANSWER = 256 << 10; // bytes
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

    /// A question.
    ///
    /// @param traceparent the trace that the call belongs to
    /// @param ifNoneMatch the entity tag of what is known already; null for none
    record Request(String path, String traceparent, @Nullable String ifNoneMatch) {}

    /// A whole answer.
    ///
    /// @param mediaType without parameters; empty where there is none
    /// @param revision of the document that it was made of, as the server says; empty likewise
    /// @param entityTag as the server says; empty likewise
    /// @param isLast whether the server closes the connection
    @SuppressWarnings("ArrayRecordComponent") // read once, compared never
    record Answer(
            int status,
            String mediaType,
            String revision,
            String entityTag,
            byte[] body,
            boolean isLast) {
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

    /// Asks with GET. If a kept connection breaks, the server may have closed it before it was
    /// asked, so a new one is tried, once.
    ///
    /// @throws ConnectException if there is no connection within 0.8 s
    /// @throws TimeoutException if there is no whole answer within a second
    /// @throws IOException if the connection breaks
    /// @throws HttpException if the answer is not HTTP; [TooLarge] if it has over 256 KiB
    Answer get(Request request) throws IOException, HttpException, TimeoutException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        budget.earn();
        PooledConnection kept = pool.take();
        if (kept != null) {
            try {
                return exchange(request, kept, deadline);
            } catch (IOException e) {
                if (!budget.spend()) {
                    throw e;
                }
                retries.increment(); // the new connection will tell whether it is more than that
            }
        }
        return exchange(request, connect(deadline), deadline);
    }

    private PooledConnection connect(long deadline) throws ConnectException, TimeoutException {
        try {
            return connector.connect(deadline);
        } catch (ConnectException e) {
            requireInTime(deadline);
            throw e;
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
        var message = new BasicClassicHttpRequest(Method.GET, request.path());
        message.setHeader(HttpHeaders.HOST, authority);
        message.setHeader(HttpHeaders.ACCEPT, "application/json");
        message.setHeader("traceparent", request.traceparent());
        if (request.ifNoneMatch() != null) {
            message.setHeader(HttpHeaders.IF_NONE_MATCH, request.ifNoneMatch());
        }
        var context = HttpCoreContext.create();
        try {
            ClassicHttpResponse response = EXECUTOR.execute(message, connection, context);
            byte[] body = body(response.getEntity());
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
                header(response, Revision.HEADER.defaultCase()),
                header(response, HttpHeaders.ETAG),
                body,
                isLast);
    }

    private static String header(ClassicHttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null ? "" : header.getValue();
    }

    private static byte[] body(@Nullable HttpEntity entity) throws IOException, HttpException {
        if (entity == null) {
            return new byte[0];
        }
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
}
