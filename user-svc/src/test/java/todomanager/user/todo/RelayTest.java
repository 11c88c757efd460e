package todomanager.user.todo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.http.Admission.Room;
import todomanager.http.Problem;
import todomanager.testkit.Faults;
import todomanager.testkit.StubTodoService;
import todomanager.testkit.StubTodoService.Behaviour;

/// Requests that go on to todo-svc: how often it sees one where a connection breaks, and what is
/// taken for an answer.
@Timeout(60)
class RelayTest {
    private static final String BASE = "http://localhost:5000/users/ana/lists";
    private static final String TAG = "\"AAAAAAAAAAA\"";
    private static final String UNKNOWN =
            "It is not known whether this was done: ask for the list, and try again if it was not.";

    private final StubTodoService todoService = new StubTodoService();
    private final TodoClient client = new TodoClient(todoService.uri(), Optional.empty());
    private final Set<Socket> asked = ConcurrentHashMap.newKeySet();

    @BeforeEach
    void answer() {
        todoService.behaves(RelayTest::answerWell);
    }

    @AfterEach
    void stop() throws IOException {
        todoService.close();
    }

    private static void answerWell(Socket connection) throws IOException {
        StubTodoService.write(connection, ok("{\"id\":\"a\"}"));
    }

    private static String ok(String body) {
        return answer(
                "200 OK\r\nContent-Type: application/json\r\nETag: "
                        + TAG
                        + "\r\n"
                        + Faults.REVISION.strip(),
                body);
    }

    private static String answer(String statusAndHeaders, String body) {
        return "HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(statusAndHeaders, body.length(), body);
    }

    private static String problem(String status, String body) {
        return answer(
                status + "\r\nContent-Type: application/problem+json\r\n" + Faults.REVISION.strip(),
                body);
    }

    private RelayedAnswer relay(String method) {
        return relay(method, Map.of());
    }

    private RelayedAnswer relay(String method, Map<String, String> headers) {
        byte[] body = new byte[method.equals("GET") ? 0 : 10];
        try (var room = new Room()) {
            return client.relay(
                    new RelayedRequest(
                            "ana",
                            method,
                            "/{list}/items/{id}",
                            "ana/a/items/b",
                            BASE,
                            headers,
                            body,
                            room));
        }
    }

    /// So that there is a connection that is kept.
    private void callOnce() {
        relay("GET");
        todoService.requests().clear();
    }

    /// Behaves well to the first request of a connection, and to the next ones like this.
    private void breaksKeptConnections(Behaviour behaviour) {
        todoService.behaves(connection -> {
            if (asked.add(connection)) {
                answerWell(connection);
            } else {
                behaviour.answer(connection);
            }
        });
    }

    private void assertFails(String method, Status status, String detail) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> relay(method))
                .withMessage(detail)
                .satisfies(problem -> assertThat(problem.status()).isEqualTo(status));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE"})
    void sendsARequestOnceWhereAKeptConnectionWasClosedBefore(String method) throws IOException {
        callOnce();
        todoService.dropConnections();

        assertThat(relay(method).representation()).hasToString("{\"id\":\"a\"}");
        assertThat(todoService.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void sendsARequestAgainThatMayBeDoneTwiceWhereAKeptConnectionBreaks(String method) {
        breaksKeptConnections(StubTodoService::hangUp);
        callOnce();

        assertThat(relay(method).representation()).hasToString("{\"id\":\"a\"}");
        assertThat(todoService.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void sendsItAgainWhereTheConnectionBreaksInTheMiddleOfTheAnswer(String method) {
        breaksKeptConnections(RelayTest::breakInTheMiddle);
        callOnce();

        assertThat(relay(method).representation()).hasToString("{\"id\":\"a\"}");
        assertThat(todoService.requests()).hasSize(2);
    }

    private static void breakInTheMiddle(Socket connection) throws IOException {
        String whole = ok("{\"id\":\"a\"}");
        StubTodoService.write(connection, whole.substring(0, whole.length() - 1));
        connection.close();
    }

    static Stream<Arguments> breaks() {
        return Stream.of("POST", "PATCH")
                .flatMap(method ->
                        Stream.of(
                                Arguments.of(method, (Behaviour) StubTodoService::hangUp),
                                Arguments.of(method, (Behaviour) StubTodoService::reset),
                                Arguments.of(method, (Behaviour) RelayTest::breakInTheMiddle)));
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void sendsNothingTwiceThatMayNotBeDoneTwice(String method, Behaviour behaviour) {
        breaksKeptConnections(behaviour);
        callOnce();

        assertFails(method, Status.GATEWAY_TIMEOUT_504, UNKNOWN);
        assertThat(todoService.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void doesNotKnowWhetherAWriteWasDoneWhenANewConnectionBreaks(String method) {
        todoService.behaves(StubTodoService::hangUp);

        assertFails(method, Status.GATEWAY_TIMEOUT_504, UNKNOWN);
        assertThat(todoService.requests()).hasSize(1);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void doesNotKnowWhetherAWriteWasDoneThatIsNotAnsweredInTime(String method) {
        todoService.behaves(StubTodoService::hang);

        assertFails(method, Status.GATEWAY_TIMEOUT_504, UNKNOWN);
        assertThat(todoService.requests()).hasSize(1);
    }

    @Test
    void saysThatAReadIsTooSlow() {
        todoService.behaves(StubTodoService::hang);

        assertFails(
                "GET",
                Status.GATEWAY_TIMEOUT_504,
                "The to-do service takes too long to answer: try again in a moment.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void knowsThatNothingWasDoneWhenNobodyListens(String method) throws IOException {
        todoService.close();

        assertFails(
                method,
                Status.SERVICE_UNAVAILABLE_503,
                "The to-do service can't be reached: try again in a moment.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE"})
    void knowsThatNothingWasDoneForAServiceThatIsNotBelieved(String method) {
        todoService.behaves(connection ->
                StubTodoService.write(connection, problem("401 Who", "{\"detail\":\"x\"}")));

        assertFails(
                method,
                Status.BAD_GATEWAY_502,
                "The to-do service does not believe this service, and did nothing: report the id.");
    }

    @ParameterizedTest
    @CsvSource({"GET, 503", "PUT, 504", "DELETE, 504"})
    void doesNotKnowWhetherAWriteWasDoneWhenNobodyListensAnyMore(String method, int status) {
        breaksKeptConnections(connection -> {
            connection.close();
        });
        callOnce();
        todoService.behaves(connection -> {
            todoService.stopListening();
            connection.close();
        });

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> relay(method))
                .satisfies(problem -> assertThat(problem.status().code()).isEqualTo(status));
        assertThat(todoService.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, 412, 504",
        "DELETE, 412, 504",
        "PUT, 503, 504",
        "DELETE, 507, 504",
        "PUT, 401, 504",
        "GET, 412, 412",
        "GET, 503, 503",
        "PUT, 422, 422",
        "PUT, 404, 404",
    })
    void doesNotTakeForTheOutcomeWhatASecondTryOfAWriteFinds(String method, int found, int status) {
        answersASecondTry(problem(found + " No", "{\"detail\": \"no\"}"));

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> relay(method))
                .satisfies(problem -> assertThat(problem.status().code()).isEqualTo(status));
        assertThat(todoService.requests()).hasSize(2);
    }

    @Test
    void takesForDeletedWhatASecondTryDoesNotFind() {
        answersASecondTry(problem("404 No", "{\"detail\": \"no\"}"));

        assertThat(relay("DELETE").representation()).hasToString("");
        assertThat(todoService.requests()).hasSize(2);
    }

    @Test
    void doesNotTakeForDeletedWhatAnotherServerDoesNotFind() {
        answersASecondTry(
                answer("404 No\r\nContent-Type: text/html\r\n" + Faults.REVISION.strip(), "no"));

        assertFails("DELETE", Status.GATEWAY_TIMEOUT_504, UNKNOWN);
    }

    private void answersASecondTry(String answer) {
        callOnce();
        todoService.behavesBy(_ ->
                todoService.requests().size() == 1
                        ? StubTodoService::hangUp
                        : connection -> StubTodoService.write(connection, answer));
    }

    static Stream<Arguments> answersOfNoUse() {
        String head =
                "200 OK\r\nContent-Type: application/json\r\nETag: "
                        + TAG
                        + "\r\n"
                        + Faults.REVISION.strip();
        String body = "{\"id\":\"a\"}";
        return Stream.of(
                Arguments.of("is no JSON", ok("{")),
                Arguments.of("is followed by more", ok("{}{}")),
                Arguments.of("has a member twice", ok("{\"a\":1,\"a\":2}")),
                Arguments.of("is not UTF-8", ok("{\"id\":\"\u00ff\"}")),
                Arguments.of("is empty", ok("")),
                Arguments.of("is nested deeply", ok("[".repeat(1_000) + "]".repeat(1_000))),
                Arguments.of("is HTML", answer(head.replace("json", "html"), body)),
                Arguments.of("has no type", answer(head.replace("Content-Type", "X"), body)),
                Arguments.of("has no tag", answer(head.replace("ETag", "X"), body)),
                Arguments.of("has a weak tag", answer(head.replace(TAG, "W/" + TAG), body)),
                Arguments.of("has a short tag", answer(head.replace(TAG, "\"A\""), body)),
                Arguments.of("has a long tag", answer(head.replace("AAA\"", "AAAAA\""), body)),
                Arguments.of("has an odd tag", answer(head.replace("AA\"", "A/\""), body)),
                Arguments.of("has bits too many", answer(head.replace("A\"", "B\""), body)),
                Arguments.of("has two tags", answer(head + "\r\nETag: \"BBBBBBBBBBA\"", body)),
                Arguments.of("has a bad revision", answer(head.replace("0123", "<!--"), body)),
                Arguments.of("has two revisions", answer(head + "\r\n" + revision(), body)),
                Arguments.of("is elsewhere", answer(head + "\r\nLocation: http://evil/", body)),
                Arguments.of("is beside", location(head, BASE + "2/a")),
                Arguments.of("is at another port", location(head, BASE.replace("5000", "50000"))),
                Arguments.of("is the base", location(head, BASE)),
                Arguments.of("is above", location(head, BASE + "/../../bob/lists/a")),
                Arguments.of("is here", location(head, BASE + "/a/.")),
                Arguments.of("has a space", location(head, BASE + "/a b")),
                Arguments.of("has a control character", location(head, BASE + "/a\u0001")),
                Arguments.of("has an accent", location(head, BASE + "/\u00e9")),
                Arguments.of("has a stray percent", location(head, BASE + "/a%2")),
                Arguments.of("has a quote", location(head, BASE + "/\"><script>")),
                Arguments.of("has a query", location(head, BASE + "/a?b")),
                Arguments.of("has an authority", location(head, BASE + "@evil/a")),
                Arguments.of("allows what is none", answer(head + "\r\nAllow: GET;x", body)),
                Arguments.of("accepts what is none", answer(head + "\r\nAccept-Patch: <>", body)),
                Arguments.of("posts what is none", answer(head + "\r\nAccept-Post: a", body)),
                Arguments.of("fails", answer(head.replace("200 OK", "500 Oops"), "{}")),
                Arguments.of("fails in our words", problem("500 Oops", "{\"detail\":\"x\"}")),
                Arguments.of("has a gateway", problem("502 Bad", "{\"detail\":\"x\"}")),
                Arguments.of("has a slow gateway", problem("504 Slow", "{\"detail\":\"x\"}")),
                Arguments.of("is the 401 of another", answer("401 Who\r\nContent-Type: a/b", "x")),
                Arguments.of("has a strange problem", problem("499 Hm", "{\"detail\":\"x\"}")),
                Arguments.of("is strange", answer(head.replace("200 OK", "299 Hm"), body)),
                Arguments.of("has parts", answer(head.replace("200 OK", "206 Part"), body)),
                Arguments.of("redirects", location(head.replace("200", "302"), BASE + "/a")),
                Arguments.of("has nothing new", "HTTP/1.1 304 Same\r\nETag: " + TAG + "\r\n\r\n"),
                Arguments.of("has a bare problem", problem("422 No", "{}")),
                Arguments.of("has a problem in a list", problem("422 No", "[]")),
                Arguments.of("has a problem that is none", problem("422 No", "{\"detail\":1}")),
                Arguments.of("has a broken problem", problem("422 No", "{\"detail\":\"x\"")),
                Arguments.of(
                        "has an odd error",
                        problem("422 No", "{\"detail\":\"x\",\"errors\":[{\"pointer\":\"\"}]}")),
                Arguments.of(
                        "has errors that are none",
                        problem("422 No", "{\"detail\":\"x\",\"errors\":{}}")),
                Arguments.of(
                        "has a problem in HTML",
                        problem("422 No", "{\"detail\":\"x\"}").replace("problem+json", "json")),
                Arguments.of(
                        "has a problem elsewhere",
                        problem(
                                "422 No\r\nLocation: http://evil/users/ana/lists/a",
                                "{\"detail\":\"x\"}")),
                Arguments.of("is not HTTP", "\0\1\2\r\n\r\n"),
                Arguments.of("is too large", ok(" ".repeat((4 << 20) + 1))),
                Arguments.of(
                        "is too large without a length",
                        "HTTP/1.1 "
                                + head
                                + "\r\nConnection: close\r\n\r\n"
                                + " ".repeat(262_145)));
    }

    private static String revision() {
        return Faults.REVISION.strip().replace("0", "f");
    }

    private static String location(String head, String uri) {
        return answer(head + "\r\nLocation: " + uri, "{}");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("answersOfNoUse")
    void passesNoAnswerOnThat(String ignored, String answer) {
        todoService.answers(answer);

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> relay("GET"))
                .satisfies(
                        problem -> assertThat(problem.status()).isEqualTo(Status.BAD_GATEWAY_502));
        assertFails("PUT", Status.GATEWAY_TIMEOUT_504, UNKNOWN);
        assertThat(todoService.requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 201 Created, 502",
        "GET, 204 None, 502",
        "OPTIONS, 200 OK, 502",
        "OPTIONS, 304 Same, 502",
        "OPTIONS, 204 None, 502",
        "PUT, 304 Same, 504",
    })
    void passesNoStatusOnThatTheMethodHasNot(String method, String given, int status) {
        todoService.answers(ok("").replace("200 OK", given));

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> relay(method, Map.of("If-None-Match", TAG)))
                .satisfies(problem -> assertThat(problem.status().code()).isEqualTo(status));
    }

    @Test
    void needsTheRevisionOfWhatIsRead() {
        todoService.answers(ok("{}").replace(Faults.REVISION, ""));

        assertThatExceptionOfType(Problem.class).isThrownBy(() -> relay("GET"));
        assertThat(relay("PUT").representation()).hasToString("{}");
    }

    @ParameterizedTest
    @CsvSource({"\"AAAAAAAAAAA\", true", "W/\"AAAAAAAAAAA\", true", "*, true", "\"other\", false"})
    void passesOnThatNothingIsNewOnlyForWhatTheClientHas(String known, boolean isPassed) {
        todoService.answers(
                "HTTP/1.1 304 Same\r\n" + Faults.REVISION + "ETag: " + TAG + "\r\n\r\n");
        var condition = Map.of("If-None-Match", known);

        if (isPassed) {
            assertThat(relay("GET", condition).representation()).hasToString("");
        } else {
            assertThatExceptionOfType(Problem.class).isThrownBy(() -> relay("GET", condition));
        }
    }

    @Test
    void takesALargeAnswer() {
        String large = "[" + " ".repeat(4_194_302) + "]";
        todoService.answers(ok(large));

        assertThat(relay("GET").representation()).hasToString(large);
    }

    @Test
    void hasNoRoomForMoreLargeAnswersThanTheHeapHas() {
        todoService.answers(ok("[" + " ".repeat(300_000) + "]"));
        try (var all = new Room()) {
            long most = 0;
            for (long more = 1L << 40; more > 0; more /= 2) {
                most += all.take(most + more) ? more : 0;
            }

            assertFails(
                    "GET",
                    Status.SERVICE_UNAVAILABLE_503,
                    "The service is busy: try again in a moment.");
            assertFails("PUT", Status.GATEWAY_TIMEOUT_504, UNKNOWN);
        }
        assertThat(relay("GET").representation().toString()).hasSize(300_002);
    }

    @Test
    void passesOnWhereSomethingIs() {
        String place = BASE + "/%F0%9F%98%80/items/a.b;c=%2E%2E";
        todoService.answers(
                answer(
                        "201 Created\r\nContent-Type: application/json\r\nETag: "
                                + TAG
                                + "\r\nLocation: "
                                + place,
                        "{}"));

        assertThat(relay("POST").headers())
                .isEqualTo(List.of(HeaderValues.create(HeaderNames.LOCATION, place)));
    }
}
