package todomanager.service;

import io.helidon.common.media.type.MediaTypes;
import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import todomanager.auth.Misconfigured;
import todomanager.auth.SecretKeys;
import todomanager.database.Address;
import todomanager.database.Database;
import todomanager.database.Tables;
import todomanager.document.Document;
import todomanager.document.DocumentWriter;
import todomanager.document.DocumentWriter.NotWritable;
import todomanager.document.LiveDocument;
import todomanager.json.InvalidDocument;
import todomanager.telemetry.LogFormat;
import todomanager.text.FileNames;
import todomanager.text.SafeText;

/// The configuration of a service, checked as a whole before anything uses it.
///
/// System properties go over environment variables, these over the file given with `--config`, and
/// that over the packaged `application.yaml`.
public final class Settings {
    public static final Setting<Store> DATA_STORE =
            Setting.oneOf("data.store", List.of(Store.values()));
    static final Setting<Path> DATA_PATH = Setting.path("data.path");
    static final Setting<Duration> DATA_POLL = Setting.duration("data.poll");
    static final Setting<Integer> PORT = Setting.port("server.port");
    static final Setting<Integer> ADMIN_PORT = Setting.port("server.sockets.admin.port");
    static final Setting<Duration> DRAIN = Setting.duration("shutdown.drain");
    static final Setting<Duration> GRACE = Setting.duration("shutdown.grace");
    public static final Setting<Boolean> DATA_WRITABLE =
            Setting.oneOf("data.writable", List.of(true, false));
    static final Setting<Optional<String>> DATA_URL = Setting.databaseUrl("data.url").optional();
    static final Setting<Optional<String>> DATA_USERNAME =
            new Setting<>("data.username", text -> text).optional();
    static final Setting<Optional<Path>> DATA_PASSWORD_FILE =
            Setting.path("data.password.file").optional();
    static final Setting<Integer> DATA_CONNECTIONS = Setting.count("data.connections");
    public static final Setting<Optional<URI>> PUBLIC_URI =
            Setting.publicUri("public.uri").optional();
    static final Setting<Optional<Auth>> AUTH =
            Setting.oneOf("auth", List.of(Auth.values())).optional();
    public static final Setting<Optional<Path>> ASSERTION_KEYS_FILE =
            Setting.path("auth.assertion-keys-file").optional();
    static final Setting<LogFormat> LOG_FORMAT =
            Setting.oneOf("log.format", List.of(LogFormat.values()));
    static final Setting<Boolean> LOG_ACCESS = Setting.oneOf("log.access", List.of(true, false));
    static final Setting<Optional<URI>> COLLECTOR =
            Setting.collector("otel.exporter.otlp.endpoint").optional();
    static final Setting<Optional<URI>> TRACES_COLLECTOR =
            Setting.httpUri("otel.exporter.otlp.traces.endpoint").optional();

    /// What can be set for every service.
    static final List<Setting<?>> OF_ALL =
            List.of(
                    PORT,
                    ADMIN_PORT,
                    DATA_STORE,
                    DATA_WRITABLE,
                    DATA_PATH,
                    DATA_POLL,
                    DATA_URL,
                    DATA_USERNAME,
                    DATA_PASSWORD_FILE,
                    DATA_CONNECTIONS,
                    PUBLIC_URI,
                    AUTH,
                    ASSERTION_KEYS_FILE,
                    DRAIN,
                    GRACE,
                    LOG_FORMAT,
                    LOG_ACCESS,
                    COLLECTOR,
                    TRACES_COLLECTOR);

    /// Where a service keeps its data.
    public enum Store {
        /// In a JSON file.
        DOCUMENT,

        /// In tables.
        POSTGRESQL
    }

    /// Whom a service asks who they are, where it does not know by itself.
    public enum Auth {
        /// Nobody, and that is meant.
        NONE
    }

    private final Config config;
    private final Map<Setting<?>, Object> values = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private Settings(Config config) {
        this.config = config;
    }

    /// Reads the settings that a service knows.
    ///
    /// @throws StartFailure with every problem: key, value, where it was set, and what to do
    static Settings read(@Nullable Path file, List<Setting<?>> known) throws StartFailure {
        Config given = file == null ? Config.empty() : readFile(file);
        var settings =
                new Settings(
                        Config.builder(
                                        ConfigSources.create(environment(known)),
                                        ConfigSources.create(given),
                                        ConfigSources.classpath("application.yaml"))
                                .build());
        known.forEach(setting -> settings.read(setting, file, given, known));
        settings.requireAddress();
        settings.problems.addAll(UnknownKeys.find(String.valueOf(file), given, known));
        if (!settings.problems.isEmpty()) {
            throw new StartFailure(StartFailure.CONFIG, String.join("\n", settings.problems));
        }
        return settings;
    }

    /// The value of one of the settings that were read.
    public <T> T get(Setting<T> setting) {
        @SuppressWarnings("unchecked") // what is kept for a setting, its own parser has made
        T value = (T) values.get(setting);
        return Objects.requireNonNull(value, setting.key());
    }

    /// The value of a setting that another one has need of.
    ///
    /// @throws Misconfigured if there is none
    public <T> T required(Setting<Optional<T>> setting, Setting<?> by) {
        return get(setting)
                .orElseThrow(() ->
                        new Misconfigured(
                                "%s (%s): is needed where %s is set"
                                        .formatted(
                                                setting.key(),
                                                setting.environmentVariable(),
                                                by.key())));
    }

    /// The secret keys in the file that a setting names.
    ///
    /// @throws Misconfigured if there are none in it
    public static SecretKeys keys(Setting<?> setting, Path file) {
        return new SecretKeys(setting.key(), file);
    }

    /// Reads the document that is set.
    ///
    /// @param reader makes of its bytes what is served, or throws [InvalidDocument]
    /// @throws InvalidDocument with what is wrong
    public <T> LiveDocument<T> document(Function<byte[], T> reader) {
        return new LiveDocument<>(get(DATA_PATH), reader, get(DATA_POLL));
    }

    /// What writes that document, where it may be written.
    ///
    /// @param codec of its members
    /// @throws NotWritable if it is to be written, but can't be
    public <T extends Document<T>, V> Optional<DocumentWriter<T, V>> writer(
            LiveDocument<T> document, DocumentWriter.Codec<V> codec) {
        return get(DATA_WRITABLE)
                ? Optional.of(new DocumentWriter<>(document, codec))
                : Optional.empty();
    }

    /// Opens the database that is set.
    ///
    /// @throws todomanager.database.Address.Unusable with what people have to mend
    public Database database(Tables tables) {
        var database = new Database(address(), tables.schema(), get(DATA_CONNECTIONS));
        database.requireUsable();
        return database;
    }

    Address address() {
        return new Address(
                get(DATA_URL).orElseThrow(),
                get(DATA_USERNAME).orElseThrow(),
                get(DATA_PASSWORD_FILE));
    }

    boolean isInDatabase() {
        return get(DATA_STORE) == Store.POSTGRESQL;
    }

    /// What the data is kept in, for people to read.
    String data() {
        Object data = isInDatabase() ? address() : get(DATA_PATH);
        return SafeText.oneLine(data.toString());
    }

    /// Whoever names a database means it.
    private void requireAddress() {
        Object store = values.get(DATA_STORE);
        for (Setting<?> setting : List.of(DATA_URL, DATA_USERNAME)) {
            Object value = values.get(setting); // none where it has a fault of its own
            String name = "%s (%s)".formatted(setting.key(), setting.environmentVariable());
            if (store == Store.POSTGRESQL && Optional.empty().equals(value)) {
                problems.add(name + ": is needed where data.store is postgresql");
            }
            if (store == Store.DOCUMENT
                    && value instanceof Optional<?> given
                    && given.isPresent()) {
                problems.add(
                        name + ": is for data.store postgresql; set DATA_STORE, or leave this out");
            }
        }
    }

    /// All of the configuration, Helidon's part too.
    Config config() {
        return config;
    }

    /// What Helidon would look for by other names: `A_DASH_B` for `a-b`.
    private static Map<String, String> environment(List<Setting<?>> known) {
        var values = new HashMap<String, String>();
        for (Setting<?> setting : known) {
            String value = System.getenv(setting.environmentVariable());
            if (value != null && setting.key().contains("-")) {
                values.put(setting.key(), value);
            }
        }
        return values;
    }

    private static Config readFile(Path file) throws StartFailure {
        if (!Files.isRegularFile(file)) {
            String remedy = FileNames.remedy(file, "give --config the path of a YAML file");
            throw unusable(file, "not a file" + remedy);
        }
        try {
            // Helidon only warns of a key that stands there twice
            var strict = new LoaderOptions();
            strict.setAllowDuplicateKeys(false);
            new Yaml(strict).load(Files.readString(file));
            return Config.builder(ConfigSources.file(file).mediaType(MediaTypes.APPLICATION_X_YAML))
                    .disableSystemPropertiesSource()
                    .disableEnvironmentVariablesSource()
                    .build();
        } catch (MarkedYAMLException e) {
            Mark place = e.getProblemMark();
            String where = file + ":" + (place.getLine() + 1) + ":" + (place.getColumn() + 1);
            throw unusable(where, e.getProblem());
        } catch (AccessDeniedException e) {
            throw unusable(file, "may not be read by this user; check its permissions");
        } catch (IOException | YAMLException | ConfigException e) {
            throw unusable(file, "can't be read as a YAML mapping of keys to values");
        }
    }

    private static StartFailure unusable(Object where, String what) {
        return new StartFailure(
                StartFailure.CONFIG,
                SafeText.oneLine(where.toString()) + ": " + SafeText.oneLine(what));
    }

    private void read(
            Setting<?> setting, @Nullable Path file, Config given, List<Setting<?>> known) {
        Config there = given.get(setting.key());
        boolean isBlock =
                known.stream().anyMatch(other -> other.key().startsWith(setting.key() + '.'));
        if (there.exists() && !there.isLeaf() && !isBlock) {
            problems.add("%s (%s): expected one value".formatted(setting.key(), file));
            return;
        }
        String text = config.get(setting.key()).asString().orElse("");
        try {
            values.put(setting, setting.parser().apply(text));
        } catch (IllegalArgumentException e) {
            String value = setting.key() + " = " + SafeText.quoted(withoutPassword(text));
            String source = source(setting, file, given);
            problems.add("%s (%s): %s".formatted(value, source, e.getMessage()));
        }
    }

    /// A password has no place in a URL, least of all in a log.
    private static String withoutPassword(String url) {
        return url.replaceAll("(?i)(password=)[^&]*", "$1…").replaceAll("(?s)^.*@", "…@");
    }

    private static String source(Setting<?> setting, @Nullable Path file, Config given) {
        if (System.getProperty(setting.key()) != null) {
            return "system property";
        }
        if (System.getenv(setting.environmentVariable()) != null) {
            return "environment variable " + setting.environmentVariable();
        }
        return given.get(setting.key()).exists() ? String.valueOf(file) : "application.yaml";
    }
}
