package todomanager.system.published;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import todomanager.testkit.Http;
import todomanager.testkit.process.PostgreSql;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// README and docs: they can be read, lead somewhere, and their commands do what they show.
@Timeout(60)
class MarkdownIT {
    private static final int LONGEST_LINE = 120; // characters
    private static final int LONGEST_SENTENCE = 22; // words
    private static final double WITHIN = 0.9; // of all sentences
    private static final int LONGEST_README = 110; // lines
    private static final Duration LONGEST_RELOAD = Duration.ofSeconds(20);
    private static final String USER_SERVICE = "http://localhost:5000";
    private static final String TODO_SERVICE = "http://localhost:5001";
    private static final String DATABASE = "jdbc:postgresql://localhost:5432/todo";

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```.*?^```\n");
    private static final Pattern RUN = Pattern.compile("(?s)```(console|sql)\n(.*?)```");
    private static final Pattern SHELL = Pattern.compile("(?s)```sh\n(.*?)```");
    private static final Pattern SETTING = Pattern.compile("(?:AUTH|OIDC|SESSION)_\\w+=");
    private static final Pattern COMMAND = Pattern.compile("(?m)^\\$ (.*)\n((?:(?!\\$ ).*\n)*)");
    private static final Pattern STATEMENT = Pattern.compile("(?s)(.+?);\n");
    private static final Pattern READ = Pattern.compile("curl '?http");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\(([^)]*)\\)");
    private static final Pattern REFERENCE = Pattern.compile("(?m)^\\[[^\\]]+]: (.*)$");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern ITEM = Pattern.compile("(?m)^ *(?:[-*]|\\d+\\.) ");
    private static final Pattern END_OF_SENTENCE = Pattern.compile("(?<=[.!?]|[.!?]\\*\\*)\\s+");

    @TempDir private static Path folder;

    private static String database = DATABASE;
    private static Serving todoService;
    private static Serving userService;

    /// A folder where the commands find what a clone has, and may change the documents.
    @BeforeAll
    static void start() throws IOException {
        database = PostgreSql.database();
        Path documents = Files.createDirectory(folder.resolve("database"));
        for (String file :
                List.of("users.json", "todo.json", "users.schema.json", "todo.schema.json")) {
            Files.copy(
                    ServiceProcess.ROOT.resolve("database").resolve(file), documents.resolve(file));
        }
        output(
                "git init --quiet && git add database"
                        + " && git -c user.name=a -c user.email=a@b commit --quiet --message a");
        todoService =
                ServiceProcess.start(
                        "todo-svc",
                        Map.of(
                                "DATA_PATH",
                                documents.resolve("todo.json").toString(),
                                "DATA_WRITABLE",
                                "true"));
        userService =
                ServiceProcess.start(
                        "user-svc",
                        Map.of(
                                "DATA_PATH",
                                documents.resolve("users.json").toString(),
                                "DATA_WRITABLE",
                                "true",
                                "TODO_URI",
                                todoService.uri().toString()));
        // the first writes may take longer than user-svc waits; these leave nothing
        for (String lists :
                List.of(TODO_SERVICE + "/lists/luckas", USER_SERVICE + "/users/luckas/lists")) {
            output("curl --retry 9 --json '{\"title\": \"a\"}' " + lists + "/home/items");
            output("curl --retry 9 --request DELETE " + lists);
        }
    }

    @AfterAll
    static void stop() {
        userService.close();
        todoService.close();
    }

    static Stream<Path> pages() throws IOException {
        var pages = new ArrayList<Path>();
        for (Path in : List.of(ServiceProcess.ROOT, ServiceProcess.ROOT.resolve("docs"))) {
            try (var files = Files.list(in)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        assertThat(pages).hasSizeGreaterThan(5);
        return pages.stream().sorted().map(ServiceProcess.ROOT::relativize);
    }

    @Test
    void beginsWithAPageThatIsShort() throws IOException {
        try (var lines = Files.lines(ServiceProcess.ROOT.resolve("README.md"))) {
            assertThat(lines.count()).isLessThanOrEqualTo(LONGEST_README);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void hasNoLineOfProseThatIsTooLong(Path page) throws IOException {
        assertThat(prose(page).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(LONGEST_LINE));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void hasSentencesThatCanBeReadAtOnce(Path page) throws IOException {
        List<String> sentences = sentences(page);
        List<String> tooLong =
                sentences.stream().filter(one -> words(one) > LONGEST_SENTENCE).toList();

        assertThat(tooLong).hasSizeLessThanOrEqualTo((int) ((1 - WITHIN) * sentences.size()));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void leadsNowhereThatIsNot(Path page) throws IOException {
        String prose = prose(page);
        List<String> targets =
                Stream.concat(
                                LINK.matcher(prose).results().map(link -> link.group(2)),
                                REFERENCE.matcher(prose).results().map(link -> link.group(1)))
                        .toList();

        assertThat(targets)
                .allSatisfy(target -> {
                    if (!target.startsWith("https://")) {
                        assertThat(exists(page, target)).isTrue();
                    }
                });
    }

    private static boolean exists(Path page, String target) throws IOException {
        String[] parts = target.split("#", -1);
        Path here = ServiceProcess.ROOT.resolve(page);
        Path file = parts[0].isEmpty() ? here : here.resolveSibling(parts[0]);
        return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
    }

    /// As the usual renderers make them of headings.
    private static List<String> anchors(Path file) throws IOException {
        return HEADING.matcher(BLOCK.matcher(Files.readString(file)).replaceAll(""))
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} -]", "").replace(' ', '-'))
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> givesTheOutputThatItShows() throws IOException {
        return pages().flatMap(page -> tests(read(page)));
    }

    /// The commands that set sign-in up make what both services start with, though no provider is
    /// there, and nobody is let in. The provider's own command is not run.
    @Test
    void asksPeopleToSignInAsSetUp() throws Exception {
        List<String> blocks =
                SHELL.matcher(read(Path.of("docs/sign-in.md")))
                        .results()
                        .map(block -> block.group(1).replace("docker run", ": docker run"))
                        .toList();
        blocks.stream()
                .filter(block -> block.contains("~/.todo-manager") && !block.contains("java -jar"))
                .forEach(block -> assertThat(atHome(block)).isEmpty());
        try (var reader =
                Json.createReader(
                        Files.newInputStream(folder.resolve(".todo-manager/team.json")))) {
            assertThat(reader.readObject().getJsonArray("clients")).hasSize(2);
        }
        try (var todo = start("todo-svc", blocks);
                var user = start("user-svc", blocks)) {
            assertThat(Http.get(todo.uri().resolve("/lists/aniket")).statusCode()).isEqualTo(401);
            assertThat(Http.get(user.uri().resolve("/users")).statusCode()).isEqualTo(401);
        }
    }

    /// Starts one with the variables of its command.
    private static Serving start(String service, List<String> blocks) throws IOException {
        String command = "java -jar %1$s/target/%1$s.jar".formatted(service);
        List<String> those = blocks.stream().filter(block -> block.contains(command)).toList();
        assertThat(those).hasSize(1);
        var environment = new HashMap<String, String>();
        atHome(those.getFirst().replace(command, "env"))
                .lines()
                .filter(line -> SETTING.matcher(line).lookingAt())
                .map(line -> line.split("=", 2))
                .forEach(pair -> environment.put(pair[0], pair[1]));
        String document = service.equals("todo-svc") ? "todo.json" : "users.json";
        Path copy = folder.resolve("sign-in-" + document);
        Files.copy(ServiceProcess.ROOT.resolve("database").resolve(document), copy);
        environment.put("DATA_PATH", copy.toString());
        return ServiceProcess.start(service, environment);
    }

    private static String atHome(String block) {
        try {
            return output("export HOME=\"$PWD\"\n" + block);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path page) {
        try {
            return Files.readString(ServiceProcess.ROOT.resolve(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A page's statements of SQL, and its commands. What one exports is there for the next ones.
    private static Stream<DynamicTest> tests(String page) {
        var exports = new StringBuilder();
        return RUN.matcher(page)
                .results()
                .flatMap(block ->
                        block.group(1).equals("sql")
                                ? statements(block.group(2))
                                : commands(block.group(2), exports));
    }

    private static Stream<DynamicTest> statements(String block) {
        return STATEMENT
                .matcher(block)
                .results()
                .map(found -> found.group(1))
                .map(sql -> DynamicTest.dynamicTest(sql, () -> PostgreSql.execute(database, sql)));
    }

    private static Stream<DynamicTest> commands(String block, StringBuilder exports) {
        return COMMAND.matcher(block)
                .results()
                .mapMulti((command, tests) -> {
                    if (command.group(1).startsWith("export ")) {
                        exports.append(command.group(1)).append(';');
                    } else {
                        String before = exports.toString();
                        tests.accept(
                                DynamicTest.dynamicTest(
                                        command.group(1), () -> show(before, command)));
                    }
                });
    }

    /// An edit of a file is served a second later, or later still where the machine is busy. What
    /// writes is done once.
    private static void show(String exports, MatchResult command) throws IOException {
        Pattern shown = pattern(command.group(2));
        String output = output(exports + command.group(1));
        long begin = System.nanoTime();
        while (READ.matcher(command.group(1)).lookingAt()
                && !shown.matcher(output).matches()
                && System.nanoTime() - begin < LONGEST_RELOAD.toNanos()) {
            output = output(exports + command.group(1));
        }
        assertThat(output).matches(shown);
    }

    /// Where `…` is for what differs.
    private static Pattern pattern(String shown) {
        return Pattern.compile(Pattern.quote(shown).replace("…", "\\E[0-9a-f]+\\Q"));
    }

    /// On the ports where this test's services and its database are.
    private static String output(String command) throws IOException {
        String here =
                command.replace("curl ", "curl --silent --show-error ")
                        .replace("java -jar ", "java -jar " + ServiceProcess.ROOT + "/")
                        .replace(DATABASE, database)
                        .replace("; sleep 2", "");
        if (userService != null) {
            here =
                    here.replace(USER_SERVICE, userService.uri().toString())
                            .replace(TODO_SERVICE, todoService.uri().toString());
        }
        var builder =
                new ProcessBuilder("bash", "-c", here)
                        .directory(folder.toFile())
                        .redirectErrorStream(true);
        String path = Path.of(ServiceProcess.JAVA).getParent() + ":" + System.getenv("PATH");
        builder.environment().put("PATH", path);
        Process process = builder.start();
        String output =
                new String(process.getInputStream().readAllBytes(), UTF_8)
                        .replace(database, DATABASE);
        if (userService != null) {
            output =
                    output.replace(userService.uri().toString(), USER_SERVICE)
                            .replace(todoService.uri().toString(), TODO_SERVICE);
        }
        return output.isEmpty() || output.endsWith("\n") ? output : output + "\n";
    }

    /// The page without blocks of code and tables.
    private static String prose(Path page) throws IOException {
        String text = Files.readString(ServiceProcess.ROOT.resolve(page));
        return BLOCK.matcher(text).replaceAll("").replaceAll("(?m)^\\|.*\n", "");
    }

    /// Code is a word, and a link is its text.
    private static List<String> sentences(Path page) throws IOException {
        String text = REFERENCE.matcher(HEADING.matcher(prose(page)).replaceAll("")).replaceAll("");
        text = CODE.matcher(text).replaceAll("code");
        text = LINK.matcher(text).replaceAll("$1");
        text = ITEM.matcher(text).replaceAll("\n");
        return Arrays.stream(text.split("\n\\s*\n", -1))
                .flatMap(END_OF_SENTENCE::splitAsStream)
                .filter(sentence -> words(sentence) > 0)
                .toList();
    }

    private static long words(String sentence) {
        return Arrays.stream(sentence.split("\\s+", -1))
                .filter(word -> word.matches(".*[\\p{L}\\p{N}].*"))
                .count();
    }
}
