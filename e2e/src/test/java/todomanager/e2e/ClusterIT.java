package todomanager.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.user.Load;
import todomanager.user.LoadResult;

/// The manifests on the cluster of the current context, which has the images. Each test prints its
/// figure; load comes through a NodePort on this machine.
@Timeout(300)
class ClusterIT {
    private static final String SELECTOR = "app.kubernetes.io/name in (user-svc, todo-svc)";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PER_SECOND = 300;
    private static final int CLIENTS = 16;

    @TempDir private Path folder;

    private static int port;

    @BeforeAll
    static void requireThatContext() {
        String current = Kubectl.run("config", "current-context").strip();
        assertThat(System.getProperty("e2e.context"))
                .as("-De2e.context, since the namespace is deleted and a node drained there")
                .isEqualTo(current);
        expose();
    }

    private static void expose() {
        deploy(Kubectl.ROOT);
        Kubectl.apply(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: user-svc-e2e}
                spec:
                  type: NodePort
                  selector: {app.kubernetes.io/name: user-svc}
                  ports: [{port: 5000, targetPort: http}]
                """);
        port =
                Kubectl.get("service", "user-svc-e2e")
                        .getValue("/spec/ports/0/nodePort")
                        .toString()
                        .transform(Integer::parseInt);
    }

    @AfterAll
    static void hide() {
        Kubectl.run("delete", "service", "user-svc-e2e");
        deploy(Kubectl.ROOT);
    }

    @BeforeEach
    void deploy() {
        deploy(Kubectl.ROOT);
        await("the shipped users are served", () -> usersEverywhere().equals(Set.of(users())));
    }

    /// Applies the manifests of a copy of the repository, and waits until its pods are ready.
    private static void deploy(Path root) {
        Kubectl.run("apply", "-k", root.resolve("k8s").toString());
        rollOut();
    }

    private static void rollOut() {
        Kubectl.run("rollout", "status", "deployment/todo-svc", "--timeout=90s");
        Kubectl.run("rollout", "status", "deployment/user-svc", "--timeout=90s");
    }

    @Test
    void doesWhatTheReadmeSays() throws Exception {
        String commands = blockOfTheReadme("sh");
        Kubectl.run("delete", "namespace", "todo-manager");
        long begin = System.nanoTime();
        Process forward = null;
        try {
            for (String command : commands.lines().toList()) {
                if (command.startsWith("kubectl") && command.contains("port-forward")) {
                    System.out.printf("1: ready after %.1f s%n", seconds(begin));
                    forward = shell("exec " + command);
                    assertThat(forward.inputReader().readLine()).startsWith("Forwarding");
                } else if (command.startsWith("kubectl") || command.startsWith("curl")) {
                    Process process = shell(command);
                    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
                    assertThat(process.waitFor()).as(command + ": " + output).isZero();
                    System.out.println("1: " + command + ": " + output.lines().toList());
                }
            }
            assertThat(get(5000, "/")).startsWith("200 Hey! The service is up");
            assertThat(get(5000, "/users")).isEqualTo("200 " + users());
            assertThat(get(5000, "/users/aniket/lists"))
                    .isEqualTo("200 {\"school\":[\"Complete homework\",\"Prepare for test\"]}\n");
            assertThat(get(5000, "/users/luckas/lists")).isEqualTo("200 {}\n");
            assertThat(get(5000, "/users/nobody")).startsWith("404 {\"type\":\"about:blank\"");
        } finally {
            if (forward != null) {
                forward.destroy();
            }
            expose();
        }
    }

    @Test
    void canBeExtendedAsTheReadmeShows() throws Exception {
        copyOfTheRepository();
        Path overlay = Files.createDirectory(folder.resolve("overlay"));
        Files.writeString(overlay.resolve("kustomization.yaml"), blockOfTheReadme("yaml"));
        Files.writeString(
                overlay.resolve("ingress.yaml"),
                "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: users}, spec:"
                        + " {defaultBackend: {service: {name: user-svc, port: {name: http}}}}}");
        String built = Kubectl.run("kustomize", overlay.toString());

        assertThat(built)
                .contains(
                        "image: registry.example.com/user-svc:1.0.0",
                        "image: registry.example.com/todo-svc:1.0.0",
                        "replicas: 3",
                        "kind: Ingress");
    }

    @Test
    void isAdmittedWithoutAWarningWhereAPrivilegedPodIsNot() {
        String output = Kubectl.run("apply", "-k", "k8s", "--dry-run=server", "--validate=strict");
        var privileged =
                Kubectl.tryRun(
                        "", "run", "bad", "--image=todo-manager/todo-svc:1.0.0", "--privileged");
        System.out.println("2: " + output.lines().count() + " objects; " + privileged.output());

        assertThat(output).doesNotContainIgnoringCase("warning");
        assertThat(privileged.exitCode()).isNotZero();
        assertThat(privileged.output()).contains("violates PodSecurity \"restricted");
    }

    @Test
    void letsOnlyUserServiceReachTodoService() {
        JsonObject todo = Kubectl.get("networkpolicy", "todo-svc");
        JsonObject user = Kubectl.get("networkpolicy", "user-svc");
        String name = "/podSelector/matchLabels/app.kubernetes.io~1name";

        assertThat(todo.getValue("/spec" + name)).hasToString("\"todo-svc\"");
        assertThat(todo.getValue("/spec/ingress/0/from/0" + name)).hasToString("\"user-svc\"");
        assertThat(user.getValue("/spec" + name)).hasToString("\"user-svc\"");
        assertThat(user.getValue("/spec/egress/0/to/0" + name)).hasToString("\"todo-svc\"");
        assertThat(user.getValue("/spec/egress/1/to/0/podSelector/matchLabels"))
                .hasToString("{\"k8s-app\":\"kube-dns\"}");
    }

    @Test
    void servesAnEditOnEveryReplicaWithoutARestart() throws Exception {
        Set<String> before = podsAndRestarts();
        Path copy = copyOfTheRepository();
        Path document = copy.resolve("database/users.json");
        Files.writeString(document, Files.readString(document).replace("Aniket", "Anika"));
        try (var load = Load.start(plan())) {
            Kubectl.run("apply", "-k", copy.resolve("k8s").toString());
            long begin = System.nanoTime();
            await(
                    "the new users are everywhere",
                    () -> usersEverywhere().equals(Set.of(users().replace("Aniket", "Anika"))));
            double seconds = seconds(begin);
            LoadResult result = load.stop();
            System.out.printf("3: an edit is everywhere after %.1f s: %s%n", seconds, result);

            assertNoneFailed(result);
            assertThat(seconds).isLessThan(30);
            assertThat(podsAndRestarts()).isEqualTo(before);
        }
    }

    @Test
    void keepsTheLastGoodDocumentAndSaysSo() throws Exception {
        Path copy = copyOfTheRepository();
        Path document = copy.resolve("database/users.json");
        Files.writeString(
                document, Files.readString(document).replace("\"id\": 2", "\"id\": \"2\""));
        Kubectl.run("apply", "-k", copy.resolve("k8s").toString());
        await("the reload fails", () -> reloadsSuccessful().equals(Set.of("0.0")));
        String log = Kubectl.run("logs", "deployment/user-svc", "--tail=1");
        System.out.println("4: " + log.strip());

        assertThat(log)
                .contains(
                        "keeps serving revision",
                        "/data/users.json:",
                        "/aniket/id: expected an integer");
        assertThat(usersEverywhere()).containsExactly(users());
        rollOut(); // all are still ready
        deploy(Kubectl.ROOT);
        await("the reload succeeds", () -> reloadsSuccessful().equals(Set.of("1.0")));
    }

    @Test
    void losesNoRequestWhileRolloutsReplaceEveryPod() {
        try (var load = Load.start(plan())) {
            for (String service : List.of("todo-svc", "user-svc")) {
                String deployment = "deployment/" + service;
                Kubectl.run("rollout", "restart", deployment);
                rollOut();
                String sameUnderAnotherName = "docker.io/todo-manager/" + service + ":1.0.0";
                Kubectl.run("set", "image", deployment, service + "=" + sameUnderAnotherName);
                rollOut();
                Kubectl.run("rollout", "undo", deployment);
                rollOut();
            }
            LoadResult result = load.stop();
            System.out.println("5: restart, another image, undo: " + result);

            assertNoneFailed(result);
            assertThat(result.sent()).isGreaterThan(10_000);
        }
    }

    @Test
    void losesNoRequestWhenAPodIsDeletedOrItsNodeDrained() {
        try (var load = Load.start(plan())) {
            Kubectl.run("delete", "pod", podOf("user-svc"), podOf("todo-svc"));
            rollOut();
            LoadResult deleted = load.stop();
            System.out.println("6: a pod of each is deleted: " + deleted);
            assertNoneFailed(deleted);
        }
        String node =
                Kubectl.get("pod", podOf("user-svc")).getJsonObject("spec").getString("nodeName");
        try (var load = Load.start(plan())) {
            var drain =
                    Kubectl.tryRun(
                            "", "drain", node, "--pod-selector=" + SELECTOR, "--timeout=20s");
            Kubectl.run("uncordon", node);
            rollOut();
            LoadResult drained = load.stop();
            System.out.println("6: their node is drained: " + drained);
            assertThat(drain.output()).contains("violate the pod's disruption budget");
            assertNoneFailed(drained);
        } finally {
            Kubectl.run("uncordon", node);
        }
        try (var load = Load.start(plan())) {
            Kubectl.run("delete", "pod", podOf("user-svc"), "--grace-period=0", "--force");
            rollOut();
            System.out.println("6: a pod is killed: " + load.stop());
        }
    }

    @Test
    void answersAtOnceWhileTodoServiceIsScaledToNothing() {
        Kubectl.run("scale", "deployment/todo-svc", "--replicas=0");
        Kubectl.run(
                "wait",
                "--for=delete",
                "pod",
                "-l",
                "app.kubernetes.io/name=todo-svc",
                "--timeout=60s");
        var lists = new Load.Plan(port, 1, 100, PATIENCE, k -> "/users/aniket/lists");
        var users = new Load.Plan(port, 1, 100, PATIENCE, k -> "/users/aniket");
        LoadResult refused = Load.start(lists).join();
        LoadResult served = Load.start(users).join();
        Kubectl.run("scale", "deployment/todo-svc", "--replicas=2");
        await(
                "a pod of todo-svc is ready",
                () ->
                        Kubectl.tryRun(
                                                "",
                                                "wait",
                                                "--for=condition=Available",
                                                "deployment/todo-svc",
                                                "--timeout=1s")
                                        .exitCode()
                                == 0);
        long begin = System.nanoTime();
        await("lists are served", () -> get(port, "/users/aniket/lists").startsWith("200"));
        System.out.printf(
                "7: no todo-svc: lists %s; users %s; lists %.2f s after it is available%n",
                refused, served, seconds(begin));

        assertThat(refused.counts()).containsOnlyKeys(503);
        assertThat(served.counts()).containsOnlyKeys(200);
    }

    @Test
    void servesOnWithTheOldPodsWhenTheDocumentIsBadAtTheStart() throws Exception {
        Path copy = copyOfTheRepository();
        Files.writeString(copy.resolve("database/users.json"), "{\"ana\": {\"id\": 1}}");
        Set<String> old = podsAndRestarts();
        Kubectl.run("apply", "-k", copy.resolve("k8s").toString());
        Kubectl.run("rollout", "restart", "deployment/user-svc");
        await(
                "a pod says why",
                () -> describe().contains("/data/users.json:1:9: /ana: has no member \"name\""));
        System.out.println(
                "8: "
                        + describe()
                                .lines()
                                .filter(line -> line.contains("/ana:"))
                                .findFirst()
                                .orElseThrow()
                                .strip());

        assertThat(podsAndRestarts()).containsAll(old);
        assertThat(get(port, "/users")).isEqualTo("200 " + users());
        deploy(Kubectl.ROOT);
        Kubectl.run("rollout", "undo", "deployment/user-svc");
        rollOut();
    }

    private static String describe() {
        return Kubectl.run("describe", "pods", "-l", "app.kubernetes.io/name=user-svc");
    }

    @Test
    void runsAsAnyUserOfGroup0WithNothingToWriteOrToRunBesideIt() {
        Kubectl.run(
                "patch",
                "deployment/user-svc",
                "-p",
                "{\"spec\":{\"template\":{\"spec\":{\"securityContext\":{\"runAsUser\":1000650000,\"runAsGroup\":0}}}}}");
        rollOut();
        String pod = podOf("user-svc");
        var shell = Kubectl.tryRun("", "exec", pod, "--", "sh", "-c", "id");
        JsonObject spec = Kubectl.get("pod", pod).getJsonObject("spec");
        Kubectl.run("rollout", "undo", "deployment/user-svc");
        rollOut();
        System.out.println("9: as user 1000650000; sh: " + shell.output().strip());

        assertThat(shell.exitCode()).isNotZero();
        assertThat(shell.output()).contains("executable file not found");
        assertThat(spec.getJsonArray("volumes")).hasSize(2); // configuration and data, no token
        JsonObject container = spec.getJsonArray("containers").getJsonObject(0);
        assertThat(container.getValue("/securityContext/readOnlyRootFilesystem"))
                .isEqualTo(JsonValue.TRUE);
    }

    @Test
    void keepsItsMemoryThroughAHundredThousandRequests() {
        Set<String> before = podsAndRestarts();
        var all = new Load.Plan(port, CLIENTS, 100_000, Duration.ofSeconds(200), ClusterIT::path);
        long most = 0;
        try (var load = Load.start(all)) {
            for (int look = 0; look < 10_000 && load.isRunning(); look++) {
                most = Math.max(most, workingSet());
            }
            LoadResult result = load.join();
            System.out.printf(
                    "10: at most %.1f MiB in a container: %s%n", most / 1048576.0, result);
            assertNoneFailed(result);
            assertThat(result.sent()).isEqualTo(100_000);
            assertThat(most).isBetween(1L, 128L << 20);
        }
        assertThat(podsAndRestarts()).isEqualTo(before);
    }

    @Test
    void isReadySoonAfterItStarts() {
        Kubectl.run("delete", "pods", "-l", SELECTOR);
        rollOut();
        for (JsonObject pod : pods()) {
            String name = pod.getJsonObject("metadata").getString("name");
            Instant created =
                    Instant.parse(pod.getJsonObject("metadata").getString("creationTimestamp"));
            Instant started =
                    Instant.parse(
                            ((JsonString)
                                            pod.getValue(
                                                    "/status/containerStatuses/0/state/running/startedAt"))
                                    .getString());
            Instant ready =
                    pod
                            .getJsonObject("status")
                            .getJsonArray("conditions")
                            .getValuesAs(JsonObject.class)
                            .stream()
                            .filter(condition -> condition.getString("type").equals("Ready"))
                            .map(condition ->
                                    Instant.parse(condition.getString("lastTransitionTime")))
                            .findFirst()
                            .orElseThrow();
            System.out.printf(
                    "11: %s: created to started %s, started to ready %s%n",
                    name, Duration.between(created, started), Duration.between(started, ready));
            assertThat(Duration.between(created, ready)).isLessThan(Duration.ofSeconds(30));
        }
    }

    private static String path(int number) {
        return number % 2 == 0 ? "/users/aniket" : "/users/aniket/lists";
    }

    private static Load.Plan plan() {
        return new Load.Plan(port, CLIENTS, 1_000_000, Duration.ofSeconds(200), ClusterIT::path)
                .withRate(PER_SECOND)
                .withCheck(
                        answer -> assertThat(answer.status()).as(answer.toString()).isEqualTo(200));
    }

    private static void assertNoneFailed(LoadResult result) {
        assertThat(result.counts()).containsOnlyKeys(200);
        assertThat(result.failed()).isZero();
    }

    private static List<JsonObject> pods() {
        return Kubectl.get("pods", "-l", SELECTOR)
                .getJsonArray("items")
                .getValuesAs(JsonObject.class)
                .stream()
                .filter(pod -> !pod.getJsonObject("metadata").containsKey("deletionTimestamp"))
                .toList();
    }

    private static Stream<String> names(String service) {
        return pods().stream()
                .map(pod -> pod.getJsonObject("metadata").getString("name"))
                .filter(name -> name.startsWith(service));
    }

    private static String podOf(String service) {
        return names(service).findFirst().orElseThrow();
    }

    private static Set<String> podsAndRestarts() {
        return pods().stream()
                .filter(pod -> pod.getJsonObject("status").containsKey("containerStatuses"))
                .map(pod ->
                        pod.getJsonObject("metadata").getString("name")
                                + " "
                                + pod.getValue("/status/containerStatuses/0/restartCount"))
                .collect(Collectors.toSet());
    }

    /// What the pods of user-svc answer, each asked by itself.
    private static Set<String> usersEverywhere() {
        return names("user-svc")
                .map(pod -> proxy(pod + ":5000/proxy/users"))
                .collect(Collectors.toSet());
    }

    private static Set<String> reloadsSuccessful() {
        return names("user-svc")
                .map(pod -> proxy(pod + ":9000/proxy/observe/metrics"))
                .flatMap(String::lines)
                .filter(line -> line.startsWith("data_last_reload_successful"))
                .map(line -> line.replaceFirst(".* ", ""))
                .collect(Collectors.toSet());
    }

    private static String proxy(String path) {
        return Kubectl.tryRun("", "get", "--raw", "/api/v1/namespaces/todo-manager/pods/" + path)
                .output();
    }

    private static long workingSet() {
        String node = pods().getFirst().getJsonObject("spec").getString("nodeName");
        JsonObject summary =
                Kubectl.json("get", "--raw", "/api/v1/nodes/" + node + "/proxy/stats/summary");
        return summary.getJsonArray("pods").getValuesAs(JsonObject.class).stream()
                .filter(pod ->
                        pod.getJsonObject("podRef").getString("namespace").equals("todo-manager"))
                .flatMap(pod ->
                        pod.getJsonArray("containers").getValuesAs(JsonObject.class).stream())
                .filter(container -> container.containsKey("memory"))
                .mapToLong(container ->
                        container
                                .getJsonObject("memory")
                                .getJsonNumber("workingSetBytes")
                                .longValue())
                .max()
                .orElse(0);
    }

    private static String users() {
        return """
        {"saurabh_badhwar":{"id":1,"name":"Saurabh Badhwar","verified":1},\
        "aniket":{"id":2,"name":"Aniket Sharma","verified":1},\
        "luckas":{"id":4,"name":"Luckas Friendel","verified":0}}
        """;
    }

    private static String blockOfTheReadme(String language) throws IOException {
        String readme = Files.readString(Kubectl.ROOT.resolve("README.md"));
        String block = "## On Kubernetes.*?```" + language + "\n(.*?)```";
        return Pattern.compile(block, Pattern.DOTALL)
                .matcher(readme)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    private Path copyOfTheRepository() throws IOException {
        Path copy = folder.resolve("todo-manager");
        for (String part : List.of("k8s", "database")) {
            try (var files = Files.walk(Kubectl.ROOT.resolve(part))) {
                for (Path file : files.toList()) {
                    Path to = copy.resolve(Kubectl.ROOT.relativize(file).toString());
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to);
                }
            }
        }
        return copy;
    }

    private static String get(int port, String path) {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
            var answer =
                    client.send(
                            request.timeout(Duration.ofSeconds(5)).build(),
                            BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Process shell(String command) throws IOException {
        return new ProcessBuilder("bash", "-c", command)
                .directory(Kubectl.ROOT.toFile())
                .redirectErrorStream(true)
                .start();
    }

    private static void await(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - begin)
                    .as("not so: " + what)
                    .isLessThan(PATIENCE.toNanos());
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
