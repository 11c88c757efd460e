package todomanager.user;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import todomanager.service.Service;
import todomanager.service.Service.Parts;
import todomanager.service.Setting;
import todomanager.service.Settings;
import todomanager.user.store.DocumentStore;
import todomanager.user.store.Users;
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
        var writer = settings.writer(users, DocumentStore.CODEC);
        var todoClient = new TodoClient(settings.get(TODO_URI));
        var toClose = new ArrayList<AutoCloseable>(List.of(users, todoClient));
        writer.ifPresent(toClose::add);
        return new Parts(
                new UserRoutes(
                        new DocumentStore(users, writer),
                        todoClient,
                        settings.get(Settings.PUBLIC_URI)),
                users::start,
                toClose);
    }
}
