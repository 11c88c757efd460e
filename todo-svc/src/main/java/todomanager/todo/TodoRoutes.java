package todomanager.todo;

import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import todomanager.document.DocumentResources;
import todomanager.http.Problem;
import todomanager.http.Representation;
import todomanager.http.Resource;

/// The resources of todo-svc.
final class TodoRoutes implements HttpService {
    private static final Representation GREETING = Representation.text("Todo service is up");

    private final DocumentResources<TodoLists> todoLists;

    TodoRoutes(DocumentResources<TodoLists> todoLists) {
        this.todoLists = todoLists;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.any("/", new Resource(request -> GREETING))
                .any("/lists", todoLists.pages(TodoLists::names))
                .any("/lists/{username}", todoLists.resource(TodoRoutes::listsOfUser));
    }

    private static Representation listsOfUser(TodoLists todoLists, ServerRequest request) {
        return todoLists
                .of(request.path().pathParameters().get("username"))
                .orElseThrow(() ->
                        new Problem(
                                Status.NOT_FOUND_404,
                                "This user has no to-do lists: check the username's"
                                        + " spelling."));
    }
}
