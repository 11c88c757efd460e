package todomanager.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static todomanager.testkit.Http.awaitStatus;
import static todomanager.testkit.Http.get;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
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
import todomanager.testkit.process.ServiceProcess;

/// What the packaged services make of arguments, settings and the locale.
@Tag("system")
@Timeout(60)
class StartIT {
    @TempDir private Path folder;

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

    @Test
    void printUtf8WhateverTheLocale() throws IOException {
        Path data = Files.writeString(folder.resolve("todo.json"), "{\"小高\": 1}");
        var environment = Map.of("LC_ALL", "C", "DATA_PATH", data.toString());
        String fault = data + ":1:8: /小高: expected an object, found 1";

        assertThat(ServiceProcess.run("todo-svc", environment).output())
                .containsExactly("todo-svc: " + fault);
        assertThat(ServiceProcess.run("todo-svc", environment, "validate").output())
                .containsExactly(fault);
    }

    private static Arguments start(
            int exitCode, String message, Map<String, String> environment, String... arguments) {
        return arguments(exitCode, message, environment, List.of(arguments));
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

    @Test
    void believeEachOtherByAKeyThatNobodyElseHas() throws Exception {
        String variable = "AUTH_ASSERTION_KEYS_FILE";
        String keys = keys("keys", 'k').toString();
        String others = keys("other-keys", 'o').toString();
        try (var todo = ServiceProcess.start("todo-svc", Map.of(variable, keys))) {
            String uri = todo.uri().toString();
            var withKey = Map.of("TODO_URI", uri, variable, keys);
            var withAnother = Map.of("TODO_URI", uri, variable, others);
            try (var user = ServiceProcess.start("user-svc", withKey);
                    var stranger = ServiceProcess.start("user-svc", withAnother)) {
                awaitStatus(user.uri().resolve("/users/aniket/lists"), 200);
                awaitStatus(stranger.uri().resolve("/users/aniket/lists"), 502);
                assertThat(get(todo.uri().resolve("/lists/aniket")).statusCode()).isEqualTo(401);
            }
        }
    }

    private Path keys(String name, char letter) throws IOException {
        byte[] bytes = Character.toString(letter).repeat(32).getBytes(StandardCharsets.US_ASCII);
        String key = Base64.getEncoder().encodeToString(bytes);
        return Files.writeString(folder.resolve(name), key);
    }

    @ParameterizedTest
    @CsvSource({"user-svc, users.json", "todo-svc, todo.json"})
    void endWithOneLineWhereOtherMachinesCouldWrite(String service, String document)
            throws IOException {
        Path data = folder.resolve(document);
        Files.copy(ServiceProcess.ROOT.resolve("database").resolve(document), data);
        var environment =
                Map.of(
                        "SERVER_HOST",
                        "0.0.0.0",
                        "DATA_WRITABLE",
                        "true",
                        "DATA_PATH",
                        data.toString());
        var end = ServiceProcess.run(service, environment);

        assertThat(end.exitCode()).isEqualTo(78);
        assertThat(end.output())
                .singleElement()
                .asString()
                .startsWith(service + ": auth (AUTH): other machines may reach the service, ");
    }
}
