package todomanager.user;

import java.net.URI;
import java.util.List;
import todomanager.service.Service;
import todomanager.service.Setting;
import todomanager.user.todo.TodoClient;

/// user-svc, as a list: its name, how its document is read, what can be set, which routes serve it.
public final class Main {
    private static final Setting<URI> TODO_URI = Setting.httpUri("todo.uri");

    static final Service<Users> SERVICE =
            new Service<>(
                    "user-svc",
                    Users::read,
                    List.of(TODO_URI),
                    (users, settings) ->
                            new UserRoutes(users, new TodoClient(settings.get(TODO_URI))));

    private Main() {}

    public static void main(String[] args) {
        SERVICE.main(args);
    }
}
