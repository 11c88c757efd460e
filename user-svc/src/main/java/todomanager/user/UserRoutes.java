package todomanager.user;

import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.http.Resource.Answer;
import todomanager.user.store.UserStore;
import todomanager.user.todo.TodoClient;

/// The resources of user-svc.
final class UserRoutes implements HttpService {
    private static final String READ_ONLY =
            "The users can only be read here: set data.writable to true where the service may change them, or edit its document.";

    private final Page page;
    private final UserStore store;
    private final UserHandlers user;
    private final TodoClient todoClient;
    private final Optional<URI> publicUri;

    /// @param publicUri what clients call the service by, if not by the Host that they name
    /// @param hasSignIn whether the page asks people to sign in
    UserRoutes(UserStore store, TodoClient todoClient, Optional<URI> publicUri, boolean hasSignIn) {
        this.page = new Page(hasSignIn);
        this.store = store;
        this.user = new UserHandlers(store, todoClient, publicUri);
        this.todoClient = todoClient;
        this.publicUri = publicUri;
    }

    @Override
    public void routing(HttpRules rules) {
        page.routing(rules);
        rules.any("/users", store.users())
                .any(
                        "/users/{username}",
                        resource(
                                Map.of(
                                        Method.GET, user::read,
                                        Method.PUT, user::put,
                                        Method.PATCH, user::patch,
                                        Method.DELETE, user::remove)))
                .any("/users/{username}/lists", lists())
                .any("/users/{username}/lists/{list}", relay("/{list}"))
                .any("/users/{username}/lists/{list}/items", relay("/{list}/items"))
                .any("/users/{username}/lists/{list}/items/{id}", relay("/{list}/items/{id}"));
    }

    /// What is left to do, as todo-svc confirms it; all else is relayed.
    private Handler lists() {
        Resource resource = new Resource(Map.of(Method.GET, this::listsOfUser));
        ListRelay relay = relay("");
        return (request, response) -> {
            Method method = request.prologue().method();
            boolean isRead = method.equals(Method.GET) || method.equals(Method.HEAD);
            boolean isRelayed = !isRead || request.query().contains("view");
            (isRelayed ? relay : resource).handle(request, response);
        };
    }

    private ListRelay relay(String route) {
        return new ListRelay(user::require, todoClient, publicUri, route);
    }

    /// Only for a user whom we know, so that no other text gets into a call.
    private Representation listsOfUser(ServerRequest request, ServerResponse response) {
        var _ = user.read(request, response);
        return todoClient.lists(UserHandlers.username(request));
    }

    private Resource resource(Map<Method, Answer> answers) {
        return store.isWritable() ? new Resource(answers) : Resource.readOnly(answers, READ_ONLY);
    }
}
