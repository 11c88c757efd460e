package todomanager.system.published;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.Tool;

/// The manifests as kustomize renders them for overlays.
@Tag("system")
@Timeout(60)
class ManifestsIT {
    private static final Path K8S = ServiceProcess.ROOT.resolve("k8s");
    private static final String VOLUME = "components: [../todo-manager/k8s/volume]";
    private static final String DATABASE =
            "components: [../todo-manager/k8s/postgresql, ../todo-manager/k8s/postgresql/server]";
    private static final Pattern NAME = Pattern.compile("(?m)^  name: (.*)$");
    private static final Pattern NAMESPACE = Pattern.compile("(?m)^  namespace: (.*)$");

    /// Where the name of a service is that of a container, an image or a label.
    private static final Pattern OTHER_NAME =
            Pattern.compile("(?m)^( {8}name|.* image|.* app.kubernetes.io/name): .*$");

    private static final Pattern IMAGE = Pattern.compile("(?m)^ +image: (.*)$");

    /// Of docs/operations.md and docs/kubernetes.md.
    private static final Pattern SHOWN_OVERLAY = Pattern.compile("(?s)```yaml\n(.*?)```");

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "namePrefix: dev-;" + VOLUME,
                "nameSuffix: -dev;" + VOLUME,
                "namePrefix: dev-;" + DATABASE,
                "nameSuffix: -dev;" + DATABASE
            })
    void anOverlayThatRenamesObjectsLeavesNoReferenceToTheirOldNames(
            String rename, String components) throws Exception {
        List<String> names = all(NAME, overlay(components));
        names.remove("todo-manager"); // the Namespace, which keeps its name
        String oldName = "(?<![\\w-])(%s)(?![\\w-])".formatted(String.join("|", names));

        assertThat(names).contains("todo-svc", "todo-data", "default-deny");
        assertThat(OTHER_NAME.matcher(overlay(rename + '\n' + components)).replaceAll(""))
                .doesNotContainPattern(oldName);
    }

    @ParameterizedTest
    @CsvSource({"namePrefix: dev-, dev-todo-svc", "nameSuffix: -dev, todo-svc-dev"})
    void userServiceHasTheNewNameOfTodoService(String rename, String name) throws Exception {
        assertThat(overlay(rename).replaceAll("\n *", "\n"))
                .contains("- name: TODO_SERVICE\nvalue: " + name + '\n')
                .contains("- name: TODO_URI\nvalue: http://$(TODO_SERVICE):5001\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {VOLUME, DATABASE})
    void anOverlayPutsAllIntoItsNamespace(String components) throws Exception {
        String built = overlay("namespace: other\n" + components);

        assertThat(all(NAME, built)).contains("other").doesNotContain("todo-manager");
        assertThat(all(NAMESPACE, built)).containsOnly("other");
    }

    @ParameterizedTest
    @CsvSource({"todo-svc, todo-data", "user-svc, user-data"})
    void anOverlayGivesAServiceOnePodWithAVolumeOfItsOwn(String service, String data)
            throws Exception {
        String claim = object("PersistentVolumeClaim", data, shownOverlay("kubernetes.md", 0));
        String deployment = object("Deployment", service, shownOverlay("kubernetes.md", 0));

        assertThat(claim).contains("accessModes:\n- ReadWriteOnce\n");
        assertThat(deployment)
                .contains("replicas: 1\n", "strategy:\ntype: Recreate\n")
                .contains("- name: DATA_WRITABLE\nvalue: \"true\"\n")
                .contains("- mountPath: /data\nname: data\nreadOnly: false\n")
                .contains("- name: data\npersistentVolumeClaim:\nclaimName: " + data + '\n')
                .contains("- configMap:\nname: " + data + "\nname: seed\n")
                .doesNotContain("rollingUpdate");
    }

    @Test
    void isOnlyReadWithoutAComponent() throws Exception {
        assertThat(kustomize(K8S))
                .contains("writable: false")
                .doesNotContain("PersistentVolumeClaim", "DATA_WRITABLE", "writable: true")
                .doesNotContain("Secret", "postgresql");
    }

    /// Or a pod would wait for an image that nobody has built.
    @Test
    void aVolumeIsFilledByTheImageThatServesIt() throws Exception {
        String registry = "images: [{name: todo-manager/todo-svc, newName: example.com/todo}]";

        assertThat(all(IMAGE, overlay(registry + '\n' + VOLUME)))
                .containsExactly(
                        "example.com/todo:1.0.0",
                        "example.com/todo:1.0.0",
                        "todo-manager/user-svc:1.0.0",
                        "todo-manager/user-svc:1.0.0");
    }

    @ParameterizedTest
    @CsvSource({"todo, todo", "user, users"})
    void anOverlayKeepsTheDataOfEachServiceInADatabase(String name, String document)
            throws Exception {
        String built = shownOverlay("kubernetes.md", 1);
        String deployment = object("Deployment", name + "-svc", built);
        String job = object("Job", name + "-tables", built);
        String image = "image: todo-manager/%s-svc:1.0.0\n".formatted(name);

        assertThat(deployment)
                .contains("replicas: 3\n", "type: RollingUpdate\n", image)
                .contains("- name: DATA_STORE\nvalue: postgresql\n")
                .contains("- name: DATA_WRITABLE\nvalue: \"true\"\n")
                .doesNotContain("mountPath: /data\n", "name: " + name + "-data\n");
        assertThat(job)
                .contains("- migrate\n", "- import\n- --absent\n- /seed/" + document + ".json\n")
                .contains("configMap:\nname: " + name + "-data\nname: seed\n");
        assertThat(job.split(image, -1)).hasSize(3); // of both containers
        assertThat(List.of(deployment, job))
                .allSatisfy(each ->
                        assertThat(each)
                                .contains("- name: DATA_PASSWORD_FILE\nvalue: /database/password\n")
                                .contains("secretName: todo-database\n")
                                .doesNotContain("secretKeyRef:\nkey: password\n"));
    }

    @Test
    void anOverlayTurnsMonitoringOn() throws Exception {
        String on = shownOverlay("operations.md", 0);
        String off = kustomize(K8S);

        for (String kind : List.of("PodMonitor", "PrometheusRule")) {
            assertThat(on)
                    .contains(
                            "kind: "
                                    + kind
                                    + """

                                    metadata:
                                      labels:
                                        app.kubernetes.io/part-of: todo-manager
                                        release: kube-prometheus-stack
                                      name: todo-manager
                                      namespace: todo-manager
                                    """);
            assertThat(off).doesNotContain(kind);
        }
        assertThat(on).contains("grafana_dashboard: \"1\"", "name: todo-manager-dashboard\n");
        assertThat(off).doesNotContain("grafana");
    }

    /// An overlay that a page shows.
    ///
    /// @param number of the page's YAML, from 0
    private String shownOverlay(String page, int number) throws IOException, InterruptedException {
        Path docs = ServiceProcess.ROOT.resolve("docs");
        return built(all(SHOWN_OVERLAY, Files.readString(docs.resolve(page))).get(number));
    }

    private String overlay(String difference) throws IOException, InterruptedException {
        return built("resources: [../todo-manager/k8s]\n" + difference + '\n');
    }

    /// What kustomize makes of an overlay beside a clone.
    private String built(String overlay) throws IOException, InterruptedException {
        String clone = folder.toRealPath().relativize(ServiceProcess.ROOT.toRealPath()).toString();
        Files.writeString(
                folder.resolve("kustomization.yaml"), overlay.replace("../todo-manager", clone));
        return kustomize(folder);
    }

    /// One object of those that were built, without indentation.
    private static String object(String kind, String name, String built) {
        return Stream.of(built.split("(?m)^---\n"))
                .filter(object -> object.contains("kind: " + kind + '\n'))
                .filter(object -> all(NAME, object).contains(name))
                .findFirst()
                .orElseThrow()
                .replaceAll("\n *", "\n");
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static String kustomize(Path folder) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Tool.require("kubectl", "kubernetes-client"),
                                "kustomize",
                                folder.toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
