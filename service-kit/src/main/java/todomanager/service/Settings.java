package todomanager.service;

import io.helidon.common.media.type.MediaTypes;
import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import io.helidon.webserver.WebServerConfig;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import todomanager.text.SafeText;

/// The configuration of a service, checked as a whole before anything uses it.
///
/// System properties go over environment variables, these over the file given with `--config`, and
/// that over the packaged `application.yaml`.
public final class Settings {
    private static final int MOST_TYPING_ERRORS = 3;

    /// What a further socket's options are named with.
    private static final Pattern SOCKET = Pattern.compile("^server\\.sockets\\.([^.]+)\\.");

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
                                        ConfigSources.create(given),
                                        ConfigSources.classpath("application.yaml"))
                                .build());
        known.forEach(setting -> settings.read(setting, file, given));
        settings.refuseUnknownKeys(file, given, known);
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

    /// All of the configuration, Helidon's part too.
    Config config() {
        return config;
    }

    private static Config readFile(Path file) throws StartFailure {
        if (!Files.isRegularFile(file)) {
            throw unusable(file, "not a file; give --config the path of a YAML file");
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

    private void read(Setting<?> setting, @Nullable Path file, Config given) {
        if (given.get(setting.key()).exists() && !given.get(setting.key()).isLeaf()) {
            problems.add("%s (%s): expected one value".formatted(setting.key(), file));
            return;
        }
        String text = config.get(setting.key()).asString().orElse("");
        try {
            values.put(setting, setting.parser().apply(text));
        } catch (IllegalArgumentException e) {
            String value = setting.key() + " = " + SafeText.quoted(text);
            String source = source(setting, file, given);
            problems.add("%s (%s): %s".formatted(value, source, e.getMessage()));
        }
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

    /// In the file, and among the system properties that begin as ours do. The environment is full
    /// of other programs' variables, and OpenTelemetry's SDK has properties of its own.
    private void refuseUnknownKeys(@Nullable Path file, Config given, List<Setting<?>> known) {
        List<String> keys = Stream.concat(known.stream().map(Setting::key), serverKeys()).toList();
        Config sockets = given.get("server.sockets");
        boolean byName = !sockets.exists() || sockets.type() == Config.Type.OBJECT;
        if (!byName) { // which Helidon ignores
            problems.add("server.sockets (%s): expected a mapping by name".formatted(file));
        }
        var wrong = new TreeSet<String>();
        for (String key : given.asMap().orElse(Map.of()).keySet()) {
            if (byName || !key.startsWith("server.sockets")) {
                refuseUnknown(key, String.valueOf(file), keys, wrong);
            }
        }
        Set<String> blocks =
                known.stream()
                        .map(setting -> blockOf(setting.key()))
                        .filter(block -> !block.equals("otel"))
                        .collect(Collectors.toSet());
        for (String key : System.getProperties().stringPropertyNames()) {
            if (blocks.contains(blockOf(key))) {
                refuseUnknown(key, "system property", keys, wrong);
            }
        }
        problems.addAll(wrong);
    }

    /// Without a regular expression, as every start asks it of all that Java sets itself.
    private static String blockOf(String key) {
        int dot = key.indexOf('.');
        return dot < 0 ? key : key.substring(0, dot);
    }

    private static void refuseUnknown(
            String key, String source, List<String> keys, Set<String> wrong) {
        var socket = SOCKET.matcher(key);
        if (socket.find() && !socket.group(1).equals("admin")) { // or nothing would be served there
            String name = SafeText.oneLine("server.sockets." + socket.group(1));
            wrong.add("%s (%s): there is only server.sockets.admin".formatted(name, source));
            return;
        }
        String option = optionOf(key);
        if (!keys.contains(SOCKET.matcher(option).replaceFirst("server."))) {
            wrong.add(
                    "%s (%s): %s"
                            .formatted(SafeText.oneLine(option), source, remedy(option, keys)));
        }
    }

    /// The key without an index, and without what stands below an option of the server, which is
    /// Helidon's.
    private static String optionOf(String key) {
        return key.replaceFirst("^((?>server\\.sockets\\.[^.]+\\.|server\\.)[^.]+)\\..*", "$1")
                .replaceFirst("(\\.\\d+)+$", "");
    }

    /// What Helidon's server block takes, and a further socket's block as well: the names of the
    /// options that a server is built with.
    private static Stream<String> serverKeys() {
        return Arrays.stream(WebServerConfig.class.getMethods())
                .map(method -> method.getName().replaceAll("([A-Z])", "-$1"))
                .map(name -> "server." + name.toLowerCase(Locale.ROOT))
                .filter(key -> !key.equals("server.shutdown-grace-period")); // shutdown.grace
    }

    private static String remedy(String unknown, List<String> keys) {
        Optional<String> below =
                keys.stream().filter(key -> key.startsWith(unknown + ".")).findFirst();
        if (below.isPresent()) {
            return "expected keys below it, such as " + below.get();
        }
        var socket = SOCKET.matcher(unknown);
        String block = socket.find() ? socket.group() : "server.";
        return keys.stream()
                .map(key -> key.replaceFirst("^server\\.(?!sockets\\.)", block))
                .min(Comparator.comparingInt(key -> distance(key, unknown)))
                .filter(key -> distance(key, unknown) <= MOST_TYPING_ERRORS)
                .map(key -> "unknown key; did you mean " + key + "?")
                .orElse("unknown key; remove it");
    }

    /// How many characters must be typed, left out or changed to make the one of the other
    /// (Levenshtein).
    private static int distance(String one, String other) {
        int[] row = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
