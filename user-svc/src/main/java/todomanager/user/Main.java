package todomanager.user;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import todomanager.service.Service;
import todomanager.service.Service.Parts;
import todomanager.service.Setting;
import todomanager.service.Settings;
import todomanager.user.store.DocumentStore;
import todomanager.user.store.PostgresStore;
import todomanager.user.store.UserStore;
import todomanager.user.store.UserTables;
import todomanager.user.store.Users;
import todomanager.user.todo.TodoClient;

/// user-svc, as a list: its name, what checks its document, what can be set, and its parts.
public final class Main {
    private static final Setting<URI> TODO_URI = Setting.httpUri("todo.uri");

    private static final UserTables TABLES = new UserTables();

    static final Service SERVICE =
            new Service(
                    "user-svc", Users::read, List.of(TODO_URI), Optional.of(TABLES), Main::parts);

    private Main() {}

    public static void main(String[] args) {
        SERVICE.main(args);
    }

    private static Parts parts(Settings settings) {
        var todoClient = new TodoClient(settings.get(TODO_URI));
        return switch (settings.get(Settings.DATA_STORE)) {
            case DOCUMENT -> onDocument(settings, todoClient);
            case POSTGRESQL -> onDatabase(settings, todoClient);
        };
    }

    private static Parts onDocument(Settings settings, TodoClient todoClient) {
        var users = settings.document(Users::read);
        var writer = settings.writer(users, DocumentStore.CODEC);
        var toClose = new ArrayList<AutoCloseable>(List.of(users, todoClient));
        writer.ifPresent(toClose::add);
        return new Parts(
                routes(new DocumentStore(users, writer), settings, todoClient),
                users::start,
                toClose);
    }

    private static Parts onDatabase(Settings settings, TodoClient todoClient) {
        var database = settings.database(TABLES);
        var store = new PostgresStore(database, settings.get(Settings.DATA_WRITABLE));
        return new Parts(
                routes(store, settings, todoClient), () -> {}, List.of(database, todoClient));
    }

    private static UserRoutes routes(UserStore store, Settings settings, TodoClient todoClient) {
        return new UserRoutes(store, todoClient, settings.get(Settings.PUBLIC_URI));
    }
}
