package todomanager.user;

import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
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

    UserRoutes(DocumentResources<Users> users, TodoClient todoClient) {
        this.users = users;
        this.todoClient = todoClient;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.any("/", new Resource(request -> GREETING))
                .any("/users", users.pages(Users::all))
                .any("/users/{username}", users.resource(UserRoutes::user))
                .any("/users/{username}/lists", users.resource(this::listsOfUser));
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
