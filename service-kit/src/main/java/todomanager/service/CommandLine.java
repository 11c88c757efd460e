package todomanager.service;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import todomanager.database.Address.Unusable;
import todomanager.database.Schema;
import todomanager.database.Transfer;
import todomanager.database.Transfer.Mode;
import todomanager.document.DataFile;
import todomanager.document.DocumentWriter.NotWritable;
import todomanager.document.JsonMembers;
import todomanager.document.WritableFile;
import todomanager.http.Revision;
import todomanager.json.InvalidDocument;
import todomanager.text.SafeText;

/// What a service can be told at the command line.
///
/// @param out for what was asked for
/// @param err for what is wrong
record CommandLine(Service service, PrintStream out, PrintStream err) {
    private static final Set<String> IMPORT_OPTIONS = Set.of("--merge", "--absent");

    /// Does what the arguments say. A service that has started goes on in threads of its own.
    ///
    /// @return an exit code of sysexits.h: 64 for a wrong call, 65 for a bad document, 74 for a
    ///   file that can't be written, 78 for a bad configuration; 0 where nothing is wrong
    int run(String... args) {
        try {
            if (List.of(args).contains("--help")) {
                return print(help());
            }
            return switch (args.length == 0 ? "" : args[0]) {
                case "--version" -> print(service.name() + " " + Service.version() + "\n");
                case "validate" -> validate(List.of(args).subList(1, args.length));
                case "export" -> export(List.of(args).subList(1, args.length));
                case "import" -> importDocument(List.of(args).subList(1, args.length));
                case "migrate" -> migrate(List.of(args).subList(1, args.length));
                default -> {
                    service.start(settings(args));
                    yield 0;
                }
            };
        } catch (StartFailure e) {
            return fail(e.exitCode(), e.lines());
        } catch (InvalidDocument e) {
            return fail(StartFailure.DATA, e.describe().lines().toList());
        } catch (NotWritable e) {
            return fail(StartFailure.CONFIG, List.of(String.valueOf(e.getMessage())));
        } catch (Unusable e) {
            return fail(StartFailure.CONFIG, List.of(e.sentence()));
        } catch (IOException e) {
            return fail(
                    StartFailure.INPUT_OUTPUT,
                    List.of(
                            "the document could not be written, and is as it was: "
                                    + SafeText.oneLine(e.toString())));
        }
    }

    private int fail(int exitCode, List<String> lines) {
        lines.forEach(line -> err.println(service.name() + ": " + line));
        return exitCode;
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

    /// The same of a command that takes nothing else.
    private Settings settings(String command, List<String> args) throws StartFailure {
        if (args.size() != 2 && !args.isEmpty()) {
            throw notUnderstood(command, String.join(" ", args));
        }
        return settings(args.toArray(String[]::new));
    }

    private Settings settings(@Nullable Path file) throws StartFailure {
        return Settings.read(file, service.settings());
    }

    private int validate(List<String> args) throws StartFailure, IOException {
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
            Settings settings = settings(config);
            if (settings.isInDatabase()) {
                transfer(settings).requireUsable();
                return print(settings.data() + ": valid\n");
            }
            files.add(settings.get(Settings.DATA_PATH));
        }
        return new Validation(service.check(), out).run(files, users) ? 0 : StartFailure.DATA;
    }

    /// Makes the tables of the database that is set, or brings them up to date.
    private int migrate(List<String> args) throws StartFailure {
        Settings settings = settings("migrate", args);
        if (!settings.isInDatabase()) {
            throw new StartFailure(
                    StartFailure.CONFIG,
                    "data.store is not postgresql (DATA_STORE): a document needs no migration");
        }
        Schema schema = service.tables().orElseThrow().schema();
        int run = schema.migrate(settings.address());
        return print(
                "%s: has version %d of the tables, %d new%n"
                        .formatted(settings.data(), schema.version(), run));
    }

    /// Prints the data as a document.
    private int export(List<String> args) throws StartFailure, IOException {
        Settings settings = settings("export", args);
        if (settings.isInDatabase()) {
            transfer(settings).export(out);
        } else {
            out.write(read(settings.get(Settings.DATA_PATH)));
        }
        return out.checkError()
                ? fail(
                        StartFailure.INPUT_OUTPUT,
                        List.of("the document can't be written out: is the disk full?"))
                : 0;
    }

    /// Puts a document in the place of the one that is set, or its members into that; or leaves
    /// that alone, if it is there.
    private int importDocument(List<String> args) throws StartFailure, IOException {
        Path from = null;
        Path config = null;
        var options = new HashSet<String>();
        for (var rest = args.iterator(); rest.hasNext(); ) {
            String arg = rest.next();
            if (arg.equals("--config") && config == null && rest.hasNext()) {
                config = path(rest.next());
            } else if (IMPORT_OPTIONS.contains(arg) && options.isEmpty()) {
                options.add(arg);
            } else if (from == null && !arg.startsWith("-")) {
                from = path(arg);
            } else {
                throw notUnderstood("import", arg);
            }
        }
        if (from == null) {
            throw new StartFailure(StartFailure.USAGE, "import needs a FILE; try --help");
        }
        byte[] document = read(from);
        Settings settings = settings(config);
        return settings.isInDatabase()
                ? importInto(settings, from, document, options)
                : importInto(settings.get(Settings.DATA_PATH), document, options);
    }

    private int importInto(Settings settings, Path from, byte[] document, Set<String> options)
            throws IOException {
        Mode mode =
                options.contains("--absent")
                        ? Mode.IF_ABSENT
                        : options.contains("--merge") ? Mode.MERGE : Mode.REPLACE;
        boolean done;
        try {
            done = transfer(settings).load(document, mode);
        } catch (InvalidDocument e) {
            throw e.in(from);
        }
        return print(
                settings.data()
                        + (done
                                ? ": has the document now, revision "
                                        + Revision.of(document).value()
                                        + "\n"
                                : ": has data, which stays as it is\n"));
    }

    private Transfer transfer(Settings settings) {
        return new Transfer(settings.address(), service.tables().orElseThrow());
    }

    private int importInto(Path path, byte[] given, Set<String> options) throws IOException {
        byte[] document = given;
        try (var file = new WritableFile(path)) {
            if (options.contains("--absent") && Files.exists(path)) {
                return print(
                        SafeText.oneLine(path.toString()) + ": is there, and stays as it is\n");
            }
            if (options.contains("--merge")) {
                document = JsonMembers.merged(read(path), document);
                service.check().accept(document);
            }
            file.replace(document, () -> true);
        }
        return print(
                "%s: has the document now, revision %s%n"
                        .formatted(
                                SafeText.oneLine(path.toString()), Revision.of(document).value()));
    }

    private byte[] read(Path path) {
        return new DataFile(path)
                .read(document -> {
                    service.check().accept(document);
                    return document;
                });
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
               java -jar %1$s.jar migrate [--config FILE]
               java -jar %1$s.jar validate [--config FILE] [--users FILE] [FILE…]
               java -jar %1$s.jar export [--config FILE]
               java -jar %1$s.jar import [--config FILE] [--merge|--absent] FILE

          migrate        make the tables of the database that is set, or bring them up to date
          validate       check documents, or what is set; end with 65 if a document is bad
          export         print the data that is set as a document
          import         put the document FILE in its place; no service may write a document then
          --merge        keep what FILE does not have
          --absent       do nothing if there is data
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
