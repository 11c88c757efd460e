package todomanager.user;

import java.net.URI;
import java.util.List;
import todomanager.document.DocumentResources;
import todomanager.service.Service;
import todomanager.service.Service.Parts;
import todomanager.service.Setting;
import todomanager.service.Settings;
import todomanager.user.todo.TodoClient;

/// user-svc, as a list: its name, what checks its document, what can be set, and its parts.
public final class Main {
    private static final Setting<URI> TODO_URI = Setting.httpUri("todo.uri");

    static final Service SERVICE =
            new Service("user-svc", Users::read, List.of(TODO_URI), Main::parts);

    private Main() {}

    public static void main(String[] args) {
        SERVICE.main(args);
    }

    private static Parts parts(Settings settings) {
        var users = settings.document(Users::read);
        var todoClient = new TodoClient(settings.get(TODO_URI));
        return new Parts(
                new UserRoutes(
                        new DocumentResources<>(users),
                        todoClient,
                        settings.get(Settings.PUBLIC_URI)),
                users::start,
                List.of(users, todoClient));
    }
}
