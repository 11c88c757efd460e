package todomanager.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.e2e.Kubectl.await;
import static todomanager.e2e.Kubectl.obtain;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The overlay with a database, in a namespace of its own: what people write is the same on each
/// replica, and outlives all of them.
@Timeout(900)
class PostgresIT {
    private static final String NAMESPACE = "todo-manager-postgresql";
    private static final int REPLICAS = 3; // as the page has them
    private static final int ENOUGH = 50; // writes before and after
    private static final Duration LONGEST_GAP = Duration.ofSeconds(75);
    private static final String USER_PODS = "app.kubernetes.io/name=user-svc";

    @TempDir private static Path folder;

    private static Overlay overlay;
    private static int port;

    @BeforeAll
    static void deploy() throws Exception {
        Kubectl.requireContext();
        overlay = Overlay.of(NAMESPACE, "Keep the data in PostgreSQL", folder);
        NodeVolumes.make(1);
        long begin = System.nanoTime();
        overlay.run("echo a-password >password\n" + overlay.commands().getFirst());
        overlay.kubectl("rollout", "status", "statefulset/todo-postgresql", Kubectl.TIMEOUT);
        for (String job : List.of("job/todo-tables", "job/user-tables")) {
            overlay.kubectl("wait", "--for=condition=complete", job, Kubectl.TIMEOUT);
        }
        overlay.rollOut();
        System.out.printf("PostgreSQL: deployed after %.1f s: %s%n", seconds(begin), restarts());
        port = expose();
        await("the port is open", PostgresIT::isOpen);
    }

    /// The node learns of a port a moment after it is made.
    private static boolean isOpen() {
        try (var connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return connection.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int expose() {
        Kubectl.apply(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: user-svc-e2e}
                spec:
                  type: NodePort
                  selector: {app.kubernetes.io/name: user-svc}
                  ports: [{port: 5000, targetPort: http}]
                """,
                "--namespace=" + NAMESPACE);
        return Integer.parseInt(
                Kubectl.get("service", "user-svc-e2e", "--namespace=" + NAMESPACE)
                        .getValue("/spec/ports/0/nodePort")
                        .toString());
    }

    @AfterAll
    static void remove() throws Exception {
        if (overlay != null) {
            overlay.remove();
            NodeVolumes.remove();
        }
    }

    @Test
    void beginsWithTheShippedDocumentsOnEachReplica() {
        assertThat(everywhere("/users/aniket"))
                .singleElement()
                .asString()
                .contains("\"name\":\"Aniket Sharma\"");
        assertThat(everywhere("/users/aniket/lists"))
                .containsExactly("{\"school\":[\"Complete homework\",\"Prepare for test\"]}\n");
    }

    @Test
    void losesNothingThatIsAcknowledgedDuringARollout() throws Exception {
        try (var writers = Writers.start(port, "rolled-out-")) {
            await("people write", () -> writers.written() > ENOUGH);
            overlay.kubectl("rollout", "restart", "deployment");
            overlay.rollOut();
            int before = writers.written();
            await("people write on", () -> writers.written() > before + ENOUGH);
            Writers.Result result = writers.stop();
            System.out.println("PostgreSQL: a rollout: " + result);

            assertKept(result);
            assertThat(result.longestGap()).isLessThan(LONGEST_GAP);
        }
    }

    @Test
    void losesNothingThatIsAcknowledgedWhenTheDatabaseIsReplaced() throws Exception {
        Map<String, Integer> restarts = restarts();
        try (var writers = Writers.start(port, "replaced-")) {
            await("people write", () -> writers.written() > ENOUGH);
            overlay.kubectl("delete", "pod", "todo-postgresql-0");
            int before = writers.written();
            await("people write on", () -> writers.written() > before + ENOUGH);
            Writers.Result result = writers.stop();
            System.out.println("PostgreSQL: another pod of the database: " + result);

            assertKept(result);
            assertThat(result.statuses().keySet())
                    .as("each request is answered, and nothing else than this")
                    .isSubsetOf(201, 503, 504);
            assertThat(result.longestGap()).isLessThan(LONGEST_GAP);
            assertThat(restarts()).isEqualTo(restarts);
        }
    }

    private static void assertKept(Writers.Result result) {
        result.written()
                .forEach((user, items) ->
                        assertThat(everywhere("/users/" + user + "/lists/home/items"))
                                .singleElement()
                                .asString()
                                .contains(items.stream().map("\"id\":\"%s\""::formatted).toList()));
    }

    /// What the pods of user-svc answer, each asked by itself.
    private static Set<String> everywhere(String path) {
        List<String> pods = overlay.pods(USER_PODS);
        assertThat(pods).hasSize(REPLICAS);
        return pods.stream().map(pod -> ask(pod, path)).collect(Collectors.toSet());
    }

    /// What a pod answers, which may be late with its first one.
    private static String ask(String pod, String path) {
        String raw = "/api/v1/namespaces/%s/pods/%s:5000/proxy%s".formatted(NAMESPACE, pod, path);
        return obtain(
                pod + " answers",
                () ->
                        Optional.of(Kubectl.tryRun("", "get", "--raw", raw))
                                .filter(end -> end.exitCode() == 0)
                                .map(Kubectl.End::output));
    }

    /// How often the container of each service's pod has started again. Pods that a rollout has
    /// ended may be listed for a while yet.
    private static Map<String, Integer> restarts() {
        return Kubectl.get("pods", "--namespace=" + NAMESPACE)
                .getJsonArray("items")
                .getValuesAs(JsonObject.class)
                .stream()
                .filter(pod -> !pod.getJsonObject("metadata").containsKey("deletionTimestamp"))
                .filter(pod -> pod.getJsonObject("metadata").getString("name").contains("-svc-"))
                .collect(
                        Collectors.toMap(
                                pod -> pod.getJsonObject("metadata").getString("name"),
                                pod ->
                                        Integer.parseInt(
                                                pod.getValue(
                                                                "/status/containerStatuses/0/restartCount")
                                                        .toString()),
                                Integer::sum,
                                TreeMap::new));
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
