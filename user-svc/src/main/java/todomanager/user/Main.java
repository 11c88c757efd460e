package todomanager.user;

import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import todomanager.auth.Assertions;
import todomanager.service.Service;
import todomanager.service.Service.Parts;
import todomanager.service.Setting;
import todomanager.service.Settings;
import todomanager.user.signin.SignIn;
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

    public static final Service SERVICE =
            new Service(
                    "user-svc",
                    Users::read,
                    Stream.concat(Stream.of(TODO_URI), SignIn.SETTINGS.stream()).toList(),
                    Optional.of(TABLES),
                    Main::parts);

    private Main() {}

    public static void main(String[] args) {
        SERVICE.main(args);
    }

    private static Parts parts(Settings settings) {
        var assertions =
                settings.get(Settings.ASSERTION_KEYS_FILE)
                        .map(file -> Settings.keys(Settings.ASSERTION_KEYS_FILE, file))
                        .map(keys -> new Assertions(keys, Clock.systemUTC()));
        var todoClient = new TodoClient(settings.get(TODO_URI), assertions);
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
        return parts(new DocumentStore(users, writer), settings, todoClient, users::start, toClose);
    }

    private static Parts onDatabase(Settings settings, TodoClient todoClient) {
        var database = settings.database(TABLES);
        var store = new PostgresStore(database, settings.get(Settings.DATA_WRITABLE));
        return parts(store, settings, todoClient, () -> {}, List.of(database, todoClient));
    }

    private static Parts parts(
            UserStore store,
            Settings settings,
            TodoClient todoClient,
            Runnable start,
            List<AutoCloseable> toClose) {
        var signIn =
                settings.get(SignIn.ISSUER)
                        .map(issuer -> new SignIn(issuer, settings, store, Clock.systemUTC()));
        if (signIn.isEmpty()) {
            SignIn.requireNothing(settings);
        }
        var all = new ArrayList<>(toClose);
        signIn.ifPresent(all::add);
        var routes =
                new UserRoutes(
                        store, todoClient, settings.get(Settings.PUBLIC_URI), signIn.isPresent());
        return new Parts(
                signIn.map(SignIn::guard),
                rules -> {
                    routes.routing(rules);
                    signIn.ifPresent(it -> it.routing(rules));
                },
                () -> {
                    start.run();
                    signIn.ifPresent(SignIn::start);
                },
                all);
    }
}
