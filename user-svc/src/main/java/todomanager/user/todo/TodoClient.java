package todomanager.user.todo;

import io.helidon.http.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.ArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.jspecify.annotations.Nullable;
import todomanager.http.Problem;
import todomanager.http.Representation;
import todomanager.http.Revision;
import todomanager.json.InvalidDocument;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;
import todomanager.text.UriPath;
import todomanager.user.todo.HttpClient.Answer;
import todomanager.user.todo.HttpClient.Request;
import todomanager.user.todo.HttpClient.TooLarge;

/// Asks todo-svc, and passes nothing on that it has not checked.
public final class TodoClient implements AutoCloseable {
    private static final Representation NO_LISTS =
            Representation.json(out -> out.writeStartObject().writeEnd());

    private static final int MOST_CONFIRMED = 256; // a power of two; 1 MB of memory at most
    private static final int LARGEST_CONFIRMED = 4 << 10; // bytes
    private static final Pattern ENTITY_TAG = Pattern.compile("\"[!#-~]{0,64}\"");

    private final URI base;
    private final String path;
    private final HttpClient client;
    private final @Nullable Confirmed[] confirmed = new Confirmed[MOST_CONFIRMED];

    /// Lists that todo-svc has answered with of late. They are asked for again by their entity tag,
    /// so what has not changed is neither sent nor checked again.
    private record Confirmed(String target, String entityTag, Representation lists) {}

    /// @param base `http://HOST[:PORT][/PATH]`
    public TodoClient(URI base) {
        this(base, System::nanoTime);
    }

    TodoClient(URI base, LongSupplier nanoTime) {
        this.base = base;
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
    /// @throws Problem 503 if todo-svc can't be reached, 504 if it is too slow, 502 if its answer
    ///   is no use
    public Representation lists(String username) {
        String target = path + segment(username);
        var call = new TodoCall(base, target);
        try {
            Confirmed last = confirmed[place(target)];
            Confirmed known = last != null && last.target.equals(target) ? last : null;
            String entityTag = known == null ? null : known.entityTag;
            Answer answer = client.get(new Request(target, call.traceparent(), entityTag));
            call.answered(answer.status());
            Representation lists = read(answer, target, known);
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
    private Representation read(Answer answer, String target, @Nullable Confirmed known)
            throws ProtocolException {
        Revision revision =
                Revision.parse(answer.revision())
                        .orElseThrow(() -> new ProtocolException(answer.toString()));
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
            confirmed[place(target)] = new Confirmed(target, answer.entityTag(), lists);
        }
        return lists.of(revision);
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

    /// The username as one segment of a path, out of which `..` at its beginning would climb.
    private static String segment(String username) {
        String segment = UriPath.encoded(username);
        return segment.startsWith(".") ? segment.replace(".", "%2E") : segment;
    }
}
