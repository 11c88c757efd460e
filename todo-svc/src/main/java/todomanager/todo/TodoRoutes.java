package todomanager.todo;

import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.http.Resource.Answer;
import todomanager.http.Resource.Querying;
import todomanager.todo.store.ListStore;

/// The resources of todo-svc.
final class TodoRoutes implements HttpService {
    private static final Representation GREETING = Representation.text("Todo service is up");
    private static final String READ_ONLY =
            "The lists can only be read here: set data.writable to true where the service may change them, or edit its document.";

    private final ListStore store;
    private final ListHandlers lists;
    private final ItemHandlers items;

    TodoRoutes(ListStore store, Optional<URI> publicUri) {
        this.store = store;
        var changes = new ListChanges(store, publicUri);
        this.lists = new ListHandlers(changes);
        this.items = new ItemHandlers(changes);
    }

    @Override
    public void routing(HttpRules rules) {
        rules.any("/", new Resource(request -> GREETING))
                .any("/lists", store.names())
                .any(
                        "/lists/{username}",
                        resource(
                                Map.of(
                                        Method.GET, lists::readAll,
                                        Method.DELETE, lists::removeAll)))
                .any(
                        "/lists/{username}/{list}",
                        resource(
                                Map.of(
                                        Method.GET, lists::read,
                                        Method.PUT, lists::put,
                                        Method.PATCH, lists::rename,
                                        Method.DELETE, lists::remove)))
                .any(
                        "/lists/{username}/{list}/items",
                        resource(
                                Map.of(
                                        Method.GET, items::readAll,
                                        Method.POST, items::add,
                                        Method.PATCH, items::completeAll,
                                        Method.DELETE, (Querying) items::removeAll)))
                .any(
                        "/lists/{username}/{list}/items/{id}",
                        resource(
                                Map.of(
                                        Method.GET, items::read,
                                        Method.PUT, items::put,
                                        Method.PATCH, items::patch,
                                        Method.DELETE, items::remove)));
    }

    private Resource resource(Map<Method, Answer> answers) {
        return store.isWritable() ? new Resource(answers) : Resource.readOnly(answers, READ_ONLY);
    }
}
