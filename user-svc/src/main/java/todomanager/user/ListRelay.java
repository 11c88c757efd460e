package todomanager.user;

import io.helidon.common.parameters.Parameters;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import todomanager.http.Admission;
import todomanager.http.Admission.Room;
import todomanager.http.Problem;
import todomanager.http.RequestBody;
import todomanager.http.Resource;
import todomanager.text.UriPath;
import todomanager.user.todo.RelayedAnswer;
import todomanager.user.todo.RelayedRequest;
import todomanager.user.todo.TodoClient;

/// Passes requests below a user's lists on to todo-svc, which has them, and its answers back.
/// Nothing else of a request goes on than is named here.
///
/// A body is read before the request is admitted, or clients that take their time would keep out
/// everybody else.
final class ListRelay implements Handler {
    private static final List<HeaderName> HEADERS =
            List.of(HeaderNames.IF_MATCH, HeaderNames.IF_NONE_MATCH, HeaderNames.CONTENT_TYPE);

    private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

    private final Consumer<ServerRequest> requireUser;
    private final TodoClient todoClient;
    private final Optional<URI> publicUri;
    private final String route;
    private final Admission admission = new Admission();

    /// @param requireUser throws a [Problem] for a request below the lists of nobody
    /// @param publicUri what clients call this service by, if not by the Host that they name
    /// @param route the template of the path, behind `/users/{username}/lists`
    ListRelay(
            Consumer<ServerRequest> requireUser,
            TodoClient todoClient,
            Optional<URI> publicUri,
            String route) {
        this.requireUser = requireUser;
        this.todoClient = todoClient;
        this.publicUri = publicUri;
        this.route = route;
    }

    /// Only for a user whom we know, so that no other text gets into a call.
    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        requireUser.accept(request);
        Method method = request.prologue().method();
        if (!Resource.METHODS.contains(method)) {
            throw noSuchMethod(request);
        }
        try (var room = new Room()) {
            RequestBody.receive(request, room);
            byte[] body = RequestBody.bytes(request);
            RelayedAnswer answer = relay(asked(method), request, body, room);
            answer.headers().forEach(response::header);
            answer.representation().send(request, response);
        }
    }

    private RelayedAnswer relay(Method method, ServerRequest request, byte[] body, Room room) {
        Parameters names = request.path().pathParameters();
        String username = names.get("username");
        String path = UriPath.segment(username) + path(names) + query(request.query());
        String base = UserUri.of(request, publicUri, username).lists();
        var relayed =
                new RelayedRequest(
                        username,
                        method.text(),
                        route,
                        path,
                        base,
                        headers(request.headers()),
                        body,
                        room);
        return admission.admit(() -> todoClient.relay(relayed));
    }

    /// HEAD is answered with the headers of GET, which has the length of the body.
    private static Method asked(Method method) {
        return method.equals(Method.HEAD) ? Method.GET : method;
    }

    private Problem noSuchMethod(ServerRequest request) {
        try (var room = new Room()) {
            var problem = new Problem(Status.METHOD_NOT_ALLOWED_405, Resource.NO_SUCH_METHOD);
            for (Header header : relay(Method.OPTIONS, request, new byte[0], room).headers()) {
                problem.with(header);
            }
            return problem;
        }
    }

    private String path(Parameters names) {
        return NAME.matcher(route)
                .replaceAll(name ->
                        Matcher.quoteReplacement(UriPath.segment(names.get(name.group(1)))));
    }

    /// All of it, or todo-svc could not refuse what it does not know: a DELETE with a misspelt
    /// `completed` would remove all items. It has only characters that may stand in a URI, or the
    /// request was refused.
    private static String query(UriQuery given) {
        return given.isEmpty() ? "" : '?' + given.rawValue();
    }

    private static Map<String, String> headers(ServerRequestHeaders given) {
        var headers = new HashMap<String, String>();
        for (HeaderName name : HEADERS) {
            if (given.contains(name)) {
                headers.put(name.defaultCase(), String.join(", ", given.all(name, List::of)));
            }
        }
        return headers;
    }
}
