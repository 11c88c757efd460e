package todomanager.user;

import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.util.Optional;
import todomanager.document.DocumentResources;
import todomanager.http.Problem;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.user.todo.TodoClient;

/// The resources of user-svc.
final class UserRoutes implements HttpService {
    private static final Representation GREETING =
            Representation.text("Hey! The service is up, how about doing something useful");

    private final DocumentResources<Users> users;
    private final TodoClient todoClient;
    private final Optional<URI> publicUri;

    /// @param publicUri what clients call the service by, if not by the Host that they name
    UserRoutes(DocumentResources<Users> users, TodoClient todoClient, Optional<URI> publicUri) {
        this.users = users;
        this.todoClient = todoClient;
        this.publicUri = publicUri;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.any("/", new Resource(request -> GREETING))
                .any("/users", users.pages(Users::all))
                .any("/users/{username}", users.resource(UserRoutes::user))
                .any("/users/{username}/lists", lists())
                .any("/users/{username}/lists/{list}", relay("/{list}"))
                .any("/users/{username}/lists/{list}/items", relay("/{list}/items"))
                .any("/users/{username}/lists/{list}/items/{id}", relay("/{list}/items/{id}"));
    }

    /// What is left to do, as todo-svc confirms it; all else is relayed.
    private Handler lists() {
        Resource resource = users.resource(this::listsOfUser);
        ListRelay relay = relay("");
        return (request, response) -> {
            Method method = request.prologue().method();
            boolean isRead = method.equals(Method.GET) || method.equals(Method.HEAD);
            boolean isRelayed = !isRead || request.query().contains("view");
            (isRelayed ? relay : resource).handle(request, response);
        };
    }

    private ListRelay relay(String route) {
        return new ListRelay(
                request -> users.check(request, UserRoutes::user), todoClient, publicUri, route);
    }

    private static Representation user(Users users, ServerRequest request) {
        return users.of(username(request))
                .orElseThrow(() ->
                        new Problem(
                                Status.NOT_FOUND_404,
                                "There is no such user: GET /users lists all of them."));
    }

    /// Only for a user whom we know, so that no other text gets into a call.
    private Representation listsOfUser(Users users, ServerRequest request) {
        user(users, request);
        return todoClient.lists(username(request));
    }

    private static String username(ServerRequest request) {
        return request.path().pathParameters().get("username");
    }
}
