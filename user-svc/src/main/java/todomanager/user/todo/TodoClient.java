package todomanager.user.todo;

import io.helidon.http.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;
import todomanager.auth.Assertions;
import todomanager.auth.Assertions.Subject;
import todomanager.http.Admission.Room;
import todomanager.http.Problem;
import todomanager.http.Representation;
import todomanager.http.Revision;
import todomanager.json.InvalidDocument;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;
import todomanager.text.UriPath;
import todomanager.user.todo.HttpClient.Answer;
import todomanager.user.todo.HttpClient.NoRoom;
import todomanager.user.todo.HttpClient.Request;
import todomanager.user.todo.HttpClient.TooLarge;
import todomanager.user.todo.TodoCall.Outcome;

/// Asks todo-svc, and passes nothing on that it has not checked.
public final class TodoClient implements AutoCloseable {
    private static final Representation NO_LISTS =
            Representation.json(out -> out.writeStartObject().writeEnd());

    private static final String ROUTE = "/lists/{username}";
    private static final byte[] NOTHING = {};
    private static final Header[] NO_HEADERS = {};
    private static final int MOST_CONFIRMED = 256; // a power of two; 1 MB of memory at most
    private static final int LARGEST_CONFIRMED = 4 << 10; // bytes
    private static final Pattern ENTITY_TAG = Pattern.compile("\"[!#-~]{0,64}\"");

    private final URI base;
    private final String path;
    private final Optional<Assertions> assertions;
    private final HttpClient client;
    private final @Nullable Confirmed[] confirmed = new Confirmed[MOST_CONFIRMED];

    /// Lists that todo-svc has answered with of late. They are asked for again by their entity tag,
    /// so what has not changed is neither sent nor checked again.
    ///
    /// @param ifNoneMatch asks so
    @SuppressWarnings("ArrayRecordComponent") // sent, compared never
    private record Confirmed(String target, Header[] ifNoneMatch, Representation lists) {}

    /// An answer to whom todo-svc does not know for user-svc, which is before it does anything.
    @SuppressWarnings("serial") // it never leaves the process
    private static final class NotBelieved extends ProtocolException {
        private NotBelieved(Answer answer) {
            super(
                    answer
                            + ": both services need the same keys in auth.assertion-keys-file (AUTH_ASSERTION_KEYS_FILE), and clocks that agree to half a minute");
        }
    }

    /// @param base `http://HOST[:PORT][/PATH]`
    /// @param assertions which tell todo-svc whose lists a call is about, if it asks for that
    public TodoClient(URI base, Optional<Assertions> assertions) {
        this(base, assertions, System::nanoTime);
    }

    TodoClient(URI base, Optional<Assertions> assertions, LongSupplier nanoTime) {
        this.base = base;
        this.assertions = assertions;
        this.path = base.getRawPath().replaceFirst("/$", "") + "/lists/";
        this.client = new HttpClient(base, nanoTime);
        TodoCall.observe(client);
    }

    @Override
    public void close() {
        client.close();
    }

    /// A user's lists: `{"LIST": ["TO DO", …], …}`, which is empty for a user who has none. They
    /// bear the revision of todo-svc's document.
    ///
    /// @throws Problem 503 if todo-svc can't be reached, or says so itself, 504 if it is too slow,
    ///   502 if its answer is no use
    public Representation lists(String username) {
        String target = path + UriPath.segment(username);
        var call = new TodoCall(base, "GET", ROUTE, target);
        try {
            Confirmed last = confirmed[place(target)];
            Confirmed known = last != null && last.target.equals(target) ? last : null;
            Header[] condition = known == null ? NO_HEADERS : known.ifNoneMatch;
            Header[] headers = asserted(username, false, condition);
            Answer answer =
                    ask(
                            new Request("GET", target, call.traceparent(), headers, NOTHING, null),
                            call);
            if (answer.status() == 503 && isJson(answer.mediaType())) {
                call.endedAs(Outcome.REFUSED);
                throw new Problem(
                        Status.SERVICE_UNAVAILABLE_503,
                        "The to-do service can't answer now: try again in a moment.");
            }
            Representation lists = read(answer, target, known);
            call.endedAs(Outcome.SUCCESS);
            return lists;
        } catch (IOException | HttpException | TimeoutException | InvalidDocument e) {
            throw failure(e, call, false);
        } finally {
            call.tell();
        }
    }

    /// Removes all lists of a user, who may have none.
    ///
    /// @throws Problem 409 if there are some that can only be read, and else as [#relay] does of
    ///   what writes
    public void removeLists(String username) {
        String name = UriPath.segment(username);
        try (var room = new Room()) {
            relay(
                    new RelayedRequest(
                            username,
                            "DELETE",
                            "",
                            name,
                            base.resolve(path + name).toString(),
                            Map.of(),
                            NOTHING,
                            room));
        } catch (Problem e) {
            int status = e.status().code();
            if (status == 405 && hasLists(username)) {
                throw new Problem(
                        Status.CONFLICT_409,
                        "The user has lists, which can only be read: remove them from the to-do service's document first.");
            }
            if (status != 404 && status != 405) {
                throw e;
            }
        }
    }

    private boolean hasLists(String username) {
        return !lists(username).tag().equals(NO_LISTS.tag());
    }

    /// What todo-svc answers to a request below a user's lists; `{}` where all lists are asked for
    /// and there are none.
    ///
    /// @throws Problem the one that todo-svc answers with; 503 if it can't be reached, and nothing
    ///   was done, or if there is no room for its answer; of what only reads, 504 if it is too slow
    ///   and 502 if its answer is no use; of what writes, 504 for both, since it may be done, and
    ///   502 if todo-svc does not believe that this is user-svc
    public RelayedAnswer relay(RelayedRequest request) {
        String target = path + request.path();
        var call = new TodoCall(base, request.method(), ROUTE + request.route(), target);
        var headers = new ArrayList<Header>();
        headers.add(new BasicHeader("X-Lists-URI", request.base()));
        request.headers().forEach((name, value) -> headers.add(new BasicHeader(name, value)));
        var asked =
                new Request(
                        request.method(),
                        target,
                        call.traceparent(),
                        asserted(
                                request.username(), !request.isRead(), headers.toArray(NO_HEADERS)),
                        request.body(),
                        request.room());
        try {
            Answer answer = ask(asked, call);
            RelayedAnswer relayed = read(answer, request);
            call.endedAs(Outcome.SUCCESS);
            return relayed;
        } catch (Problem e) {
            call.endedAs(e.status().code() < 500 ? Outcome.SUCCESS : Outcome.REFUSED);
            throw e;
        } catch (IOException | HttpException | TimeoutException | InvalidDocument e) {
            throw failure(e, call, !request.isRead());
        } finally {
            call.tell();
        }
    }

    private Answer ask(Request request, TodoCall call)
            throws IOException, HttpException, TimeoutException {
        Answer answer = client.call(request);
        call.answered(answer.status());
        if (answer.status() == 401
                && answer.mediaType().equalsIgnoreCase("application/problem+json")
                && (request.isRead() || !answer.isSecond())) {
            throw new NotBelieved(answer);
        }
        return answer;
    }

    private Header[] asserted(String username, boolean isWrite, Header... headers) {
        if (assertions.isEmpty()) {
            return headers;
        }
        Header[] more = Arrays.copyOf(headers, headers.length + 1);
        more[headers.length] =
                new BasicHeader(
                        HttpHeaders.AUTHORIZATION,
                        "Bearer " + assertions.get().sign(new Subject(username, isWrite)));
        return more;
    }

    /// A second try may see its own first one. A list that is gone is as it was asked to be,
    /// whoever did it. But of a condition that does not hold any more, or a refusal for now, nobody
    /// knows whether that was before.
    private static RelayedAnswer read(Answer answer, RelayedRequest request)
            throws ProtocolException {
        if (!RelayedAnswer.isProblem(answer)) {
            return RelayedAnswer.of(answer, request);
        }
        Problem problem = RelayedAnswer.problem(answer, request);
        int status = answer.status();
        if (status == 404 && request.asksForAll()) {
            return new RelayedAnswer(NO_LISTS.of(revision(answer)), List.of());
        }
        if (answer.isSecond() && !request.isRead()) {
            if (status == 404 && request.method().equals("DELETE")) {
                return new RelayedAnswer(Representation.none(), List.of());
            }
            if (status == 412 || status >= 500) {
                throw new ProtocolException("of a second try: " + answer);
            }
        }
        throw problem;
    }

    /// @param mayBeDone whether todo-svc may have done what it was asked, if it was asked at all
    private static Problem failure(Exception e, TodoCall call, boolean mayBeDone) {
        if (e instanceof ConnectException) {
            call.endedAs(Outcome.UNREACHABLE);
            return new Problem(
                    Status.SERVICE_UNAVAILABLE_503,
                    "The to-do service can't be reached: try again in a moment.",
                    e);
        }
        call.endedAs(e instanceof TimeoutException ? Outcome.TIMEOUT : Outcome.UNUSABLE);
        if (e instanceof NotBelieved) {
            return new Problem(
                    Status.BAD_GATEWAY_502,
                    "The to-do service does not believe this service, and did nothing: report the id.",
                    e);
        }
        if (mayBeDone) {
            return new Problem(
                    Status.GATEWAY_TIMEOUT_504,
                    "It is not known whether this was done: ask for the list, and try again if it was not.",
                    e);
        }
        return switch (e) {
            case TimeoutException _ ->
                    new Problem(
                            Status.GATEWAY_TIMEOUT_504,
                            "The to-do service takes too long to answer: try again in a moment.",
                            e);
            case TooLarge large ->
                    new Problem(
                            Status.BAD_GATEWAY_502,
                            "The to-do service's answer is too large: this user's lists may have %d KiB."
                                    .formatted(large.most() >> 10),
                            e);
            case NoRoom _ -> Problem.busy();
            default ->
                    new Problem(
                            Status.BAD_GATEWAY_502,
                            "The to-do service gave no usable answer: try again, and report the id if it stays.",
                            e);
        };
    }

    /// An answer without a revision is not todo-svc's, whatever else it is; a 404 least of all.
    private Representation read(Answer answer, String target, @Nullable Confirmed known)
            throws ProtocolException {
        Revision revision = revision(answer);
        if (answer.status() == 304 && known != null) {
            return known.lists.of(revision);
        }
        if (!isJson(answer.mediaType()) || (answer.status() != 200 && answer.status() != 404)) {
            throw new ProtocolException(answer.toString());
        }
        if (answer.status() == 404) {
            return NO_LISTS.of(revision);
        }
        Representation lists = check(answer.body());
        if (answer.body().length <= LARGEST_CONFIRMED
                && ENTITY_TAG.matcher(answer.entityTag()).matches()) {
            var condition = new BasicHeader(HttpHeaders.IF_NONE_MATCH, answer.entityTag());
            confirmed[place(target)] = new Confirmed(target, new Header[] {condition}, lists);
        }
        return lists.of(revision);
    }

    private static Revision revision(Answer answer) throws ProtocolException {
        return Revision.parse(answer.revision())
                .orElseThrow(() -> new ProtocolException(answer.toString()));
    }

    private static int place(String target) {
        return target.hashCode() & (MOST_CONFIRMED - 1);
    }

    private static boolean isJson(String mediaType) {
        return mediaType.equalsIgnoreCase("application/json")
                || mediaType.equalsIgnoreCase("application/problem+json");
    }

    static Representation check(byte[] json) {
        var lists = new ArrayList<JsonNode>();
        JsonDocument.forEachMember(
                json,
                list -> {
                    list.requireStrings();
                    lists.add(list);
                });
        return Representation.json(out -> {
            out.writeStartObject();
            lists.forEach(list -> list.writeMember(out));
            out.writeEnd();
        });
    }
}
