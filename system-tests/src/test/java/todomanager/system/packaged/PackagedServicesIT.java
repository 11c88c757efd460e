package todomanager.system.packaged;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static todomanager.testkit.Http.awaitStatus;
import static todomanager.testkit.Http.get;
import static todomanager.testkit.process.ServiceProcess.freePort;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.Answer;
import todomanager.testkit.Load;
import todomanager.testkit.LoadResult;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// Both services as people run them: the packaged jars, their exit codes and their messages.
@Timeout(60)
class PackagedServicesIT {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"user-svc", "todo-svc"})
    void serveTheShippedDocumentAndStopWhenTold(String service) throws Exception {
        try (var serving = ServiceProcess.start(service, Map.of())) {
            assertThat(get(serving.uri().resolve("/")).statusCode()).isEqualTo(200);
            assertThat(get(serving.admin().resolve("/observe/health/ready")).statusCode())
                    .isEqualTo(200);

            assertThat(serving.process().stop().exitCode()).isEqualTo(143);
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> new Socket("localhost", serving.uri().getPort()).close());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"user-svc", "todo-svc"})
    void tellTheirVersion(String service) throws IOException {
        var end = ServiceProcess.run(service, Map.of(), "--version");

        assertThat(end.exitCode()).isEqualTo(0);
        assertThat(end.output())
                .singleElement()
                .asString()
                .matches(service + " \\d+\\.\\d+\\.\\d+.*");
    }

    @ParameterizedTest
    @CsvSource({"user-svc, TODO_URI", "todo-svc, DATA_PATH"})
    void tellWhatCanBeSet(String service, String variable) throws IOException {
        var end = ServiceProcess.run(service, Map.of(), "--help");

        assertThat(end.exitCode()).isEqualTo(0);
        assertThat(end.output())
                .first()
                .isEqualTo("Usage: java -jar " + service + ".jar [--config FILE]");
        assertThat(end.output()).anyMatch(line -> line.contains(variable));
    }

    static Stream<Arguments> badStarts() {
        return Stream.of(
                start(
                        64,
                        "can't make sense of the arguments \"--prot 5000\"; try --help",
                        Map.of(),
                        "--prot",
                        "5000"),
                start(
                        64,
                        "can't make sense of the arguments \"--config\"; try --help",
                        Map.of(),
                        "--config"),
                start(
                        78,
                        "/nope.yaml: not a file; give --config the path of a YAML file",
                        Map.of(),
                        "--config",
                        "/nope.yaml"),
                start(
                        78,
                        "server.port = \"99999\" (environment variable SERVER_PORT): not a port; give a number from 0 (any free one) to 65535",
                        Map.of("SERVER_PORT", "99999")),
                start(
                        78,
                        "todo.uri = \"localhost:5001\" (environment variable TODO_URI): not the address of a service; give http://HOST:PORT",
                        Map.of("TODO_URI", "localhost:5001")),
                start(
                        78,
                        "can't start the server: Mapping of value 'many' stored under key 'server.backlog' has failed",
                        Map.of("SERVER_BACKLOG", "many")),
                start(
                        78,
                        "server.port = 0: can't listen there (Cannot assign requested address); set server.host to an address of this machine",
                        Map.of("SERVER_HOST", "192.0.2.1")),
                start(
                        78,
                        "server.tls: found no private key; set server.tls.private-key, with the key's alias if it is in a keystore",
                        Map.of("SERVER_TLS_ENABLED", "true")),
                start(
                        78,
                        "can't start the server: Resource on path: /nope.p12 does not exist",
                        Map.of("SERVER_TLS_PRIVATE_dash_KEY_KEYSTORE_RESOURCE_PATH", "/nope.p12")),
                start(
                        78,
                        "can't start the server: Failed to create SSLContext: none SSLContext not available",
                        Map.of("SERVER_TLS_PROTOCOL", "none")),
                start(
                        65,
                        "/nope.json: no such file; check the path",
                        Map.of("DATA_PATH", "/nope.json")),
                start(65, "/: is a directory; name the JSON file in it", Map.of("DATA_PATH", "/")));
    }

    @ParameterizedTest
    @MethodSource("badStarts")
    void endWithOneLineThatSaysWhatIsWrong(
            int exitCode, String message, Map<String, String> environment, List<String> arguments)
            throws IOException {
        var end = ServiceProcess.run("user-svc", environment, arguments.toArray(String[]::new));

        assertThat(end.exitCode()).isEqualTo(exitCode);
        assertThat(end.output()).containsExactly("user-svc: " + message);
    }

    /// With a `?` for what is none of its characters, however that is printed.
    static Stream<Arguments> pathsThatAnAsciiLocaleLacks() {
        return Stream.of(
                start(64, "todo-svc: \"?.yaml\" is not a path", Map.of(), "--config", "é.yaml"),
                start(64, "todo-svc: \"?.json\" is not a path", Map.of(), "validate", "é.json"),
                start(
                        64,
                        "todo-svc: \"?.json\" is not a path",
                        Map.of(),
                        "validate",
                        "--users",
                        "é.json"),
                start(
                        78,
                        "todo-svc: data.path = \"?.json\" (environment variable DATA_PATH): not a path",
                        Map.of("DATA_PATH", "é.json")),
                start(
                        78,
                        "todo-svc: data.path = \"?.json\" (system property): not a path",
                        Map.of("JDK_JAVA_OPTIONS", "-Ddata.path=é.json")),
                start(
                        78,
                        "todo-svc: data.path = \"?.json\" (FOLDER/config.yaml): not a path",
                        Map.of(),
                        "--config",
                        "FOLDER/config.yaml"),
                start(78, "todo-svc: here.yaml: not a file", Map.of(), "--config", "here.yaml"),
                start(
                        65,
                        "todo-svc: here.json: no such file in FOLDER/d?p?t",
                        Map.of("DATA_PATH", "here.json")),
                start(
                        65,
                        "here.json: no such file in FOLDER/d?p?t",
                        Map.of(),
                        "validate",
                        "here.json"));
    }

    @EnabledOnOs(OS.LINUX) // elsewhere names of files are Unicode whatever the locale
    @ParameterizedTest
    @MethodSource("pathsThatAnAsciiLocaleLacks")
    void nameTheLocaleThatAFileIsNotFoundIn(
            int exitCode, String message, Map<String, String> environment, List<String> arguments)
            throws Exception {
        Files.writeString(folder.resolve("config.yaml"), "data: {path: é.json}");
        Path there = Files.createDirectory(folder.resolve("dépôt"));
        Files.writeString(there.resolve("here.yaml"), "data: {path: here.json}");
        Files.writeString(there.resolve("here.json"), "{}");
        Path jar = ServiceProcess.ROOT.resolve("todo-svc/target/todo-svc.jar");
        var command = new ArrayList<>(List.of(ServiceProcess.JAVA, "-jar", jar.toString()));
        arguments.forEach(argument -> command.add(argument.replace("FOLDER", folder.toString())));
        var builder = ServiceProcess.builder(0, 0, command).directory(there.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C");
        Process todo = builder.redirectErrorStream(true).start();

        assertThat(todo.inputReader().lines().map(line -> line.replaceAll("[é\uFFFD?]+", "?")))
                .last()
                .isEqualTo(
                        message.replace("FOLDER", folder.toString())
                                + ", as this locale has file names in US-ASCII; start Java with LC_ALL=C.UTF-8");
        assertThat(todo.waitFor()).isEqualTo(exitCode);
    }

    @ParameterizedTest
    @CsvSource({"SERVER_PORT, server.port", "SERVER_SOCKETS_ADMIN_PORT, server.sockets.admin.port"})
    void endWhenAPortIsInUse(String variable, String key) throws IOException {
        try (var other = new ServerSocket(0)) {
            String port = Integer.toString(other.getLocalPort());
            var end = ServiceProcess.run("todo-svc", Map.of(variable, port));

            assertThat(end.exitCode()).isEqualTo(78);
            assertThat(end.output())
                    .containsExactly(
                            "todo-svc: "
                                    + key
                                    + " = "
                                    + port
                                    + ": can't listen there (Address already in use); stop what does, or set another with "
                                    + variable);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "user-svc, '{\"a\": {\"id\": 1, \"name\": \"A\"}}', '1:7: /a: has no member \"verified\"'",
        "todo-svc, '{\"a\": {\"b\": [1]}}', '1:14: /a/b/0: expected a string, found 1'",
        "todo-svc, '{\"a\": {', '1:8: the document ends too early'",
    })
    void endWhenTheirDocumentIsBad(String service, String document, String fault)
            throws IOException {
        Path data = Files.writeString(folder.resolve("data.json"), document);
        var end = ServiceProcess.run(service, Map.of("DATA_PATH", data.toString()));

        assertThat(end.exitCode()).isEqualTo(65);
        assertThat(end.output()).containsExactly(service + ": " + data + ":" + fault);
    }

    @Test
    void endWhenTheirPortsAreOne() throws IOException {
        String port;
        try (var free = new ServerSocket(0)) {
            port = Integer.toString(free.getLocalPort());
        }
        var environment = Map.of("SERVER_PORT", port, "SERVER_SOCKETS_ADMIN_PORT", port);
        var end = ServiceProcess.run("todo-svc", environment);

        assertThat(end.exitCode()).isEqualTo(78);
        assertThat(end.output())
                .singleElement()
                .asString()
                .startsWith(
                        "todo-svc: server.sockets.admin.port = " + port + ": can't listen there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a long to-do, of many words\",", "\"\","})
    void endWhenTheDocumentIsTooLargeForTheMemory(String element) throws IOException {
        String elements = element.repeat(3_900_000 / element.length());
        Path data = folder.resolve("data.json");
        Files.writeString(data, "{\"a\": {\"b\": [" + elements + "\"\"]}}");
        var environment = Map.of("DATA_PATH", data.toString(), "JDK_JAVA_OPTIONS", "-Xmx32m");
        var end = ServiceProcess.run("todo-svc", environment);

        assertThat(end.exitCode()).isEqualTo(65);
        assertThat(end.output())
                .last()
                .isEqualTo(
                        "todo-svc: "
                                + data
                                + ": is too large for this heap; enlarge it (JDK_JAVA_OPTIONS=-Xmx1g), or make the document smaller");
        assertThat(ServiceProcess.run("todo-svc", environment, "validate").output())
                .last()
                .isEqualTo(
                        data
                                + ": is too large for this heap; enlarge it (JDK_JAVA_OPTIONS=-Xmx1g), or make the document smaller");
    }

    /// As many as fit into a 16th of it, by names of characters that take twice the memory.
    @Test
    void takeUpAnotherDocumentAsLargeAsTheHeapAllows() throws Exception {
        Path data = Files.writeString(folder.resolve("users.json"), manyUsers('ł'));
        var environment =
                Map.of("DATA_PATH", data.toString(), "JDK_JAVA_OPTIONS", ServiceProcess.SHIPPED);
        try (var serving = ServiceProcess.start("user-svc", environment)) {
            URI page = serving.uri().resolve("/users?limit=1");
            String before = get(page).body();
            Path other = Files.writeString(folder.resolve("other.json"), manyUsers('ń'));
            Files.move(other, data, StandardCopyOption.ATOMIC_MOVE);
            while (get(page).body().equals(before)) {
                // until it is taken up
            }

            assertThat(get(page).body()).isEqualTo(before.replace('ł', 'ń'));
        }
    }

    private static String manyUsers(char letter) {
        return IntStream.range(0, 44_000)
                .mapToObj(i ->
                        "\"user-%c-%d\":{\"id\":%d,\"name\":\"%c\",\"verified\":1}"
                                .formatted(letter, i, i, letter))
                .collect(Collectors.joining(",", "{", "}\n"));
    }

    @Test
    void takeAFileOverThePackagedConfiguration() throws Exception {
        Path data =
                Files.writeString(
                        folder.resolve("données.json"),
                        "{\"a\": {\"b\": [\"c\"]}}",
                        StandardCharsets.UTF_8);
        Path config =
                Files.writeString(folder.resolve("config.yaml"), "data:\n  path: '" + data + "'\n");
        try (var serving =
                ServiceProcess.start("todo-svc", Map.of(), "--config", config.toString())) {
            assertThat(get(serving.uri().resolve("/lists/a")).body())
                    .isEqualTo("{\"b\":[\"c\"]}\n");
        }
    }

    @Test
    void serveOverTlsAndSayIt() throws Exception {
        Path keystore = folder.resolve("keystore.p12");
        makeKey(keystore);
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"),
                        """
                        server:
                          tls:
                            private-key:
                              keystore:
                                resource: {path: %s}
                                passphrase: changeit
                                key: {alias: mykey}
                        """
                                .formatted(keystore));
        try (var serving =
                        ServiceProcess.start("todo-svc", Map.of(), "--config", config.toString());
                var client = HttpClient.newBuilder().sslContext(trusting(keystore)).build()) {
            URI lists = serving.uri().resolve("/lists/aniket");
            var answer =
                    client.send(HttpRequest.newBuilder(lists).build(), BodyHandlers.ofString());

            assertThat(lists).hasScheme("https");
            assertThat(answer.body()).startsWith("{\"school\":");
            assertThat(get(serving.admin().resolve("/observe/health/ready")).statusCode())
                    .isEqualTo(200);
        }
    }

    private static void makeKey(Path keystore) throws IOException, InterruptedException {
        String keytool = Path.of(ServiceProcess.JAVA).resolveSibling("keytool").toString();
        String options = "-genkeypair -keyalg EC -dname CN=localhost -ext san=dns:localhost";
        var command = new ArrayList<>(List.of(keytool));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-storepass", "changeit", "-keystore", keystore.toString()));
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    private static SSLContext trusting(Path keystore) throws Exception {
        var certificates =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        certificates.init(KeyStore.getInstance(keystore.toFile(), "changeit".toCharArray()));
        var context = SSLContext.getInstance("TLS");
        context.init(null, certificates.getTrustManagers(), null);
        return context;
    }

    /// Those at which Java ends of itself. Whoever started this test may have it ignore some.
    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
    void serveOnWhileTheyDrainAndSayItsOver(String signal, int exitCode) throws Exception {
        assumeFalse(isIgnored(signal), signal + " is ignored");
        try (var serving = ServiceProcess.start("todo-svc", Map.of("SHUTDOWN_DRAIN", "PT3S"))) {
            serving.process().signal(signal);
            URI ready = serving.admin().resolve("/observe/health/ready");
            while (get(ready).statusCode() == 200) {
                // until the signal has arrived
            }
            HttpResponse<String> answer = get(serving.uri().resolve("/lists/aniket"));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Connection")).hasValue("close");
            assertThat(get(serving.admin().resolve("/observe/health/live")).statusCode())
                    .isEqualTo(200);
            var end = serving.process().end();
            assertThat(end.exitCode()).isEqualTo(exitCode);
            assertThat(end.output())
                    .anyMatch(line ->
                            line.endsWith(
                                    "todo-svc is told to stop: not ready, serves on for PT3S, then finishes within PT5S"))
                    .anyMatch(line -> line.endsWith("todo-svc has stopped"));
        }
    }

    /// Whether it is ignored by all that this process starts.
    static boolean isIgnored(String signal) throws IOException {
        var trap = new ProcessBuilder("bash", "-c", "trap -p " + signal);
        return trap.start().inputReader().readLine() != null;
    }

    @Test
    void goOnWhenTheTerminalClosesIfStartedByNohup() throws Exception {
        int port = freePort();
        var command = List.of("nohup", ServiceProcess.JAVA, "-jar", "todo-svc/target/todo-svc.jar");
        Path log = folder.resolve("log");
        Process todo =
                ServiceProcess.builder(port, 0, command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            awaitStatus(URI.create("http://127.0.0.1:" + port + "/lists"), 200);
            new ProcessBuilder("bash", "-c", "kill -HUP " + todo.pid()).start().waitFor();
            todo.destroy();

            assertThat(todo.waitFor(Duration.ofSeconds(20))).isTrue();
            assertThat(todo.exitValue()).isEqualTo(143);
            assertThat(log).content().endsWith("todo-svc has stopped\n"); // so TERM came first
        } finally {
            todo.destroyForcibly();
        }
    }

    @Test
    void endWithoutAComplaintThoughAllConnectionsAreTaken() throws Exception {
        try (var serving =
                        ServiceProcess.start(
                                "todo-svc", Map.of("SERVER_MAX_TCP_CONNECTIONS", "1"));
                var client = slowClient(serving.uri().getPort())) {
            while (total(serving, "http_server_connections ") < 1) {
                // until it has taken it
            }
            assertThat(client.isConnected()).isTrue();
            assertThat(serving.process().stop().output())
                    .noneMatch(line -> line.contains("ERROR"))
                    .last()
                    .asString()
                    .endsWith("todo-svc has stopped");
        }
    }

    @Test
    void endAtOnceAtASecondSignal() throws Exception {
        try (var serving = ServiceProcess.start("todo-svc", Map.of("SHUTDOWN_DRAIN", "PT1H"))) {
            serving.process().signal();
            URI ready = serving.admin().resolve("/observe/health/ready");
            while (get(ready).statusCode() == 200) {
                // until the signal has arrived
            }

            assertThat(serving.process().stop().exitCode()).isEqualTo(143);
        }
    }

    @Test
    void serveAChangedDocumentAndKeepItBesideABadOne() throws Exception {
        Path data = Files.writeString(folder.resolve("todo.json"), "{\"a\": {\"b\": [\"c\"]}}");
        var environment = Map.of("DATA_PATH", data.toString(), "DATA_POLL", "PT0.1S");
        try (var serving = ServiceProcess.start("todo-svc", environment)) {
            URI lists = serving.uri().resolve("/lists/a");
            Files.writeString(data, "{\"a\": {\"b\": [\"d\"]}}");
            while (!get(lists).body().contains("d")) {
                // until it has looked
            }
            Files.writeString(data, "{\"a\": {\"b\": [1]}}");
            URI metrics = serving.admin().resolve("/observe/metrics");
            while (!get(metrics).body().contains("data_last_reload_successful 0.0")) {
                // until it has looked
            }

            assertThat(get(lists).body()).isEqualTo("{\"b\":[\"d\"]}\n");
            assertThat(get(serving.admin().resolve("/observe/health/ready")).statusCode())
                    .isEqualTo(200);
            assertThat(serving.process().stop().output())
                    .anyMatch(line ->
                            line.contains(" WARNING keeps serving revision ")
                                    && line.endsWith(
                                            data + ":1:14: /a/b/0: expected a string, found 1"));
        }
    }

    static Stream<Arguments> validations() {
        return Stream.of(
                start(0, "database/todo.json: valid, revision 4ca2f75994a72a1b", Map.of()),
                start(
                        0,
                        "database/todo.json: valid, revision 4ca2f75994a72a1b",
                        Map.of(),
                        "--users",
                        "database/users.json",
                        "database/todo.json"),
                start(
                        65,
                        "database/users.json:3:11: /saurabh_badhwar/id: expected an array of strings, found 1",
                        Map.of(),
                        "database/users.json"),
                start(
                        65,
                        "/nope.json: no such file; check the path",
                        Map.of(),
                        "--users",
                        "/nope.json",
                        "database/todo.json"),
                start(
                        64,
                        "todo-svc: can't make sense of the arguments \"validate --nope\"; try --help",
                        Map.of(),
                        "--nope"),
                start(
                        64,
                        "todo-svc: can't make sense of the arguments \"validate --users\"; try --help",
                        Map.of(),
                        "--users",
                        "database/users.json",
                        "--users",
                        "database/users.json"),
                start(64, "todo-svc: \"\" is not a path; give that of a file", Map.of(), ""));
    }

    @ParameterizedTest
    @MethodSource("validations")
    void validateDocumentsWithoutServing(
            int exitCode, String line, Map<String, String> environment, List<String> files)
            throws IOException {
        var arguments = Stream.concat(Stream.of("validate"), files.stream());
        var end = ServiceProcess.run("todo-svc", environment, arguments.toArray(String[]::new));

        assertThat(end.exitCode()).isEqualTo(exitCode);
        assertThat(end.output()).first().isEqualTo(line);
    }

    @Test
    void warnOfUsersThatThereAreNotAndOfDocumentsThatAreTooLarge() throws IOException {
        Path users = Files.writeString(folder.resolve("users.json"), "{\"ana\": {}}");
        Path lists =
                Files.writeString(folder.resolve("lists.json"), "{\"ana\": {},\n \"bob\": {}}");
        Path large = Files.writeString(folder.resolve("large.json"), large(300_000));
        Path tooLarge = Files.writeString(folder.resolve("too-large.json"), large(1_100_000));
        var end =
                ServiceProcess.run(
                        "todo-svc",
                        Map.of(),
                        "validate",
                        "--users",
                        users.toString(),
                        lists.toString(),
                        large.toString(),
                        tooLarge.toString());

        assertThat(end.exitCode()).isEqualTo(0);
        assertThat(end.output())
                .contains(
                        lists + ":2:9: /bob: warning: there is no such user in " + users,
                        large
                                + ": warning: too large for kubectl apply, but for that with --server-side",
                        tooLarge + ": warning: a ConfigMap holds 1048576 bytes, this has 1100020");
    }

    @Test
    void warnOfUsernamesThatNoPathHas() throws IOException {
        Path lists = Files.writeString(folder.resolve("lists.json"), "{\"\": {},\n \"a/b\": {}}");
        var end = ServiceProcess.run("todo-svc", Map.of(), "validate", lists.toString());

        assertThat(end.exitCode()).isEqualTo(0);
        assertThat(end.output())
                .contains(
                        lists + ":1:6: /: warning: no request can ask for this user alone",
                        lists + ":2:9: /a~1b: warning: no request can ask for this user alone");
    }

    @Test
    void validateTheDocumentThatAFileOfSettingsNames() throws IOException {
        Path lists = Files.writeString(folder.resolve("lists.json"), "{\"ana\": 1}");
        Path config =
                Files.writeString(folder.resolve("config.yaml"), "data: {path: " + lists + "}\n");
        var end =
                ServiceProcess.run("todo-svc", Map.of(), "validate", "--config", config.toString());

        assertThat(end.exitCode()).isEqualTo(65);
        assertThat(end.output()).containsExactly(lists + ":1:9: /ana: expected an object, found 1");
    }

    private static String large(int size) {
        return "{\"ana\": {\"a\": [\"" + "x".repeat(size) + "\"]}}";
    }

    @Test
    void serveOnWhenTheLogTakesNoMore() throws Exception {
        try (var todo = ServiceProcess.start("todo-svc", Map.of())) {
            int port = freePort();
            String command = " -jar user-svc/target/user-svc.jar > /dev/full 2>&1";
            var builder =
                    ServiceProcess.builder(
                            port,
                            0,
                            List.of("bash", "-c", "exec " + ServiceProcess.JAVA + command));
            builder.environment().put("TODO_URI", todo.uri() + "/nothing"); // whose 502 is logged
            Process user = builder.start();
            try {
                URI uri = URI.create("http://127.0.0.1:" + port + "/users/aniket/lists");
                awaitStatus(uri, 502);
                for (int i = 0; i < 100; i++) {
                    assertThat(get(uri).statusCode()).isEqualTo(502);
                }
            } finally {
                user.destroyForcibly();
            }
        }
    }

    @Test
    void answerAndEndInTimeThoughNobodyReadsTheirLog() throws Exception {
        int port = freePort();
        var builder =
                ServiceProcess.builder(
                        port,
                        0,
                        List.of(ServiceProcess.JAVA, "-jar", "user-svc/target/user-svc.jar"));
        builder.environment().put("SHUTDOWN_GRACE", "PT0.1S");
        builder.environment().put("TODO_URI", "http://127.0.0.1:1"); // which is logged
        Process user = builder.start();
        try {
            awaitStatus(URI.create("http://127.0.0.1:" + port + "/users"), 200);
            var plan =
                    new Load.Plan(
                            port, 1, 1_000, Duration.ofSeconds(5), k -> "/users/aniket/lists");
            LoadResult result = Load.start(plan).join(); // its lines are more than a pipe holds
            user.toHandle().destroy(); // leaves the pipe open

            assertThat(result.counts()).isEqualTo(Map.of(503, 1_000));
            assertThat(user.waitFor(Duration.ofSeconds(20))).isTrue();
            assertThat(user.exitValue()).isEqualTo(143);
        } finally {
            user.destroyForcibly();
        }
    }

    /// For 5 s, half of what Java holds on to an unknown name.
    @Test
    void findTodoServiceSoonAfterItsNameIsThere() throws Exception {
        Path hosts = Files.createFile(folder.resolve("hosts"));
        try (var todo = ServiceProcess.start("todo-svc", Map.of())) {
            var environment =
                    Map.of(
                            "TODO_URI",
                            "http://todo-svc.test:" + todo.uri().getPort(),
                            "JDK_JAVA_OPTIONS",
                            "-Djdk.net.hosts.file=" + hosts);
            try (var user = ServiceProcess.start("user-svc", environment)) {
                URI lists = user.uri().resolve("/users/aniket/lists");
                assertThat(get(lists).statusCode()).isEqualTo(503);
                Files.writeString(hosts, "127.0.0.1 todo-svc.test\n");
                long begin = System.nanoTime();
                while (get(lists).statusCode() == 503) {
                    // until it looks again
                }

                assertThat(get(lists).statusCode()).isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .isLessThan(Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void areNotLiveOnceTheyCanListenNoMore() throws Exception {
        int port = freePort();
        int adminPort = freePort();
        var builder =
                ServiceProcess.builder(
                                port,
                                adminPort,
                                List.of(
                                        "bash",
                                        "-c",
                                        "ulimit -n 150 && exec "
                                                + ServiceProcess.JAVA
                                                + " -jar todo-svc/target/todo-svc.jar"))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile());
        Process todo = builder.start();
        var connections = new ArrayList<Socket>();
        URI live = URI.create("http://127.0.0.1:" + adminPort + "/observe/health/live");
        try {
            awaitStatus(live, 200);
            while (connections.size() < 1_000) {
                connections.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
        } catch (SocketException e) {
            // as many as it can have: refused, or reset while its socket closed
        }
        for (Socket connection : connections) {
            connection.close();
        }
        try {
            awaitStatus(live, 503);
            awaitStatus(URI.create(live.toString().replace("live", "ready")), 503);
        } finally {
            todo.destroyForcibly();
        }
    }

    /// The kubelet restarts a pod that leaves three probes without an answer, ten seconds apart.
    @Test
    void answerAProbeThoughTheSilentHaveAllConnectionsOfItsPort() throws Exception {
        try (var serving = ServiceProcess.start("todo-svc", Map.of())) {
            URI live = serving.admin().resolve("/observe/health/live");
            var silent = new ArrayList<Socket>();
            for (int i = 0; i < 128; i++) {
                silent.add(slowClient(live.getPort()));
            }
            var probe = HttpRequest.newBuilder(live).timeout(Duration.ofSeconds(20)).build();
            try (var client = HttpClient.newHttpClient()) {
                assertThat(client.send(probe, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            }
            for (Socket client : silent) {
                client.close();
            }
        }
    }

    /// As many as README says, half of them silent, and more probes than there is room for clients
    /// that wait.
    @Test
    void takeAnotherConnectionOnceOneOfAllThatTheyHaveRoomForCloses() throws Exception {
        var environment =
                Map.of("JDK_JAVA_OPTIONS", ServiceProcess.SHIPPED, "SERVER_BACKLOG", "10");
        try (var serving = ServiceProcess.start("todo-svc", environment)) {
            URI live = serving.admin().resolve("/observe/health/live");
            int most = (int) total(serving, "http_server_connections_max ");
            assertThat(most).isBetween(815, 825);
            var clients = new ArrayList<Socket>();
            while (clients.size() < most) {
                Socket client = slowClient(serving.uri().getPort());
                clients.add(client);
                if (clients.size() % 2 == 0) {
                    ask(client, "GET /lists HTTP/1.1");
                    assertThat(Answer.read(client.getInputStream()).status()).isEqualTo(200);
                }
            }
            while (total(serving, "http_server_connections ") < most) {
                // until it has taken the last of them
            }

            for (int probes = 0; probes < 20; probes++) {
                assertThat(get(live).statusCode()).isEqualTo(200);
            }
            Socket oneMore = slowClient(serving.uri().getPort());
            ask(oneMore, "GET /lists HTTP/1.1");
            assertThat(get(live).statusCode()).isEqualTo(200);
            assertThat(oneMore.getInputStream().available()).isZero();

            clients.getFirst().close();
            assertThat(Answer.read(oneMore.getInputStream()).status()).isEqualTo(200);

            clients.add(oneMore);
            for (Socket client : clients) {
                client.close();
            }
            while (total(serving, "http_server_connections ") > 0) {
                // until it has seen them close
            }
        }
    }

    /// More clients than the heap that is shipped holds, each with half a head.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outliveMoreClientsThanTheHeapHolds(boolean ofAdminPort) throws Exception {
        var environment = Map.of("JDK_JAVA_OPTIONS", ServiceProcess.SHIPPED);
        try (var serving = ServiceProcess.start("todo-svc", environment)) {
            int port = (ofAdminPort ? serving.admin() : serving.uri()).getPort();
            var clients = new ArrayList<Socket>();
            for (boolean taken = true; taken && clients.size() < 3_500; ) {
                var client = new Socket();
                clients.add(client);
                taken = asks(client, port);
            }
            for (Socket client : clients) {
                client.close();
            }
            assertThat(get(serving.uri().resolve("/lists")).statusCode()).isEqualTo(200);
            assertThat(get(serving.admin().resolve("/observe/health/live")).statusCode())
                    .isEqualTo(200);
            assertThat(serving.process().stop().output())
                    .noneMatch(line -> line.contains("OutOfMemoryError"));
        }
    }

    /// Whether the service takes the connection, or the kernel for it, for which half a head is
    /// sent.
    private static boolean asks(Socket client, int port) throws IOException {
        try {
            var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            client.connect(server, 2_000); // milliseconds, in which the kernel asks again
            client.getOutputStream().write("GET /lists HTTP/1.1\r\nX".getBytes(US_ASCII));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// A copy of the body for each of them would take more than twice the heap.
    @Test
    void sendALargeBodyToManyWhoTakeTheirTime() throws Exception {
        String users = largeUsers();
        Path data = Files.writeString(folder.resolve("users.json"), users);
        var environment =
                Map.of(
                        "DATA_PATH", data.toString(),
                        "LOG_ACCESS", "true",
                        "JDK_JAVA_OPTIONS", "-Xmx96m");
        try (var serving = ServiceProcess.start("user-svc", environment)) {
            var clients = new ArrayList<Socket>();
            for (int i = 0; i < 40; i++) {
                Socket client = slowClient(serving.uri().getPort());
                clients.add(client);
                ask(client, "GET /users HTTP/1.1");
                byte[] begin = client.getInputStream().readNBytes(12);
                assertThat(new String(begin, US_ASCII)).isEqualTo("HTTP/1.1 200");
            }
            for (Socket client : clients) {
                var in = new BufferedInputStream(client.getInputStream());
                var rest = new ByteArrayInputStream("HTTP/1.1 200".getBytes(US_ASCII));
                String body = Answer.read(new SequenceInputStream(rest, in)).body();
                assertThat(body.equals(users)).isTrue();

                ask(client, "GET /users HTTP/1.1\r\nIf-None-Match: *");
                assertThat(Answer.read(in).status()).isEqualTo(304);
                ask(client, "GET /users/user-1 HTTP/1.1");
                assertThat(Answer.read(in).body()).endsWith("\"verified\":1}\n");
                client.close();
            }

            assertThat(serving.process().stop().output())
                    .filteredOn(line -> line.contains("GET /users 200, "))
                    .hasSize(40)
                    .allSatisfy(line ->
                            assertThat(Long.parseLong(line.replaceFirst(".* (\\d+) B, .*", "$1")))
                                    .isBetween(users.length() + 200L, users.length() + 400L));
        }
    }

    /// Who has reset the connection before the service gets to answer, whatever the answer is.
    @Test
    void sayNoMoreThanUsualOfClientsThatHangUp() throws Exception {
        var requests =
                List.of(
                        "GET /lists/aniket",
                        "GET /lists/nobody",
                        "HEAD /lists/nobody",
                        "GET /nothing",
                        "DELETE /lists",
                        "GET /lists?limit=0");
        try (var serving = ServiceProcess.start("todo-svc", Map.of("LOG_ACCESS", "true"))) {
            var clients = new HashMap<String, Socket>();
            for (String request : requests) {
                Socket client = slowClient(serving.uri().getPort());
                client.setSoLinger(true, 0); // so that to close is to reset
                clients.put(request, client);
                ask(client, "GET /lists HTTP/1.1");
                assertThat(Answer.read(client.getInputStream()).status()).isEqualTo(200);
            }
            serving.process().pause();
            for (var client : clients.entrySet()) {
                ask(client.getValue(), client.getKey() + " HTTP/1.1");
                client.getValue().close();
            }
            serving.process().resume();
            while (total(serving, "http_server_requests_seconds_count") < 2 * requests.size()) {
                // until it has come to the last of them
            }

            assertThat(serving.process().stop().output())
                    .noneMatch(line -> line.contains("WARNING") || line.contains("\tat "))
                    .filteredOn(line -> line.contains(" B, "))
                    .hasSize(2 * requests.size());
        }
    }

    /// Of a metric, over all its series.
    private static double total(Serving serving, String metric) throws Exception {
        String metrics = get(serving.admin().resolve("/observe/metrics")).body();
        return metrics.lines()
                .filter(line -> line.startsWith(metric))
                .mapToDouble(line -> Double.parseDouble(line.replaceFirst(".* ", "")))
                .sum();
    }

    /// Six megabytes, as they are served.
    private static String largeUsers() {
        return IntStream.range(0, 100)
                .mapToObj(i ->
                        "\"user-%d\":{\"id\":%d,\"name\":\"%s\",\"verified\":1}"
                                .formatted(i, i, "x".repeat(60_000)))
                .collect(Collectors.joining(",", "{", "}\n"));
    }

    /// One that has room for little of what it does not read.
    private static Socket slowClient(int port) throws IOException {
        var client = new Socket();
        client.setReceiveBufferSize(64 << 10);
        client.setSoTimeout(20_000); // milliseconds
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return client;
    }

    private static void ask(Socket client, String what) throws IOException {
        client.getOutputStream().write((what + "\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII));
    }

    @Test
    void findEachOther() throws Exception {
        try (var todo = ServiceProcess.start("todo-svc", Map.of());
                var user =
                        ServiceProcess.start(
                                "user-svc", Map.of("TODO_URI", todo.uri().toString()))) {
            var lists = get(user.uri().resolve("/users/aniket/lists"));
            var none = get(user.uri().resolve("/users/luckas/lists"));

            assertThat(lists.body())
                    .isEqualTo("{\"school\":[\"Complete homework\",\"Prepare for test\"]}\n");
            assertThat(none.statusCode()).isEqualTo(200);
            assertThat(none.body()).isEqualTo("{}\n");

            todo.process().stop();
            assertThat(get(user.uri().resolve("/users/aniket/lists")).statusCode()).isEqualTo(503);
            assertThat(get(user.uri().resolve("/users/aniket")).statusCode()).isEqualTo(200);
        }
    }

    private static Arguments start(
            int exitCode, String message, Map<String, String> environment, String... arguments) {
        return arguments(exitCode, message, environment, List.of(arguments));
    }
}
