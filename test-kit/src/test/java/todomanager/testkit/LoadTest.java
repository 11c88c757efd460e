package todomanager.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.Load.Plan;

@Timeout(30)
class LoadTest {
    private static final String EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private StubTodoService service;

    @BeforeEach
    void start() {
        service = new StubTodoService();
        service.answers(EMPTY);
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
    }

    @Test
    void countsAnswersByStatusOverOneConnectionForEachClient() {
        List<String> answers =
                List.of(
                        EMPTY,
                        "HTTP/1.1 204 No Content\r\n\r\n",
                        "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
                        "HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\nnope");
        service.behaves(connection -> StubTodoService.write(connection, answers.get(asked() % 4)));
        LoadResult result = run(plan(1, 40));

        assertThat(result.counts()).isEqualTo(Map.of(200, 10, 204, 10, 304, 10, 404, 10));
        assertThat(result.failed()).isZero();
        assertThat(service.connectionsInAll()).isEqualTo(1);
        assertThat(result.percentiles(404).max()).isLessThanOrEqualTo(result.percentiles().max());
    }

    @Test
    void sendsEachRequestOfAllClientsOnce() {
        LoadResult result = run(plan(4, 1_000));

        assertThat(result.sent()).isEqualTo(1_000);
        assertThat(result.answers()).isEqualTo(1_000);
        assertThat(service.connectionsInAll()).isBetween(1, 4);
        assertThat(service.requestLines())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 1_000)
                                .mapToObj(number -> "GET /" + number + " HTTP/1.1")
                                .toList());
        assertThat(result.toString())
                .matches(
                        "1000 answers in \\d+\\.\\d s \\(\\d+/s\\): 200 ×1000, 0 failed;"
                                + " p50 \\d+\\.\\d ms, p99 \\d+\\.\\d ms, max \\d+\\.\\d ms");
    }

    @Test
    void countsAHangUpAsAFailureAndDoesNotRetry() {
        service.behaves(connection -> {
            if (asked() == 3) {
                StubTodoService.hangUp(connection);
            } else {
                StubTodoService.write(connection, EMPTY);
            }
        });
        LoadResult result = run(plan(1, 10));

        assertThat(result.failed()).isEqualTo(1);
        assertThat(result.counts()).isEqualTo(Map.of(200, 9));
        assertThat(service.requestLines()).hasSize(10).doesNotHaveDuplicates();
        assertThat(service.connectionsInAll()).isEqualTo(2);
        assertThat(result.examples())
                .singleElement()
                .asString()
                .matches("request 2 at \\d+ ms: .*Exception: .*");
    }

    @Test
    void opensANewConnectionAfterConnectionClose() {
        service.answers("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        LoadResult result = run(plan(1, 5));

        assertThat(result.failed()).isZero();
        assertThat(service.connectionsInAll()).isEqualTo(5);
    }

    @Test
    void countsARefusedConnectionAsAFailure() throws IOException {
        service.close();
        LoadResult result = run(plan(1, 7));

        assertThat(result.failed()).isEqualTo(7);
        assertThat(result.examples()).hasSize(5).allMatch(text -> text.contains("refused"));
        assertThatExceptionOfType(AssertionError.class).isThrownBy(result::percentiles);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx",
            })
    void countsAMalformedAnswerAsAFailure(String answer) {
        service.behaves(connection -> {
            StubTodoService.write(connection, answer);
            connection.shutdownOutput();
        });
        LoadResult result = run(plan(1, 2));

        assertThat(result.failed()).isEqualTo(2);
        assertThat(result.answers()).isZero();
        assertThat(service.connectionsInAll()).isEqualTo(2);
    }

    @Test
    void takesNothingSaidUnaskedForTheNextAnswer() {
        service.answers(EMPTY + EMPTY);
        LoadResult result = run(plan(1, 4));

        assertThat(result.counts()).isEqualTo(Map.of(200, 2));
        assertThat(result.failed()).isEqualTo(2);
        assertThat(result.examples()).hasSize(2).allMatch(text -> text.contains("unasked"));
    }

    @Test
    void countsAnAnswerThatDoesNotEndAsAFailure() {
        service.behaves(connection -> {
            StubTodoService.write(connection, "HTTP/1.1 200 OK\r\n");
            StubTodoService.hang(connection);
        });
        LoadResult result = run(plan(1, 1).withTimeout(Duration.ofMillis(50)));

        assertThat(result.failed()).isEqualTo(1);
        assertThat(result.time()).isBetween(Duration.ofMillis(40), Duration.ofSeconds(2));
    }

    @Test
    void countsAnAnswerThatTheCheckRefusesAsAFailure() {
        service.answers("200 OK", "text/plain", "torn");
        LoadResult result =
                run(
                        plan(2, 10)
                                .withCheck(answer -> {
                                    assertThat(answer.headers())
                                            .containsEntry("content-type", "text/plain");
                                    assertThat(answer.body()).isEqualTo("whole");
                                }));

        assertThat(result.counts()).isEqualTo(Map.of(200, 10));
        assertThat(result.failed()).isEqualTo(10);
        assertThat(result.examples()).hasSize(5).allMatch(text -> text.contains("whole"));
    }

    @Test
    void keepsThePaceItIsGiven() {
        LoadResult result = run(plan(2, 21).withRate(100));

        assertThat(result.answers()).isEqualTo(21);
        assertThat(result.unsent()).isZero();
        assertThat(result.time()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void countsAStallInTheLatencyOfAllThatWereDueInIt() {
        service.behaves(connection -> answerFirstAfter(Duration.ofMillis(200), connection));
        LoadResult result = run(plan(1, 10).withRate(1_000));

        assertThat(result.answers()).isEqualTo(10);
        assertThat(result.percentiles().p50()).isGreaterThan(Duration.ofMillis(190));
    }

    @Test
    void tellsHowManyWereDueBeforeItsEndButUnsent() {
        service.behaves(connection -> answerFirstAfter(Duration.ofMillis(700), connection));
        var plan = new Plan(port(), 1, 1_000, Duration.ofMillis(500), number -> "/").withRate(20);
        LoadResult result = run(plan);

        assertThat(result.sent()).isEqualTo(1);
        assertThat(result.unsent()).isEqualTo(9);
        assertThat(result.toString()).contains(" 0 failed, 9 unsent; ");
    }

    @Test
    void endsWhenItIsTold() throws InterruptedException {
        var asked = new CountDownLatch(3);
        service.behaves(connection -> {
            asked.countDown();
            StubTodoService.write(connection, EMPTY);
        });
        var plan = new Plan(port(), 2, 1_000_000, Duration.ofHours(1), number -> "/");
        try (var load = Load.start(plan)) {
            asked.await();
            LoadResult result = load.stop();

            assertThat(result.answers()).isBetween(3, 999_999).isEqualTo(result.sent());
            assertThat(result.failed()).isZero();
        }
    }

    @Test
    void endsWhenItIsToldBetweenTwoRequests() throws InterruptedException {
        var asked = new CountDownLatch(1);
        service.behaves(connection -> {
            StubTodoService.write(connection, EMPTY);
            asked.countDown();
        });
        var plan = new Plan(port(), 2, 10, Duration.ofHours(10), number -> "/" + number);
        try (var load = Load.start(plan.withRate(1))) {
            asked.await();

            assertThat(load.stop().sent()).isBetween(1, 9);
        }
    }

    private void answerFirstAfter(Duration stall, Socket connection) throws IOException {
        long start = System.nanoTime();
        while (asked() == 1 && System.nanoTime() - start < stall.toNanos()) {
            Thread.onSpinWait();
        }
        StubTodoService.write(connection, EMPTY);
    }

    /// How many requests the service has had, that which it is to answer included.
    private int asked() {
        return service.requestLines().size();
    }

    private int port() {
        return service.uri().getPort();
    }

    private Plan plan(int clients, int requests) {
        return new Plan(port(), clients, requests, Duration.ofSeconds(20), number -> "/" + number);
    }

    private static LoadResult run(Plan plan) {
        try (var load = Load.start(plan)) {
            return load.join();
        }
    }
}
