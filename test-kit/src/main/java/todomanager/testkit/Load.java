package todomanager.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Requests of keep-alive clients to a port of this machine, each sent once, come what may.
public final class Load implements AutoCloseable {
    private static final int EXAMPLES = 5;

    private final Plan plan;
    private final List<Thread> clients;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final Queue<Latency> latencies = new ConcurrentLinkedQueue<>();
    private final Queue<String> examples = new ConcurrentLinkedQueue<>();
    private final AtomicLong ended = new AtomicLong();
    private final long start = System.nanoTime();
    private volatile long end; // nanoseconds from the start, like each time here

    private record Latency(int status, Duration time) {}

    /// What to send and for how long, whichever of `requests` and `atMost` is reached first.
    ///
    /// Request k of the whole load, counted from 0, asks for `path` of k. With a `perSecond` other
    /// than 0 it is due k / `perSecond` seconds after the start, however late the answers are, and
    /// its latency counts from then. `check` refuses an answer by an AssertionError.
    public record Plan(
            int port,
            int clients,
            int requests,
            Duration atMost,
            IntFunction<String> path,
            int perSecond,
            Duration timeout,
            Consumer<Answer> check) {
        private static final int MOST_REQUESTS = 10_000_000; // each leaves its latency in memory

        public Plan {
            if (clients < 1 || requests < 1 || requests > MOST_REQUESTS || perSecond < 0) {
                throw new IllegalArgumentException(
                        clients + " clients, " + requests + " requests, " + perSecond + "/s");
            }
        }

        public Plan(
                int port, int clients, int requests, Duration atMost, IntFunction<String> path) {
            this(port, clients, requests, atMost, path, 0, Duration.ofSeconds(5), answer -> {});
        }

        public Plan withRequests(int requests) {
            return new Plan(port, clients, requests, atMost, path, perSecond, timeout, check);
        }

        public Plan withRate(int perSecond) {
            return new Plan(port, clients, requests, atMost, path, perSecond, timeout, check);
        }

        /// For a connection, and then for each whole answer.
        public Plan withTimeout(Duration timeout) {
            return new Plan(port, clients, requests, atMost, path, perSecond, timeout, check);
        }

        public Plan withCheck(Consumer<Answer> check) {
            return new Plan(port, clients, requests, atMost, path, perSecond, timeout, check);
        }

        private long due(int number) {
            return perSecond == 0 ? 0 : number * 1_000_000_000L / perSecond;
        }

        private int dueBefore(long time) {
            return (int) Math.min(requests, Math.ceilDiv(time * perSecond, 1_000_000_000L));
        }
    }

    private Load(Plan plan) {
        this.plan = plan;
        end = plan.atMost().toNanos();
        clients =
                Stream.generate(() -> Thread.ofVirtual().unstarted(this::send))
                        .limit(plan.clients())
                        .toList();
    }

    /// Starts it in the background.
    public static Load start(Plan plan) {
        var load = new Load(plan);
        load.clients.forEach(Thread::start);
        return load;
    }

    /// Waits until all is sent and answered.
    public LoadResult join() {
        Duration patience = plan.atMost().plus(plan.timeout().multipliedBy(3));
        try {
            for (Thread client : clients) {
                if (!client.join(patience)) {
                    throw new AssertionError("a client does not end");
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return new LoadResult(
                latencies.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Latency::status,
                                        TreeMap::new,
                                        Collectors.mapping(Latency::time, Collectors.toList()))),
                sent.get(),
                failed.get(),
                List.copyOf(examples),
                Math.max(0, plan.dueBefore(end) - sent.get()),
                Duration.ofNanos(ended.get()));
    }

    public int sent() {
        return sent.get();
    }

    public boolean isRunning() {
        return clients.stream().anyMatch(Thread::isAlive);
    }

    /// Whether it has come to its end in this time, which it waits for.
    public boolean endsWithin(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        for (Thread client : clients) {
            if (!client.join(Duration.ofNanos(until - System.nanoTime()))) {
                return false;
            }
        }
        return true;
    }

    /// Sends no more, and waits for what is on its way.
    public LoadResult stop() {
        end = Math.min(end, elapsed());
        clients.forEach(LockSupport::unpark);
        return join();
    }

    @Override
    public void close() {
        stop();
    }

    private long elapsed() {
        return System.nanoTime() - start;
    }

    private void send() {
        Connection connection = null;
        for (int number = next.getAndIncrement();
                number < plan.requests() && isToBeSent(number);
                number = next.getAndIncrement()) {
            connection = send(number, connection);
        }
        if (connection != null) {
            connection.close();
        }
        ended.accumulateAndGet(elapsed(), Math::max);
    }

    private boolean isToBeSent(int number) {
        long due = plan.due(number);
        if (elapsed() >= end) {
            return false;
        }
        for (long early = due - elapsed(); early > 0 && due < end; early = due - elapsed()) {
            LockSupport.parkNanos(early); // keeps the pace asked for, until stop() ends it
        }
        return due < end;
    }

    /// Gives the connection for the next request, or null where that needs a new one.
    private @Nullable Connection send(int number, @Nullable Connection kept) {
        long from = plan.perSecond() == 0 ? elapsed() : plan.due(number);
        Connection connection = kept;
        sent.incrementAndGet();
        try {
            if (connection == null) {
                connection = new Connection(plan.port(), plan.timeout());
            }
            Answer answer = connection.get(plan.path().apply(number));
            latencies.add(new Latency(answer.status(), Duration.ofNanos(elapsed() - from)));
            plan.check().accept(answer);
            if (!answer.isLast()) {
                return connection;
            }
        } catch (Exception | AssertionError e) {
            if (failed.getAndIncrement() < EXAMPLES) {
                examples.add("request " + number + " at " + elapsed() / 1_000_000 + " ms: " + e);
            }
        }
        if (connection != null) {
            connection.close();
        }
        return null;
    }

    private static final class Connection {
        private final Socket socket = new Socket();
        private final Duration timeout;
        private final InputStream in;
        private long deadline;

        Connection(int port, Duration timeout) throws IOException {
            this.timeout = timeout;
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            socket.connect(address, (int) timeout.toMillis());
            in = new BufferedInputStream(new UntilDeadline(socket.getInputStream()));
        }

        /// A time-out for the whole answer, where the socket's own is for each read.
        private final class UntilDeadline extends FilterInputStream {
            UntilDeadline(InputStream in) {
                super(in);
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new SocketTimeoutException("no whole answer in " + timeout);
                }
                socket.setSoTimeout((int) left);
                return super.read(bytes, offset, length);
            }
        }

        Answer get(String path) throws IOException {
            if (in.available() > 0) {
                throw new ProtocolException("the server speaks unasked");
            }
            deadline = System.nanoTime() + timeout.toNanos();
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return Answer.read(in);
        }

        void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // nothing is sent on it any more
            }
        }
    }
}
