package todomanager.todo;

import java.util.List;
import todomanager.document.DocumentResources;
import todomanager.service.Service;
import todomanager.service.Service.Parts;
import todomanager.service.Settings;

/// todo-svc, as a list: its name, what checks its document, what can be set, and its parts.
public final class Main {
    static final Service SERVICE = new Service("todo-svc", TodoLists::read, List.of(), Main::parts);

    private Main() {}

    public static void main(String[] args) {
        SERVICE.main(args);
    }

    private static Parts parts(Settings settings) {
        var todoLists = settings.document(TodoLists::read);
        return new Parts(
                new TodoRoutes(new DocumentResources<>(todoLists)),
                todoLists::start,
                List.of(todoLists));
    }
}
