package todomanager.todo;

import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import java.util.function.Supplier;
import todomanager.kit.Problem;
import todomanager.kit.Representation;
import todomanager.kit.Resource;

/// The resources of todo-svc.
final class TodoRoutes implements HttpService {
    private static final Representation GREETING = Representation.text("Todo service is up");

    private final Supplier<TodoLists> todoLists;

    TodoRoutes(Supplier<TodoLists> todoLists) {
        this.todoLists = todoLists;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.any("/", new Resource(request -> GREETING))
                .any("/lists", new Resource(request -> todoLists.get().names()))
                .any("/lists/{username}", new Resource(request -> lists(username(request))));
    }

    private Representation lists(String username) {
        return todoLists
                .get()
                .of(username)
                .orElseThrow(() ->
                        new Problem(
                                Status.NOT_FOUND_404,
                                "This user has no to-do lists: check the username's"
                                        + " spelling."));
    }

    private static String username(ServerRequest request) {
        return request.path().pathParameters().get("username");
    }
}
