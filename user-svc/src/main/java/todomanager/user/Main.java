package todomanager.user;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import todomanager.document.DocumentResources;
import todomanager.service.Service;
import todomanager.service.Service.Parts;
import todomanager.service.Setting;
import todomanager.service.Settings;
import todomanager.user.todo.TodoClient;

/// user-svc, as a list: its name, what checks its document, what can be set, and its parts.
public final class Main {
    private static final Setting<URI> TODO_URI = Setting.httpUri("todo.uri");
    private static final Setting<Optional<URI>> PUBLIC_URI =
            Setting.publicUri("public.uri").optional();

    static final Service SERVICE =
            new Service("user-svc", Users::read, List.of(TODO_URI, PUBLIC_URI), Main::parts);

    private Main() {}

    public static void main(String[] args) {
        SERVICE.main(args);
    }

    private static Parts parts(Settings settings) {
        var users = settings.document(Users::read);
        var todoClient = new TodoClient(settings.get(TODO_URI));
        return new Parts(
                new UserRoutes(
                        new DocumentResources<>(users), todoClient, settings.get(PUBLIC_URI)),
                users::start,
                List.of(users, todoClient));
    }
}
