package todomanager.todo;

import java.util.List;
import todomanager.service.Service;

/// todo-svc, as a list: its name, how its document is read, what can be set, which routes serve it.
public final class Main {
    static final Service<TodoLists> SERVICE =
            new Service<>(
                    "todo-svc",
                    TodoLists::read,
                    List.of(),
                    (todoLists, settings) -> new TodoRoutes(todoLists));

    private Main() {}

    public static void main(String[] args) {
        SERVICE.main(args);
    }
}
