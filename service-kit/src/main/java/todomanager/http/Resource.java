package todomanager.http;

import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import todomanager.http.Admission.Room;

/// The methods of a path. HEAD follows from GET, and OPTIONS and 405 from the methods there are.
/// Route every method of the path here, since Helidon answers 404 for a method that has no route.
///
/// A resource makes a bounded number of representations at once, for each method. So a method that
/// waits, for another service or for the disk, can't use this one up: the others go on. Sending is
/// not bounded, or slow readers would keep out everybody else.
public final class Resource implements Handler {
    /// Those that a resource may have, as `Allow` names them.
    public static final List<Method> METHODS =
            List.of(
                    Method.GET,
                    Method.HEAD,
                    Method.POST,
                    Method.PUT,
                    Method.PATCH,
                    Method.DELETE,
                    Method.OPTIONS);

    private static final Set<Method> READS = Set.of(Method.GET, Method.HEAD);

    /// What is wrong with a method that a resource does not have.
    public static final String NO_SUCH_METHOD =
            "This resource does not have this method: use one of those in Allow.";

    private final Map<Method, Answer> answers;
    private final String noSuchMethod;
    private final Header allow;

    /// Makes the answer to a method. It may set headers beside those of a representation.
    public interface Answer {
        Representation to(ServerRequest request, ServerResponse response);
    }

    /// The answer to a write that heeds a query. Others refuse one, since a write that leaves out
    /// what it does not know may change more than was meant.
    public interface Querying extends Answer {}

    /// The root of the service as this client calls it, without a slash at its end.
    ///
    /// @param publicUri what clients call it by, if not by the Host that they name
    public static String root(ServerRequest request, Optional<URI> publicUri) {
        return publicUri
                .map(URI::toASCIIString)
                .orElseGet(() ->
                        (request.isSecure() ? "https://" : "http://")
                                + request.headers().get(HeaderNames.HOST).get());
    }

    /// Whether this client would rather have HTML than that type, as a browser that is led here.
    public static boolean prefersHtml(ServerRequest request, MediaType other) {
        return request.headers()
                .bestAccepted(other, MediaTypes.TEXT_HTML)
                .filter(MediaTypes.TEXT_HTML::equals)
                .isPresent();
    }

    /// A resource that can only be read.
    public Resource(Function<ServerRequest, Representation> get) {
        this(Map.of(Method.GET, (request, _) -> get.apply(request)));
    }

    /// @param answers by method, without HEAD and OPTIONS
    public Resource(Map<Method, Answer> answers) {
        this(answers, NO_SUCH_METHOD);
    }

    /// The same without what would write.
    ///
    /// @param why nothing can be written, and what to do
    public static Resource readOnly(Map<Method, Answer> answers, String why) {
        var reads = new HashMap<>(answers);
        reads.keySet().retainAll(READS);
        return new Resource(reads, why);
    }

    private Resource(Map<Method, Answer> answers, String noSuchMethod) {
        this.noSuchMethod = noSuchMethod;
        this.answers = new HashMap<>(answers);
        this.answers.replaceAll((method, answer) -> admitted(method, answer));
        Answer get = this.answers.get(Method.GET);
        if (get != null) {
            this.answers.put(Method.HEAD, get);
        }
        String methods =
                METHODS.stream()
                        .filter(method ->
                                this.answers.containsKey(method) || method.equals(Method.OPTIONS))
                        .map(Method::text)
                        .collect(Collectors.joining(", "));
        this.allow = HeaderValues.createCached(HeaderNames.ALLOW, methods);
    }

    private static Answer admitted(Method method, Answer answer) {
        var admission = new Admission();
        boolean takesQuery = READS.contains(method) || answer instanceof Querying;
        return (request, response) -> {
            if (!takesQuery && !request.query().isEmpty()) {
                throw new Problem(
                        Status.BAD_REQUEST_400,
                        "This request takes no query: nothing was changed, as it may mean something else.");
            }
            return admission.admit(() -> answer.to(request, response));
        };
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        Method method = request.prologue().method();
        Answer answer = answers.get(method);
        if (answer != null) {
            answer(answer, request, response);
        } else if (method.equals(Method.OPTIONS)) {
            response.header(allow)
                    .header(Representation.NOSNIFF)
                    .status(Status.NO_CONTENT_204)
                    .send();
        } else {
            throw new Problem(Status.METHOD_NOT_ALLOWED_405, noSuchMethod).with(allow);
        }
    }

    private static void answer(Answer answer, ServerRequest request, ServerResponse response) {
        if (READS.contains(request.prologue().method())) {
            answer.to(request, response).send(request, response);
            return;
        }
        try (var room = new Room()) {
            RequestBody.receive(request, room);
            answer.to(request, response).send(request, response);
        }
    }
}
