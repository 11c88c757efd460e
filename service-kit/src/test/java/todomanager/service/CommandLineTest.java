package todomanager.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.document.WritableFile;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;
import todomanager.service.Service.Parts;
import todomanager.testkit.LogRecorder;

@Timeout(30)
class CommandLineTest {
    private static final Service SERVICE =
            new Service(
                    "lists-svc",
                    CommandLineTest::check,
                    List.of(),
                    Optional.empty(),
                    CommandLineTest::parts);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final LogRecorder log = new LogRecorder("io.helidon");

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private Path document;

    private static void check(byte... json) {
        JsonDocument.forEachMember(json, JsonNode::requireStrings);
    }

    private static Parts parts(Settings settings) {
        var document =
                settings.document(json -> {
                    check(json);
                    return json;
                });
        return new Parts(rules -> {}, document::start, List.of(document));
    }

    @BeforeEach
    void writeDocument() throws IOException {
        document = Files.writeString(folder.resolve("lists.json"), "{\"a\": [\"b\"]}");
        System.setProperty("data.path", document.toString());
    }

    @AfterEach
    void forget() {
        log.close();
        System.clearProperty("data.path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "validate --help", "--config --help"})
    void printsItsHelp(String arguments) {
        assertThat(run(arguments.split(" ", -1))).isZero();
        assertThat(out()).first().isEqualTo("Usage: java -jar lists-svc.jar [--config FILE]");
        assertThat(out()).anyMatch(line -> line.matches(" +data.path +DATA_PATH +packaged.json"));
        assertThat(err()).isEmpty();
    }

    @Test
    void printsItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out()).containsExactly("lists-svc (not packaged)");
    }

    static Stream<Arguments> wrongCalls() {
        String noSense = "can't make sense of the arguments ";
        return Stream.of(
                arguments(List.of("--prot", "5000"), noSense + "\"--prot 5000\"; try --help"),
                arguments(List.of("--config"), noSense + "\"--config\"; try --help"),
                arguments(
                        List.of("validate", "--nope"), noSense + "\"validate --nope\"; try --help"),
                arguments(
                        List.of("validate", "--users", "a", "--users", "a"),
                        noSense + "\"validate --users\"; try --help"),
                arguments(List.of("import", "--merge"), "import needs a FILE; try --help"),
                arguments(List.of("validate", ""), "\"\" is not a path; give that of a file"),
                arguments(List.of("\033[31m"), noSense + "\"\\u001b[31m\"; try --help"));
    }

    @ParameterizedTest
    @MethodSource("wrongCalls")
    void endsWith64AfterAWrongCall(List<String> arguments, String message) {
        assertThat(run(arguments.toArray(String[]::new))).isEqualTo(64);
        assertThat(err()).containsExactly("lists-svc: " + message);
        assertThat(out()).isEmpty();
    }

    static Stream<Arguments> badConfigurations() {
        return Stream.of(
                arguments(
                        Map.of("server.port", "99999"),
                        "server.port = \"99999\" (system property): not a port; give a number from 0 (any free one) to 65535"),
                arguments(
                        Map.of("server.backlog", "many"),
                        "can't start the server: Mapping of value 'many' stored under key 'server.backlog' has failed"),
                arguments(
                        Map.of("server.host", "192.0.2.1"),
                        "server.port = 0: can't listen there (Cannot assign requested address); set server.host to an address of this machine"),
                arguments(
                        Map.of("server.tls.enabled", "true"),
                        "server.tls: found no private key; set server.tls.private-key, with the key's alias if it is in a keystore"),
                arguments(
                        Map.of("server.tls.private-key.keystore.resource.path", "/nope.p12"),
                        "can't start the server: Resource on path: /nope.p12 does not exist"),
                arguments(
                        Map.of("server.tls.protocol", "none"),
                        "can't start the server: Failed to create SSLContext: none SSLContext not available"));
    }

    @ParameterizedTest
    @MethodSource("badConfigurations")
    void endsWith78WhenItsConfigurationIsBad(Map<String, String> properties, String message) {
        properties.forEach(System::setProperty);
        try {
            assertThat(run()).isEqualTo(78);
            assertThat(err()).containsExactly("lists-svc: " + message);
        } finally {
            properties.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void endsWith78WhenItsFileOfSettingsIsMissing() {
        assertThat(run("--config", "/nope.yaml")).isEqualTo(78);
        assertThat(err())
                .containsExactly(
                        "lists-svc: /nope.yaml: not a file; give --config the path of a YAML file");
    }

    @ParameterizedTest
    @CsvSource({"server.port, SERVER_PORT", "server.sockets.admin.port, SERVER_SOCKETS_ADMIN_PORT"})
    void endsWith78WhenAPortIsInUse(String key, String variable) throws IOException {
        try (var other = new ServerSocket(0)) {
            System.setProperty(key, Integer.toString(other.getLocalPort()));
            assertThat(run()).isEqualTo(78);
            assertThat(err())
                    .containsExactly(
                            "lists-svc: %s = %d: can't listen there (Address already in use); stop what does, or set another with %s"
                                    .formatted(key, other.getLocalPort(), variable));
        } finally {
            System.clearProperty(key);
        }
    }

    @Test
    void endsWith78WhenItsPortsAreOne() throws IOException {
        String port;
        try (var free = new ServerSocket(0)) {
            port = Integer.toString(free.getLocalPort());
        }
        System.setProperty("server.port", port);
        System.setProperty("server.sockets.admin.port", port);
        try {
            assertThat(run()).isEqualTo(78);
            assertThat(err())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "lists-svc: server.sockets.admin.port = " + port + ": can't listen");
        } finally {
            System.clearProperty("server.port");
            System.clearProperty("server.sockets.admin.port");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"a": [1]} | 1:8: /a/0: expected a string, found 1
                    {"a": [    | 1:8: the document ends too early
                    []         | 1:1: expected an object, found an array
                    """)
    void endsWith65WhenItsDocumentIsBad(String json, String fault) throws IOException {
        Files.writeString(document, json);

        assertThat(run()).isEqualTo(65);
        assertThat(err()).containsExactly("lists-svc: " + document + ":" + fault);
    }

    @ParameterizedTest
    @CsvSource({
        "/nope.json, no such file; check the path",
        "/, is a directory; name the JSON file in it"
    })
    void endsWith65WhenThereIsNoDocument(String path, String fault) {
        System.setProperty("data.path", path);

        assertThat(run()).isEqualTo(65);
        assertThat(err()).containsExactly("lists-svc: " + path + ": " + fault);
    }

    @Test
    void validatesTheDocumentThatIsSet() {
        assertThat(run("validate")).isZero();
        assertThat(out()).containsExactly(document + ": valid, revision fd7aed09f2bdd9a8");
    }

    @Test
    void validatesTheDocumentThatAFileOfSettingsNames() throws IOException {
        System.clearProperty("data.path");
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, "data: {path: '" + document + "'}\n");
        Files.writeString(document, "{\"a\": 1}");

        assertThat(run("validate", "--config", config.toString())).isEqualTo(65);
        assertThat(out())
                .containsExactly(document + ":1:7: /a: expected an array of strings, found 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nope.json", "/"})
    void validatesNothingByUsersThatThereAreNot(String users) {
        assertThat(run("validate", "--users", users, document.toString())).isEqualTo(65);
        assertThat(out()).first().asString().startsWith(users + ": ");
    }

    @Test
    void warnsOfUsersThatThereAreNot() throws IOException {
        Path users = Files.writeString(folder.resolve("users.json"), "{\"a\": {}}");
        Files.writeString(document, "{\"a\": [],\n \"小高\": []}");

        assertThat(run("validate", "--users", users.toString(), document.toString())).isZero();
        assertThat(out())
                .contains(document + ":2:8: /小高: warning: there is no such user in " + users);
    }

    @Test
    void warnsOfUsernamesThatNoPathHas() throws IOException {
        String longName = "é".repeat(700);
        Files.writeString(
                document,
                "{\"\": [], \"a/b\": [], \".\": [], \"..\": [], \"...\": [], \""
                        + longName
                        + "\": []}");

        assertThat(run("validate")).isZero();
        assertThat(out())
                .filteredOn(line -> line.contains("warning"))
                .extracting(line -> line.replaceFirst(".*:\\d+:\\d+: ", ""))
                .containsExactly(
                        "/: warning: clients can't ask for this user alone",
                        "/a~1b: warning: clients can't ask for this user alone",
                        "/.: warning: clients can't ask for this user alone",
                        "/..: warning: clients can't ask for this user alone",
                        "/" + "é".repeat(40) + "…: warning: clients can't ask for this user alone");
    }

    @Test
    void warnsOfDocumentsThatAreTooLargeForAConfigMap() throws IOException {
        Path large = Files.writeString(folder.resolve("large.json"), large(300_000));
        Path tooLarge = Files.writeString(folder.resolve("too-large.json"), large(1_100_000));

        assertThat(run("validate", large.toString(), tooLarge.toString())).isZero();
        assertThat(out())
                .contains(
                        large
                                + ": warning: too large for kubectl apply, but for that with --server-side",
                        tooLarge + ": warning: a ConfigMap holds 1048576 bytes, this has 1100013");
    }

    @Test
    void exportsTheDocumentAsItIs() {
        assertThat(run("export")).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("{\"a\": [\"b\"]}");
    }

    @Test
    void saysThatADocumentCouldNotBeExported() {
        var full =
                new PrintStream(
                        new OutputStream() {
                            @Override
                            public void write(int octet) throws IOException {
                                throw new IOException("No space left on device");
                            }
                        });

        assertThat(new CommandLine(SERVICE, full, printer(err)).run("export")).isEqualTo(74);
        assertThat(err())
                .containsExactly("lists-svc: the document can't be written out: is the disk full?");
    }

    @Test
    void importsNothingIntoAFolderThatIsNotThere() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), "{\"c\": []}");
        System.setProperty("data.path", folder + "/none/lists.json");

        assertThat(run("import", other.toString())).isEqualTo(78);
        assertThat(err())
                .containsExactly(
                        "lists-svc: "
                                + folder
                                + "/none/lists.json: can't be written: there is no such folder; make it first");
    }

    @Test
    void importsNothingInThePlaceOfAFolder() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), "{\"c\": []}");
        System.setProperty("data.path", folder.toString());

        assertThat(run("import", other.toString())).isEqualTo(78);
        assertThat(err())
                .containsExactly(
                        "lists-svc: "
                                + folder
                                + ": can't be written: it is no file; give the path of one");
    }

    @Test
    void importsADocumentInThePlaceOfTheOneThatIsSet() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), " {\"c\": [] }");

        assertThat(run("import", other.toString())).isZero();
        assertThat(document).hasContent(" {\"c\": [] }");
        assertThat(out())
                .containsExactly(document + ": has the document now, revision c06bc29fc11ba891");
    }

    @Test
    void mergesTheMembersOfADocumentIntoTheOneThatIsSet() throws IOException {
        Files.writeString(document, "{\"a\": [\"b\"],\n \"z\": []}");
        Path other = Files.writeString(folder.resolve("other.json"), "{\"c\": [], \"a\": []}");

        assertThat(run("import", "--merge", other.toString())).isZero();
        assertThat(document).hasContent("{\"a\": [],\n \"z\": [],\n  \"c\": []}");
    }

    @Test
    void importsOnlyWhatIsAbsentIfItIsToldTo() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), "{\"c\": []}");
        assertThat(run("import", "--absent", other.toString())).isZero();
        assertThat(document).hasContent("{\"a\": [\"b\"]}");

        Files.delete(document);
        assertThat(run("import", "--absent", other.toString())).isZero();
        assertThat(document).hasContent("{\"c\": []}");
    }

    @Test
    void importsNothingThatCouldNotBeServed() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.json"), "{\"c\": 1}");

        assertThat(run("import", bad.toString())).isEqualTo(65);
        assertThat(err())
                .containsExactly(
                        "lists-svc: " + bad + ":1:7: /c: expected an array of strings, found 1");
        assertThat(run("import", folder.resolve("none.json").toString())).isEqualTo(65);
        assertThat(document).hasContent("{\"a\": [\"b\"]}");
    }

    @Test
    void importsNothingBesideAProcessThatWritesTheDocument() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), "{\"c\": []}");
        try (var _ = new WritableFile(document)) {
            assertThat(run("import", other.toString())).isEqualTo(78);
        }

        assertThat(err())
                .containsExactly(
                        "lists-svc: "
                                + document
                                + ": can't be written: another process does so; stop that one");
        assertThat(document).hasContent("{\"a\": [\"b\"]}");
    }

    @Test
    void migratesNoDocument() {
        assertThat(run("migrate")).isEqualTo(78);
        assertThat(err())
                .containsExactly(
                        "lists-svc: data.store is not postgresql (DATA_STORE): a document needs no migration");
    }

    private static String large(int size) {
        return "{\"ana\": [\"" + "x".repeat(size) + "\"]}";
    }

    private int run(String... arguments) {
        var commandLine = new CommandLine(SERVICE, printer(out), printer(err));
        return commandLine.run(arguments);
    }

    private static PrintStream printer(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, UTF_8);
    }

    private List<String> out() {
        return out.toString(UTF_8).lines().toList();
    }

    private List<String> err() {
        assertThat(log.lines()).isEmpty();
        return err.toString(UTF_8).lines().toList();
    }
}
