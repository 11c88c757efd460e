package todomanager.user.todo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.hc.core5.http.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import todomanager.testkit.StubTodoService;
import todomanager.user.todo.HttpClient.Answer;
import todomanager.user.todo.HttpClient.Request;

/// Connections whose making takes as long as a name server does to answer.
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // some wait in loops
class HttpClientTest {
    private static final String SLOW =
            ".slow.test"; // with a name before it that Java hasn't cached

    private static volatile CountDownLatch nameServer = new CountDownLatch(0);

    private final StubTodoService server = new StubTodoService();
    private final AtomicLong nanoTime = new AtomicLong();
    private final HttpClient client =
            new HttpClient(
                    URI.create(
                            "http://%s%s:%d"
                                    .formatted(UUID.randomUUID(), SLOW, server.uri().getPort())),
                    nanoTime::get);

    /// Java's own look-up of names, but for those that are slow.
    public static final class Names extends InetAddressResolverProvider {
        @Override
        public InetAddressResolver get(Configuration configuration) {
            InetAddressResolver own = configuration.builtinResolver();
            return new InetAddressResolver() {
                @Override
                public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
                        throws UnknownHostException {
                    if (!host.endsWith(SLOW)) {
                        return own.lookupByName(host, policy);
                    }
                    try {
                        nameServer.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return Stream.of(InetAddress.ofLiteral("127.0.0.1"));
                }

                @Override
                public String lookupByAddress(byte[] address) throws UnknownHostException {
                    return own.lookupByAddress(address);
                }
            };
        }

        @Override
        public String name() {
            return "slow";
        }
    }

    @BeforeEach
    void silenceTheNameServer() {
        nameServer = new CountDownLatch(1);
        server.answers("200 OK", "application/json", "{}");
    }

    @AfterEach
    void stop() throws Exception {
        nameServer.countDown();
        server.close();
    }

    @Test
    void keepAConnectionThatComesTooLateForTheNextCall() throws Exception {
        connectTooLate();

        assertThat(get().status()).isEqualTo(200);
        assertThat(server.connectionsInAll()).isEqualTo(1);
    }

    @Test
    void doNotTakeWhatALateConnectionSaysUnaskedForAnAnswer() throws Exception {
        connectTooLate();
        server.say("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
        nanoTime.addAndGet(Duration.ofSeconds(2).toNanos());

        assertThat(get().status()).isEqualTo(200);
        assertThat(server.connectionsInAll()).isEqualTo(2);
    }

    @Test
    void letACallThatIsOneTooManyWaitForItsTurn() throws Exception {
        for (int i = 0; i < 128; i++) {
            Thread.ofVirtual().start(new FutureTask<>(this::get));
        }
        while (client.connecting() < 128) {
            Thread.onSpinWait();
        }
        var oneMore = new FutureTask<>(this::get);
        Thread waiting = Thread.ofVirtual().start(oneMore);
        while (waiting.getState() != Thread.State.TIMED_WAITING && !oneMore.isDone()) {
            Thread.onSpinWait();
        }
        nameServer.countDown();

        assertThat(oneMore.get().status()).isEqualTo(200);
    }

    @Test
    void closeAConnectionThatNobodyNeedsAnyMore() throws Exception {
        nameServer.countDown();
        get();
        assertThat(client.idle()).isEqualTo(1);
        nanoTime.addAndGet(Duration.ofSeconds(31).toNanos());

        while (client.idle() > 0) {
            Thread.onSpinWait();
        }
    }

    private void connectTooLate() {
        assertThatThrownBy(this::get)
                .isInstanceOfAny(ConnectException.class, TimeoutException.class); // a busy machine
        nameServer.countDown();
        while (client.idle() == 0 || server.connectionsInAll() == 0) {
            Thread.onSpinWait();
        }
    }

    private Answer get() throws Exception {
        return client.call(
                new Request(
                        "GET",
                        "/",
                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        new Header[0],
                        new byte[0],
                        null));
    }
}
