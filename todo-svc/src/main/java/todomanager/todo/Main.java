package todomanager.todo;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import todomanager.auth.Assertions;
import todomanager.auth.Guard;
import todomanager.service.Service;
import todomanager.service.Service.Parts;
import todomanager.service.Settings;
import todomanager.todo.store.DocumentStore;
import todomanager.todo.store.ListStore;
import todomanager.todo.store.ListTables;
import todomanager.todo.store.PostgresStore;
import todomanager.todo.store.TodoLists;

/// todo-svc, as a list: its name, what checks its document, what can be set, and its parts.
public final class Main {
    private static final ListTables TABLES = new ListTables();

    static final Service SERVICE =
            new Service("todo-svc", TodoLists::read, List.of(), Optional.of(TABLES), Main::parts);

    private Main() {}

    public static void main(String[] args) {
        SERVICE.main(args);
    }

    private static Parts parts(Settings settings) {
        return switch (settings.get(Settings.DATA_STORE)) {
            case DOCUMENT -> onDocument(settings);
            case POSTGRESQL -> onDatabase(settings);
        };
    }

    private static Parts onDocument(Settings settings) {
        var todoLists = settings.document(TodoLists::read);
        var writer = settings.writer(todoLists, DocumentStore.CODEC);
        var toClose = new ArrayList<AutoCloseable>(List.of(todoLists));
        writer.ifPresent(toClose::add);
        return new Parts(
                guard(settings),
                routes(new DocumentStore(todoLists, writer), settings),
                todoLists::start,
                toClose);
    }

    private static Parts onDatabase(Settings settings) {
        var database = settings.database(TABLES);
        var store = new PostgresStore(database, settings.get(Settings.DATA_WRITABLE));
        return new Parts(guard(settings), routes(store, settings), () -> {}, List.of(database));
    }

    private static Optional<Guard> guard(Settings settings) {
        return settings.get(Settings.ASSERTION_KEYS_FILE)
                .map(file -> Settings.keys(Settings.ASSERTION_KEYS_FILE, file))
                .map(keys -> new AssertionFilter(new Assertions(keys, Clock.systemUTC())))
                .map(filter -> new Guard(filter, "only user-svc may ask, which bears assertions"));
    }

    private static TodoRoutes routes(ListStore store, Settings settings) {
        return new TodoRoutes(store, settings.get(Settings.PUBLIC_URI));
    }
}
