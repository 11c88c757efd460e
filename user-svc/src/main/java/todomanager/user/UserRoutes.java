package todomanager.user;

import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import java.util.function.Supplier;
import todomanager.kit.Problem;
import todomanager.kit.Representation;
import todomanager.kit.Resource;

/// The resources of user-svc.
final class UserRoutes implements HttpService {
    private static final Representation GREETING =
            Representation.text("Hey! The service is up, how about doing something useful");

    private final Supplier<Users> users;
    private final TodoClient todoClient;

    UserRoutes(Supplier<Users> users, TodoClient todoClient) {
        this.users = users;
        this.todoClient = todoClient;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.any("/", new Resource(request -> GREETING))
                .any("/users", new Resource(request -> users.get().all()))
                .any("/users/{username}", new Resource(request -> user(username(request))))
                .any("/users/{username}/lists", new Resource(request -> lists(username(request))));
    }

    private Representation user(String username) {
        return users.get()
                .of(username)
                .orElseThrow(() ->
                        new Problem(
                                Status.NOT_FOUND_404,
                                "There is no such user: GET /users lists all of them."));
    }

    /// Only for a user whom we know, so that no other text gets into a call.
    private Representation lists(String username) {
        user(username);
        return todoClient.lists(username);
    }

    private static String username(ServerRequest request) {
        return request.path().pathParameters().get("username");
    }
}
