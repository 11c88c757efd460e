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
    private static final String PROVIDER =
            "\nconfigMapGenerator: [{name: sign-in, literals: [OIDC_ISSUER=https://id.example.org, OIDC_CLIENT_ID=todo-manager, PUBLIC_URI=https://todo.example.org]}]";
    private static final String SIGN_IN = "components: [../todo-manager/k8s/sign-in]" + PROVIDER;
    private static final String VOLUME_AND_SIGN_IN =
            "components: [../todo-manager/k8s/volume, ../todo-manager/k8s/sign-in]" + PROVIDER;
    private static final String DATABASE_AND_SIGN_IN =
            "components: [../todo-manager/k8s/postgresql, ../todo-manager/k8s/sign-in]" + PROVIDER;
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
                "nameSuffix: -dev;" + DATABASE,
                "namePrefix: dev-;'" + VOLUME_AND_SIGN_IN + "'",
                "nameSuffix: -dev;'" + VOLUME_AND_SIGN_IN + "'"
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
    @ValueSource(strings = {VOLUME, DATABASE, DATABASE_AND_SIGN_IN})
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
                .contains("- name: AUTH\nvalue: none\n")
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
                .doesNotContain("Secret", "postgresql", "AUTH", "sign-in");
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
                .contains("- name: AUTH\nvalue: none\n")
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

    /// Each secret is a file that only the service reads, and a changed one needs no restart.
    @ParameterizedTest
    @ValueSource(strings = {SIGN_IN, VOLUME_AND_SIGN_IN, DATABASE_AND_SIGN_IN})
    void anOverlayHasPeopleSignIn(String components) throws Exception {
        String built = overlay("namespace: other\n" + components);
        String user = object("Deployment", "user-svc", built);
        String todo = object("Deployment", "todo-svc", built);

        assertThat(List.of(user, todo))
                .allSatisfy(each ->
                        assertThat(each)
                                .contains(
                                        "- name: AUTH_ASSERTION_KEYS_FILE\nvalue: /sign-in/assertion-keys\n",
                                        "- mountPath: /sign-in\nname: sign-in\nreadOnly: true\n",
                                        "- name: sign-in\nprojected:\ndefaultMode: 288\n",
                                        "- secret:\nitems:\n- key: keys\npath: assertion-keys\nname: assertion-keys\n")
                                .doesNotContain("- name: AUTH\n", "subPath"));
        assertThat(user)
                .contains(
                        "- name: OIDC_CLIENT_SECRET_FILE\nvalue: /sign-in/client-secret\n",
                        "- name: SESSION_KEYS_FILE\nvalue: /sign-in/session-keys\n",
                        "items:\n- key: secret\npath: client-secret\nname: oidc-client\n",
                        "items:\n- key: keys\npath: session-keys\nname: session-keys\n")
                .containsPattern("configMapKeyRef:\nkey: OIDC_ISSUER\nname: sign-in-\\w+\n")
                .containsPattern("envFrom:\n- configMapRef:\nname: sign-in-\\w+\n");
        assertThat(todo).doesNotContain("OIDC", "session-keys", "oidc-client", "envFrom");
    }

    @Test
    void userServiceReachesTheProviderAtThePortThatAnOverlaySets() throws Exception {
        String patch =
                """

                patches:
                  - target: {kind: NetworkPolicy, name: to-provider}
                    patch: '[{"op": "replace", "path": "/spec/egress/0/ports/0/port", "value": 8443}]'
                """;
        String egress = "egress:\n- ports:\n- port: %d\nprotocol: TCP\npodSelector:\n";
        String userService = "matchLabels:\napp.kubernetes.io/name: user-svc\n";

        assertThat(object("NetworkPolicy", "to-provider", overlay(SIGN_IN)))
                .contains(egress.formatted(443) + userService);
        assertThat(object("NetworkPolicy", "to-provider", overlay(SIGN_IN + patch)))
                .contains(egress.formatted(8443) + userService);
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
