package todomanager.user.todo;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.ProtocolException;
import todomanager.http.EntityTag;
import todomanager.http.Problem;
import todomanager.http.Representation;
import todomanager.http.Revision;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;
import todomanager.text.SafeText;
import todomanager.user.todo.HttpClient.Answer;

/// An answer of todo-svc of which each part was checked, so that it may be passed on.
///
/// @param headers beside those of the representation
public record RelayedAnswer(Representation representation, List<Header> headers) {
    private static final Set<Integer> PROBLEMS =
            Set.of(400, 403, 404, 405, 409, 412, 413, 414, 415, 422, 503, 507);

    private static final Pattern BELOW =
            Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))(?:[\\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)+");

    private static final Pattern METHODS = Pattern.compile("[A-Z]+(, [A-Z]+)*");
    private static final Pattern MEDIA_TYPES =
            Pattern.compile("[a-z]+/[a-z.+-]+(, [a-z]+/[a-z.+-]+)*");
    private static final HeaderName ACCEPT_POST = HeaderNames.create("Accept-Post");

    static boolean isProblem(Answer answer) {
        return PROBLEMS.contains(answer.status());
    }

    /// What todo-svc has done, or found.
    static RelayedAnswer of(Answer answer, RelayedRequest request) throws ProtocolException {
        boolean isRead = request.method().equals("GET");
        Optional<Revision> revision = revision(answer, isRead);
        Optional<EntityTag> tag = tag(answer);
        List<Header> headers = headers(answer, request.base());
        Representation representation =
                switch (answer.status()) {
                    case 200, 201 -> json(answer, required(tag, answer));
                    case 204 -> {
                        tag.map(EntityTag::header).ifPresent(headers::add);
                        yield Representation.none();
                    }
                    case 304 -> Representation.notModified(known(tag, answer, request));
                    default -> throw unusable(answer);
                };
        if (!fits(answer, request.method())) {
            throw unusable(answer);
        }
        return new RelayedAnswer(revision.map(representation::of).orElse(representation), headers);
    }

    private static boolean fits(Answer answer, String method) {
        int status = answer.status();
        return switch (method) {
            case "GET" -> status == 200 || status == 304;
            case "OPTIONS" -> status == 204 && !answer.header(HttpHeaders.ALLOW).isEmpty();
            default -> status != 304;
        };
    }

    private static Representation json(Answer answer, EntityTag tag) throws ProtocolException {
        requireType(answer, "application/json");
        JsonDocument.read(answer.body());
        return Representation.json(tag, ByteBuffer.wrap(answer.body()))
                .with(Status.create(answer.status()));
    }

    private static EntityTag known(Optional<EntityTag> tag, Answer answer, RelayedRequest request)
            throws ProtocolException {
        EntityTag now = required(tag, answer);
        String known = request.headers().getOrDefault(HttpHeaders.IF_NONE_MATCH, "");
        if (known.contains(now.toString()) || known.strip().equals("*")) {
            return now;
        }
        throw unusable(answer);
    }

    /// Why todo-svc has not done it, in its words, with an instance and a trace of our own.
    static Problem problem(Answer answer, RelayedRequest request) throws ProtocolException {
        requireType(answer, "application/problem+json");
        boolean isMissing = answer.status() == 404 && request.method().equals("GET");
        Optional<Revision> revision = revision(answer, isMissing);
        Problem problem = JsonDocument.read(answer.body()).as(body -> problem(answer, body));
        headers(answer, request.base()).forEach(problem::with);
        tag(answer).map(EntityTag::header).ifPresent(problem::with);
        if (answer.status() < 500) {
            revision.map(Revision::header).ifPresent(problem::with);
        }
        return problem;
    }

    private static Problem problem(Answer answer, JsonNode body) {
        String detail = SafeText.oneLine(text(body, "detail")); // as it may go into the log
        var problem = new Problem(Status.create(answer.status()), detail);
        var errors = Optional.ofNullable(body.members().get("errors"));
        return errors.map(all ->
                        problem.with(
                                all.elements().stream()
                                        .map(error ->
                                                new Problem.Flaw(
                                                        text(error, "pointer"),
                                                        text(error, "detail")))
                                        .toList()))
                .orElse(problem);
    }

    private static String text(JsonNode object, String member) {
        return object.required(member)
                .flatMap(value -> {
                    if (value.string().isEmpty()) {
                        value.expected("a string");
                    }
                    return value.string();
                })
                .orElse("");
    }

    /// An answer to a read that names none is not todo-svc's, whatever else it is.
    private static Optional<Revision> revision(Answer answer, boolean isRequired)
            throws ProtocolException {
        String given = one(answer, Revision.HEADER);
        if (given.isEmpty() && !isRequired) {
            return Optional.empty();
        }
        return Optional.of(required(Revision.parse(given), answer));
    }

    private static Optional<EntityTag> tag(Answer answer) throws ProtocolException {
        String given = one(answer, HeaderNames.ETAG);
        return given.isEmpty()
                ? Optional.empty()
                : Optional.of(required(EntityTag.parse(given), answer));
    }

    private static List<Header> headers(Answer answer, String base) throws ProtocolException {
        Predicate<String> isBelow = uri -> isBelow(base, uri);
        var headers = new ArrayList<Header>();
        add(headers, answer, HeaderNames.LOCATION, isBelow);
        add(headers, answer, HeaderNames.CONTENT_LOCATION, isBelow);
        add(headers, answer, HeaderNames.ALLOW, METHODS.asMatchPredicate());
        add(headers, answer, HeaderNames.ACCEPT_PATCH, MEDIA_TYPES.asMatchPredicate());
        add(headers, answer, ACCEPT_POST, MEDIA_TYPES.asMatchPredicate());
        return headers;
    }

    private static void add(
            List<Header> headers, Answer answer, HeaderName name, Predicate<String> isValid)
            throws ProtocolException {
        String value = one(answer, name);
        if (!value.isEmpty()) {
            if (!isValid.test(value)) {
                throw unusable(answer);
            }
            headers.add(HeaderValues.create(name, value));
        }
    }

    /// Whether it leads nowhere else than below the base.
    private static boolean isBelow(String base, String uri) {
        return uri.startsWith(base) && BELOW.matcher(uri.substring(base.length())).matches();
    }

    /// The header's only value; empty where there is none.
    private static String one(Answer answer, HeaderName name) throws ProtocolException {
        if (answer.headers().countHeaders(name.defaultCase()) > 1) {
            throw unusable(answer);
        }
        return answer.header(name.defaultCase());
    }

    private static void requireType(Answer answer, String mediaType) throws ProtocolException {
        if (!answer.mediaType().equalsIgnoreCase(mediaType)) {
            throw unusable(answer);
        }
    }

    private static <T> T required(Optional<T> value, Answer answer) throws ProtocolException {
        return value.orElseThrow(() -> unusable(answer));
    }

    private static ProtocolException unusable(Answer answer) {
        return new ProtocolException(answer.toString());
    }
}
