package todomanager.todo;

import java.util.ArrayList;
import java.util.List;
import todomanager.service.Service;
import todomanager.service.Service.Parts;
import todomanager.service.Settings;
import todomanager.todo.store.DocumentStore;
import todomanager.todo.store.TodoLists;

/// todo-svc, as a list: its name, what checks its document, what can be set, and its parts.
public final class Main {
    static final Service SERVICE = new Service("todo-svc", TodoLists::read, List.of(), Main::parts);

    private Main() {}

    public static void main(String[] args) {
        SERVICE.main(args);
    }

    private static Parts parts(Settings settings) {
        var todoLists = settings.document(TodoLists::read);
        var writer = settings.writer(todoLists, DocumentStore.CODEC);
        var toClose = new ArrayList<AutoCloseable>(List.of(todoLists));
        writer.ifPresent(toClose::add);
        return new Parts(
                new TodoRoutes(
                        new DocumentStore(todoLists, writer), settings.get(Settings.PUBLIC_URI)),
                todoLists::start,
                toClose);
    }
}
