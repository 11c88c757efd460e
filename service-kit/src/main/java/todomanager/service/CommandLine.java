package todomanager.service;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import todomanager.text.SafeText;

/// What a service can be told at the command line.
///
/// @param out for what was asked for
/// @param err for what is wrong
record CommandLine(Service service, PrintStream out, PrintStream err) {

    /// Does what the arguments say. A service that has started goes on in threads of its own.
    ///
    /// @return an exit code of sysexits.h: 64 for a wrong call, 65 for a bad document, 78 for a bad
    ///   configuration; 0 where nothing is wrong
    int run(String... args) {
        try {
            if (List.of(args).contains("--help")) {
                return print(help());
            }
            return switch (args.length == 0 ? "" : args[0]) {
                case "--version" -> print(service.name() + " " + Service.version() + "\n");
                case "validate" -> validate(List.of(args).subList(1, args.length));
                default -> {
                    service.start(settings(args));
                    yield 0;
                }
            };
        } catch (StartFailure e) {
            e.lines().forEach(line -> err.println(service.name() + ": " + line));
            return e.exitCode();
        }
    }

    private int print(String text) {
        out.print(text);
        return 0;
    }

    /// Reads the settings that the arguments ask for.
    Settings settings(String... args) throws StartFailure {
        if (args.length == 0) {
            return settings((Path) null);
        }
        if (args.length == 2 && args[0].equals("--config")) {
            return settings(path(args[1]));
        }
        throw notUnderstood(args);
    }

    private Settings settings(@Nullable Path file) throws StartFailure {
        return Settings.read(file, service.settings());
    }

    private int validate(List<String> args) throws StartFailure {
        var files = new ArrayList<Path>();
        Path users = null;
        Path config = null;
        for (var rest = args.iterator(); rest.hasNext(); ) {
            String arg = rest.next();
            if (arg.equals("--users") && users == null && rest.hasNext()) {
                users = path(rest.next());
            } else if (arg.equals("--config") && config == null && rest.hasNext()) {
                config = path(rest.next());
            } else if (arg.startsWith("-")) {
                throw notUnderstood("validate", arg);
            } else {
                files.add(path(arg));
            }
        }
        if (files.isEmpty()) {
            files.add(settings(config).get(Settings.DATA_PATH));
        }
        return new Validation(service.check(), out).run(files, users) ? 0 : StartFailure.DATA;
    }

    private static Path path(String arg) throws StartFailure {
        try {
            return Setting.parsePath(arg);
        } catch (IllegalArgumentException e) {
            throw new StartFailure(
                    StartFailure.USAGE, SafeText.quoted(arg) + " is " + e.getMessage());
        }
    }

    private static StartFailure notUnderstood(String... args) {
        String said = SafeText.quoted(String.join(" ", args));
        return new StartFailure(
                StartFailure.USAGE, "can't make sense of the arguments " + said + "; try --help");
    }

    private String help() {
        Config packaged = Config.just(ConfigSources.classpath("application.yaml"));
        String table =
                service.settings().stream()
                        .map(setting ->
                                "  %-34s %-34s %s%n"
                                        .formatted(
                                                setting.key(),
                                                setting.environmentVariable(),
                                                packaged.get(setting.key()).asString().get()))
                        .collect(Collectors.joining());
        return """
        Usage: java -jar %1$s.jar [--config FILE]
               java -jar %1$s.jar validate [--config FILE] [--users FILE] [FILE…]

          validate       check documents, or the one that is set; end with 65 if one is bad
          --users FILE   warn of usernames that are not in that document
          --config FILE  YAML whose keys go over those of the jar's application.yaml
          --help         print this
          --version      print the version

        Settings, by file or -D, by environment variable, and their defaults:
        %2$s\
        """
                .formatted(service.name(), table);
    }
}
