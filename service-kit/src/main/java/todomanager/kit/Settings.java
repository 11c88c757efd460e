package todomanager.kit;

import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import io.helidon.webserver.WebServerConfig;
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
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/// The configuration of a service, checked as a whole before anything uses it.
///
/// System properties go over environment variables, these over the file given with `--config`, and
/// that over the packaged `application.yaml`.
public final class Settings {
    private static final int MOST_TYPING_ERRORS = 3;

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
            return Config.builder(ConfigSources.file(file))
                    .disableSystemPropertiesSource()
                    .disableEnvironmentVariablesSource()
                    .build();
        } catch (ConfigException e) {
            if (e.getCause() instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
                var place = yaml.getProblemMark();
                String where = file + ":" + (place.getLine() + 1) + ":" + (place.getColumn() + 1);
                throw unusable(where, yaml.getProblem());
            }
            throw unusable(file, "can't be read as a YAML mapping of keys to values");
        }
    }

    private static StartFailure unusable(Object where, String what) {
        return new StartFailure(
                StartFailure.CONFIG, Text.oneLine(where.toString()) + ": " + Text.oneLine(what));
    }

    private void read(Setting<?> setting, @Nullable Path file, Config given) {
        String text = config.get(setting.key()).asString().orElse("");
        try {
            values.put(setting, setting.parser().apply(text));
        } catch (IllegalArgumentException e) {
            String value = setting.key() + " = " + Text.quoted(text);
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

    /// In the file alone, since the environment and the system properties are not ours.
    private void refuseUnknownKeys(@Nullable Path file, Config given, List<Setting<?>> known) {
        var options = new TreeSet<String>();
        given.asMap().orElse(Map.of()).keySet().forEach(key -> options.add(optionOf(key)));
        for (String option : options) {
            var keys = Stream.concat(known.stream().map(Setting::key), serverKeys(option)).toList();
            if (!keys.contains(option)) {
                String name = Text.oneLine(option);
                problems.add(
                        "%s (%s): unknown key; %s".formatted(name, file, remedy(option, keys)));
            }
        }
    }

    /// The key without an index, and without what Helidon checks below an option of the server.
    private static String optionOf(String key) {
        return key.replaceFirst("^(server\\.(?:sockets\\.[^.]+\\.)?+[^.]+)\\..*", "$1")
                .replaceFirst("(\\.\\d+)+$", "");
    }

    /// What Helidon's server block takes, and a further socket's block as well: the names of the
    /// options that a server is built with.
    private static Stream<String> serverKeys(String option) {
        String block = option.replaceFirst("^(server\\.sockets\\.[^.]+\\.).*", "$1");
        String prefix = block.equals(option) ? "server." : block;
        return Arrays.stream(WebServerConfig.class.getMethods())
                .map(method -> method.getName().replaceAll("([A-Z])", "-$1"))
                .map(name -> prefix + name.toLowerCase(Locale.ROOT));
    }

    private static String remedy(String unknown, List<String> keys) {
        return keys.stream()
                .min(Comparator.comparingInt(key -> distance(key, unknown)))
                .filter(key -> distance(key, unknown) <= MOST_TYPING_ERRORS)
                .map(key -> "did you mean " + key + "?")
                .orElse("remove it");
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
