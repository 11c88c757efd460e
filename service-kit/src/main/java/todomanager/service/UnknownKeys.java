package todomanager.service;

import io.helidon.config.Config;
import io.helidon.webserver.WebServerConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import todomanager.text.SafeText;
import todomanager.text.Spelling;

/// Finds keys that nobody reads, which most likely are misspelt. The environment is left out, which
/// is full of other programs' variables.
///
/// @param known keys
/// @param wrong a line for each that is found, sorted
record UnknownKeys(List<String> known, Set<String> wrong) {
    /// What a further socket's options are named with.
    private static final Pattern SOCKET = Pattern.compile("^server\\.sockets\\.([^.]+)\\.");

    /// Looks among the keys of a file, and among the system properties that begin as ours do.
    static Set<String> find(Object file, Config given, List<Setting<?>> settings) {
        List<String> keys =
                Stream.concat(settings.stream().map(Setting::key), serverKeys()).toList();
        var unknown = new UnknownKeys(keys, new TreeSet<>());
        unknown.lookInFile(file.toString(), given);
        unknown.lookAmongSystemProperties(settings);
        return unknown.wrong;
    }

    private void lookInFile(String file, Config given) {
        Config sockets = given.get("server.sockets");
        boolean byName = !sockets.exists() || sockets.type() == Config.Type.OBJECT;
        if (!byName) { // which Helidon ignores
            wrong.add("server.sockets (%s): expected a mapping by name".formatted(file));
        }
        for (String key : given.asMap().orElse(Map.of()).keySet()) {
            if (byName || !key.startsWith("server.sockets")) {
                look(key, file);
            }
        }
    }

    /// OpenTelemetry's SDK has properties of its own.
    private void lookAmongSystemProperties(List<Setting<?>> settings) {
        Set<String> blocks =
                settings.stream()
                        .map(setting -> blockOf(setting.key()))
                        .filter(block -> !block.equals("otel"))
                        .collect(Collectors.toSet());
        for (String key : System.getProperties().stringPropertyNames()) {
            if (blocks.contains(blockOf(key))) {
                look(key, "system property");
            }
        }
    }

    /// Without a regular expression, as every start asks it of all that Java sets itself.
    private static String blockOf(String key) {
        int dot = key.indexOf('.');
        return dot < 0 ? key : key.substring(0, dot);
    }

    private void look(String key, String source) {
        var socket = SOCKET.matcher(key);
        if (socket.find() && !socket.group(1).equals("admin")) { // or nothing would be served there
            String name = SafeText.oneLine("server.sockets." + socket.group(1));
            wrong.add("%s (%s): there is only server.sockets.admin".formatted(name, source));
            return;
        }
        String option = optionOf(key);
        if (!known.contains(SOCKET.matcher(option).replaceFirst("server."))) {
            wrong.add("%s (%s): %s".formatted(SafeText.oneLine(option), source, remedy(option)));
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

    private String remedy(String unknown) {
        Optional<String> below =
                known.stream().filter(key -> key.startsWith(unknown + ".")).findFirst();
        if (below.isPresent()) {
            return "expected keys below it, such as " + below.get();
        }
        var socket = SOCKET.matcher(unknown);
        String block = socket.find() ? socket.group() : "server.";
        return Spelling.closest(
                        unknown,
                        known.stream()
                                .map(key -> key.replaceFirst("^server\\.(?!sockets\\.)", block)))
                .map(key -> "unknown key; did you mean " + key + "?")
                .orElse("unknown key; remove it");
    }
}
