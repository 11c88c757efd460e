package todomanager.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.e2e.Kubectl.obtain;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The overlay with volumes, in a namespace of its own: what people write is there after all that
/// ends a pod.
@Timeout(900)
class VolumeIT {
    private static final String NAMESPACE = "todo-manager-volume";
    private static final int CLAIMS = 3; // one of each service, and one that a restore has anew

    @TempDir private static Path folder;

    private static Overlay overlay;

    @BeforeAll
    static void deploy() throws Exception {
        Kubectl.requireContext();
        overlay = Overlay.of(NAMESPACE, "Let people write", folder);
        NodeVolumes.make(CLAIMS);
        overlay.run("kubectl apply -k .");
        overlay.rollOut();
    }

    @AfterAll
    static void remove() throws Exception {
        if (overlay != null) {
            overlay.remove();
            NodeVolumes.remove();
        }
    }

    @Test
    void beginsWithTheShippedDocuments() {
        assertThat(get("/users/saurabh_badhwar")).contains("\"name\":\"Saurabh Badhwar\"");
        assertThat(get("/users/saurabh_badhwar/lists")).contains("\"Buy milk\"");
    }

    @Test
    void keepsWhatIsWrittenWhenPodsAreDeleted() {
        write("deleted");
        long begin = System.nanoTime();
        overlay.kubectl("delete", "pods", "--all");
        overlay.rollOut();
        assertKept("deleted");
        System.out.printf("Volume: pods are deleted: served again after %.1f s%n", seconds(begin));
    }

    /// As `kubectl drain` asks for it, which a budget may refuse.
    @Test
    void keepsWhatIsWrittenWhenPodsAreEvicted() {
        write("evicted");
        long begin = System.nanoTime();
        for (String pod : overlay.pods("")) {
            Kubectl.End eviction =
                    Kubectl.tryRun(
                            """
                            {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "%s"}}
                            """
                                    .formatted(pod),
                            "create",
                            "--raw=/api/v1/namespaces/%s/pods/%s/eviction"
                                    .formatted(NAMESPACE, pod),
                            "--filename=-");
            assertThat(eviction.exitCode()).as(eviction.output()).isZero();
            overlay.kubectl("wait", "--for=delete", "pod/" + pod, Kubectl.TIMEOUT);
        }
        overlay.rollOut();
        assertKept("evicted");
        System.out.printf("Volume: pods are evicted: served again after %.1f s%n", seconds(begin));
    }

    @Test
    void keepsWhatIsWrittenThroughARollout() {
        write("rolled-out");
        long begin = System.nanoTime();
        overlay.kubectl("rollout", "restart", "deployment");
        overlay.rollOut();
        assertKept("rolled-out");
        System.out.printf("Volume: a rollout: served again after %.1f s%n", seconds(begin));
    }

    @Test
    void isBackedUpAndRestoredAsThePageShows() throws Exception {
        List<String> commands = overlay.commands();
        write("backed-up");
        overlay.run(commands.getFirst() + "mv todo.json ../todo-manager/database/todo.json\n");
        overlay.run(commands.getLast());
        overlay.rollOut();

        assertThat(commands).hasSize(2);
        assertThat(Files.readString(folder.resolve("todo-manager/database/todo.json")))
                .contains("\"Buy milk\"", "\"backed-up\"");
        assertKept("backed-up");
    }

    /// Makes a user with an item.
    private static void write(String user) {
        var made = send("PUT", "/users/" + user, "{\"name\": \"Ana\"}");
        var written =
                send("PUT", "/users/" + user + "/lists/home/items/x1", "{\"title\": \"Water\"}");

        assertThat(made.statusCode()).as(made.body()).isIn(200, 201); // 200 for a second try
        assertThat(written.statusCode()).as(written.body()).isIn(200, 201);
    }

    private static void assertKept(String user) {
        assertThat(get("/users/" + user)).contains("\"name\":\"Ana\"");
        assertThat(get("/users/" + user + "/lists/home/items/x1")).contains("\"title\":\"Water\"");
    }

    private static String get(String path) {
        var answer = send("GET", path, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /// Again where a pod that has just started is late with its first answer.
    private static HttpResponse<String> send(String method, String path, String body) {
        return obtain(
                path + " is answered",
                () ->
                        Optional.of(sendOnce(method, path, body))
                                .filter(answer -> answer.statusCode() < 503));
    }

    /// A request to user-svc as it is now: kubectl forwards to one pod as long as that runs.
    private static HttpResponse<String> sendOnce(String method, String path, String body)
            throws IOException, InterruptedException {
        try (var forward = Kubectl.Forward.to("service/user-svc", 5000, NAMESPACE);
                var client = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(forward.uri().resolve(path))
                            .timeout(Duration.ofSeconds(10))
                            .header("Content-Type", "application/json")
                            .method(
                                    method,
                                    body.isEmpty()
                                            ? BodyPublishers.noBody()
                                            : BodyPublishers.ofString(body));
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
