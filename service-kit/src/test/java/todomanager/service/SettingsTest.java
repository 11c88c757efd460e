package todomanager.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Beside the packaged `application.yaml` of these tests.
class SettingsTest {
    private static final Setting<Integer> PORT = Setting.port("server.port");
    private static final Setting<Path> PATH = Setting.path("data.path");
    private static final Setting<Duration> POLL = Setting.duration("data.poll");
    private static final Setting<URI> URI = Setting.httpUri("other.uri");

    @TempDir Path folder;

    @Test
    void takesThePackagedValues() throws StartFailure {
        Settings settings = Settings.read(null, List.of(PORT, PATH, POLL, URI));

        assertThat(settings.get(PORT)).isEqualTo(0);
        assertThat(settings.get(PATH)).isEqualTo(Path.of("packaged.json"));
        assertThat(settings.get(URI)).isEqualTo(java.net.URI.create("http://packaged:1"));
    }

    @Test
    void mergesAFileOverThePackagedValues() throws Exception {
        Settings settings = read("data:\n  path: given.json\n");

        assertThat(settings.get(PATH)).isEqualTo(Path.of("given.json"));
        assertThat(settings.get(PORT)).isEqualTo(0);
    }

    @Test
    void takesAFileForYamlWhateverItIsCalled() throws Exception {
        Path conf = Files.writeString(folder.resolve("todo.conf"), "data:\n  path: given.json\n");

        assertThat(Settings.read(conf, List.of(PATH)).get(PATH)).isEqualTo(Path.of("given.json"));
    }

    @Test
    void takesASystemPropertyOverAFile() throws Exception {
        System.setProperty("data.path", "property.json");
        try {
            assertThat(read("data:\n  path: given.json\n").get(PATH))
                    .isEqualTo(Path.of("property.json"));
        } finally {
            System.clearProperty("data.path");
        }
    }

    static Stream<Arguments> badFiles() {
        return Stream.of(
                arguments(
                        "server:\n  port: 65536\n",
                        "server.port = \"65536\" (FILE): not a port; give a number from 0 (any free"
                                + " one) to 65535"),
                arguments(
                        "server:\n  port:\n",
                        "server.port = \"\" (FILE): not a port; give a number from 0 (any free one)"
                                + " to 65535"),
                arguments(
                        "data:\n  path: ' '\n",
                        "data.path = \" \" (FILE): not a path; give that of a file"),
                arguments(
                        "data:\n  pth: x\n",
                        "data.pth (FILE): unknown key; did you mean data.path?"),
                arguments(
                        "dat:\n  path: x\n",
                        "dat.path (FILE): unknown key; did you mean data.path?"),
                arguments(
                        "server:\n  prot: 1\n",
                        "server.prot (FILE): unknown key; did you mean server.port?"),
                arguments(
                        "server:\n  sockets:\n    admin:\n      hots: x\n",
                        "server.sockets.admin.hots (FILE): unknown key; did you mean"
                                + " server.sockets.admin.host?"),
                arguments(
                        "data:\n  poll: 1s\n",
                        "data.poll = \"1s\" (FILE): not a duration; give 0, or one from PT0.001S"
                                + " to PT24H"),
                arguments(
                        "data:\n  poll: PT-1S\n",
                        "data.poll = \"PT-1S\" (FILE): not a duration; give 0, or one from"
                                + " PT0.001S to PT24H"),
                arguments(
                        "data:\n  poll: PT0.0001S\n",
                        "data.poll = \"PT0.0001S\" (FILE): not a duration; give 0, or one from"
                                + " PT0.001S to PT24H"),
                arguments(
                        "data:\n  poll: PT25H\n",
                        "data.poll = \"PT25H\" (FILE): not a duration; give 0, or one from"
                                + " PT0.001S to PT24H"),
                arguments(
                        "server:\n  shutdown-grace-period: PT1S\n",
                        "server.shutdown-grace-period (FILE): unknown key; remove it"),
                arguments("lists: [a, b]\n", "lists (FILE): unknown key; remove it"),
                arguments("data: {path: [a, b]}\n", "data.path (FILE): expected one value"),
                arguments(
                        "server: 5005\n",
                        "server (FILE): expected keys below it, such as server.port"),
                arguments(
                        "server: {sockets: 3}\n",
                        "server.sockets (FILE): expected a mapping by name"),
                arguments(
                        "server: {sockets: {admn: {port: 1}}}\n",
                        "server.sockets.admn (FILE): there is only server.sockets.admin"),
                arguments(
                        "server: {sockets: {1: {port: 1}}}\n",
                        "server.sockets.1 (FILE): there is only server.sockets.admin"),
                arguments(
                        "server: {sockets: [{name: admin}]}\n",
                        "server.sockets (FILE): expected a mapping by name"),
                arguments("data:\n  path: a\n  path: b\n", "FILE:3:3: found duplicate key path"),
                arguments(
                        "a: [\n", "FILE:2:1: expected the node content, but found '<stream end>'"),
                arguments("a: 1\n b: 2\n", "FILE:2:3: mapping values are not allowed here"),
                arguments("- a\n", "FILE: can't be read as a YAML mapping of keys to values"),
                arguments("a\n", "FILE: can't be read as a YAML mapping of keys to values"));
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void saysWhatIsWrongWithAFile(String yaml, String message) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> read(yaml))
                .satisfies(failure -> {
                    assertThat(failure.exitCode()).isEqualTo(78);
                    assertThat(failure.lines())
                            .containsExactly(message.replace("FILE", file().toString()));
                });
    }

    @ParameterizedTest
    @CsvSource({
        "data.pth, unknown key; did you mean data.path?",
        "server.prot, unknown key; did you mean server.port?",
        "server.sockets.admn.port, there is only server.sockets.admin",
    })
    void refusesASystemPropertyThatIsMisspelt(String key, String message) {
        System.setProperty(key, "1");
        try {
            String subject = key.replaceFirst("(sockets\\.\\w+)\\..*", "$1");
            assertThatExceptionOfType(StartFailure.class)
                    .isThrownBy(() -> Settings.read(null, List.of(PORT, PATH, POLL, URI)))
                    .withMessage(subject + " (system property): " + message);
        } finally {
            System.clearProperty(key);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"otel.traces.sampler", "d", "databases.path"})
    void leavesOtherSystemPropertiesToOthers(String key) throws Exception {
        System.setProperty(key, "1");
        try {
            assertThat(read("data:\n  path: a\n").get(PATH)).isEqualTo(Path.of("a"));
        } finally {
            System.clearProperty(key);
        }
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> read("server:\n  port: x\ndata:\n  path: ''\nother:\n  url: y\n"))
                .satisfies(failure -> assertThat(failure.lines()).hasSize(3));
    }

    @Test
    void leavesHelidonsOptionsToHelidon() throws Exception {
        Settings settings =
                read(
                        "server:\n  backlog: 5\n  tls:\n    enabled: false\n  sockets:\n    admin:\n      host: localhost\n");

        assertThat(settings.config().get("server.backlog").asInt().get()).isEqualTo(5);
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> Settings.read(folder.resolve("nope"), List.of()))
                .withMessage(
                        folder.resolve("nope")
                                + ": not a file; give --config the path of a YAML file");
    }

    @Test
    void takesZeroForADuration() {
        assertThat(POLL.parser().apply("0")).isZero();
        assertThat(POLL.parser().apply("PT0S")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://todo-svc", "http://127.0.0.1:1", "HTTP://[::1]:80/base/"})
    void takesTheAddressOfAService(String address) {
        assertThat(URI.parser().apply(address)).isEqualTo(java.net.URI.create(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "todo-svc:5001",
                "https://todo-svc",
                "ftp://todo-svc",
                "http://",
                "http://a:x",
                "http://a:65536",
                "http://a:0",
                "http://user@a",
                "http://a?b",
                "http://a#b",
                "http://a b",
                "/lists"
            })
    void refusesWhatIsNoAddressOfAService(String address) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> URI.parser().apply(address))
                .withMessage("not the address of a service; give http://HOST:PORT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a:4318/v1/traces", "http://a/base/v1/traces/"})
    void refusesTheAddressOfACollectorWithThePathThatIsAdded(String address) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Setting.collector("collector").parser().apply(address))
                .withMessage(
                        "the address of the traces alone; leave out /v1/traces, which is added, or"
                                + " give it as otel.exporter.otlp.traces.endpoint");
    }

    static Stream<Arguments> badStores() {
        return Stream.of(
                arguments(
                        "store: mysql",
                        List.of(
                                "data.store = \"mysql\" (FILE): not one of the values; give document or postgresql")),
                arguments(
                        "store: postgresql",
                        List.of(
                                "data.url (DATA_URL): is needed where data.store is postgresql",
                                "data.username (DATA_USERNAME): is needed where data.store is postgresql")),
                arguments(
                        "{store: postgresql, url: 'jdbc:postgresql://h/d'}",
                        List.of(
                                "data.username (DATA_USERNAME): is needed where data.store is postgresql")),
                arguments(
                        "{store: postgresql, username: u}",
                        List.of("data.url (DATA_URL): is needed where data.store is postgresql")),
                arguments(
                        "{url: 'jdbc:postgresql://h/d', username: u}",
                        List.of(
                                "data.url (DATA_URL): is for data.store postgresql; set DATA_STORE, or leave this out",
                                "data.username (DATA_USERNAME): is for data.store postgresql; set DATA_STORE, or leave this out")),
                arguments("connections: 0", List.of(notACount("0"))),
                arguments("connections: 1001", List.of(notACount("1001"))),
                arguments("connections: 1.5", List.of(notACount("1.5"))),
                arguments("connections: ''", List.of(notACount(""))));
    }

    private static String notACount(String text) {
        return "data.connections = \"" + text + "\" (FILE): not a whole number from 1 to 1000";
    }

    @ParameterizedTest
    @MethodSource("badStores")
    void saysWhatIsWrongWithAStore(String data, List<String> messages) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> readAll(data))
                .satisfies(failure ->
                        assertThat(failure.lines())
                                .containsExactlyElementsOf(
                                        messages.stream()
                                                .map(line ->
                                                        line.replace("FILE", file().toString()))
                                                .toList()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nope",
                "postgresql://h/d",
                "postgres://u:secret@h/d",
                "jdbc:mysql://h/d",
                "jdbc:mysql://u:secret@h/d",
                "jdbc:postgresql://h:x/d",
                "jdbc:postgresql://u:secret@h/d",
                "jdbc:postgresql://u:se:cr/et@h:5432/d",
                "jdbc:postgresql:d:secret@h",
                "u:secret@h:5432/d",
                "jdbc:postgresql://u@x:secret@h:1/d?a=b"
            })
    void refusesWhatIsNoAddressOfADatabaseWithoutAPasswordInIt(String url) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> readAll("url: '" + url + "'"))
                .satisfies(failure ->
                        assertThat(failure.lines())
                                .singleElement()
                                .asString()
                                .startsWith("data.url = ")
                                .endsWith(
                                        " ("
                                                + file()
                                                + "): not the address of a database; give jdbc:postgresql://HOST:PORT/DATABASE")
                                .doesNotContain("secret", "et@"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?password=secret",
                "?user=u&password=secret",
                "?ssl=true&PASSWORD=secret&a=b",
                "?a=\\n&password=secret",
                "?password=se\\ncret",
                "?sslpassword=secret"
            })
    void refusesAPasswordInTheAddressOfADatabaseAndDoesNotShowIt(String query) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> readAll("url: \"jdbc:postgresql://h/d" + query + "\""))
                .satisfies(failure ->
                        assertThat(failure.lines())
                                .singleElement()
                                .asString()
                                .startsWith("data.url = \"jdbc:postgresql://h/d?")
                                .endsWith(
                                        "has a password, which others can read; give a file as data.password.file")
                                .doesNotContain("secret", "cret"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ?user=u                      | has a user; give it as data.username
                    ?ssl=true&USER=              | has a user; give it as data.username
                    ?sslmod=verify-full          | has the parameter "sslmod", which the driver does not know; check its spelling
                    ?sslmode=verifyfull          | has no sslmode that the driver knows; give disable, allow, prefer, require, verify-ca, verify-full
                    """)
    void refusesAParameterThatHasNoPlaceInTheAddressOfADatabase(String query, String says) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> readAll("url: \"jdbc:postgresql://h/d" + query + "\""))
                .satisfies(failure ->
                        assertThat(failure.lines()).singleElement().asString().endsWith(says));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?ssl&sslmode=verify-full&sslrootcert=/a/b.pem&requireAuth=md5,scram-sha-256",
                "?targetServerType=preferSecondary&loadBalanceHosts=true&options=-c%20a=b",
                "?"
            })
    void takesTheParametersOfTheDriver(String query) throws Exception {
        String url = "jdbc:postgresql://h:1,i/d" + query;

        Settings settings = readAll("{store: postgresql, username: u, url: '" + url + "'}");

        assertThat(settings.get(Settings.DATA_URL)).contains(url);
    }

    @Test
    void showsNothingOfWhatStandsBehindTheAddressOfADatabase() throws Exception {
        Settings settings =
                readAll(
                        "{store: postgresql, username: u, url: \"jdbc:postgresql://h:1/d?options=a\\nb&ssl=true\"}");

        assertThat(settings.data()).isEqualTo("jdbc:postgresql://h:1/d");
    }

    private Settings readAll(String data) throws IOException, StartFailure {
        Files.writeString(file(), "data:\n  " + (data.startsWith("{") ? data : data + "\n"));
        return Settings.read(file(), Settings.OF_ALL);
    }

    private Settings read(String yaml) throws IOException, StartFailure {
        Files.writeString(file(), yaml);
        return Settings.read(file(), List.of(PORT, PATH, POLL, URI));
    }

    private Path file() {
        return folder.resolve("config.yaml");
    }
}
