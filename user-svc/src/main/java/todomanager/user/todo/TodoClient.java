package todomanager.user.todo;

import io.helidon.http.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.net.PercentCodec;
import org.jspecify.annotations.Nullable;
import todomanager.http.Problem;
import todomanager.http.Representation;
import todomanager.http.Revision;
import todomanager.json.InvalidDocument;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;
import todomanager.user.todo.HttpConnections.Answer;
import todomanager.user.todo.HttpConnections.TooLarge;

/// Asks todo-svc, and passes nothing on that it has not checked.
public final class TodoClient {
    private static final Representation NO_LISTS =
            Representation.json(out -> out.writeStartObject().writeEnd());

    private static final int CHECKED = 256; // a power of two; 1 MB of the heap at most
    private static final int LARGEST_CHECKED = 4 << 10; // bytes

    private final URI base;
    private final String path;
    private final HttpConnections connections;
    private final @Nullable Representation[] checked = new Representation[CHECKED];

    /// @param base `http://HOST[:PORT][/PATH]`
    public TodoClient(URI base) {
        this(base, System::nanoTime);
    }

    TodoClient(URI base, LongSupplier nanoTime) {
        this.base = base;
        this.path = base.getRawPath().replaceFirst("/$", "") + "/lists/";
        this.connections = new HttpConnections(base, nanoTime);
        TodoCall.observe(connections);
    }

    /// A user's lists: `{"LIST": ["TO DO", …], …}`, which is empty for a user who has none. They
    /// bear the revision of todo-svc's document.
    ///
    /// @throws Problem 503 if todo-svc can't be reached, 504 if it is too slow, 502 if its answer
    ///   is no use
    public Representation lists(String username) {
        String target = path + segment(username);
        var call = new TodoCall(base, target);
        try {
            Answer answer = connections.get(target, call.traceparent());
            call.answered(answer.status());
            Representation lists = read(answer);
            call.endedAs(TodoCall.Outcome.SUCCESS);
            return lists;
        } catch (ConnectException e) {
            call.endedAs(TodoCall.Outcome.UNREACHABLE);
            throw new Problem(
                    Status.SERVICE_UNAVAILABLE_503,
                    "The to-do service can't be reached: try again in a moment.",
                    e);
        } catch (TimeoutException e) {
            call.endedAs(TodoCall.Outcome.TIMEOUT);
            throw new Problem(
                    Status.GATEWAY_TIMEOUT_504,
                    "The to-do service takes too long to answer: try again in a moment.",
                    e);
        } catch (TooLarge e) {
            call.endedAs(TodoCall.Outcome.UNUSABLE);
            throw new Problem(
                    Status.BAD_GATEWAY_502,
                    "The to-do service's answer is too large: this user's lists may have 256 KiB.",
                    e);
        } catch (IOException | HttpException | InvalidDocument e) {
            call.endedAs(TodoCall.Outcome.UNUSABLE);
            throw new Problem(
                    Status.BAD_GATEWAY_502,
                    "The to-do service gave no usable answer: try again, and report the id if it stays.",
                    e);
        } finally {
            call.tell();
        }
    }

    /// An answer without a revision is not todo-svc's, whatever else it is; a 404 least of all.
    private Representation read(Answer answer) throws ProtocolException {
        Revision revision =
                Revision.parse(answer.revision())
                        .filter(_ -> isJson(answer.mediaType()))
                        .filter(_ -> answer.status() == 200 || answer.status() == 404)
                        .orElseThrow(() -> new ProtocolException(answer.toString()));
        return answer.status() == 404 ? NO_LISTS.of(revision) : lists(answer.body(), revision);
    }

    /// Checks what it has not seen of late; what is the same was checked and rendered then.
    private Representation lists(byte[] json, Revision revision) {
        int place = Arrays.hashCode(json) & (CHECKED - 1);
        Representation last = checked[place];
        if (last != null && last.is(json, revision)) {
            return last;
        }
        Representation lists = check(json).of(revision);
        if (json.length <= LARGEST_CHECKED) {
            checked[place] = lists;
        }
        return lists;
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

    /// The username as one segment of a path. The full stop too, or `..` would climb out of it.
    private static String segment(String username) {
        return PercentCodec.encode(username, StandardCharsets.UTF_8).replace(".", "%2E");
    }
}
