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
    private static final Pattern NAME = Pattern.compile("(?m)^  name: (.*)$");
    private static final Pattern NAMESPACE = Pattern.compile("(?m)^  namespace: (.*)$");

    /// Where the name of a service is that of a container, an image or a label.
    private static final Pattern OTHER_NAME =
            Pattern.compile("(?m)^( {8}name|.* image|.* app.kubernetes.io/name): .*$");

    /// In docs/operations.md.
    private static final Pattern SHOWN_OVERLAY = Pattern.compile("(?s)```yaml\n(.*?)```");

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"namePrefix: dev-", "nameSuffix: -dev"})
    void anOverlayThatRenamesObjectsLeavesNoReferenceToTheirOldNames(String rename)
            throws Exception {
        List<String> names = all(NAME, kustomize(K8S));
        names.remove("todo-manager"); // the Namespace, which keeps its name
        String oldName = "(?<![\\w-])(%s)(?![\\w-])".formatted(String.join("|", names));

        assertThat(names).contains("todo-svc", "todo-data", "default-deny");
        assertThat(OTHER_NAME.matcher(overlay(rename)).replaceAll(""))
                .doesNotContainPattern(oldName);
    }

    @ParameterizedTest
    @CsvSource({"namePrefix: dev-, dev-todo-svc", "nameSuffix: -dev, todo-svc-dev"})
    void userServiceHasTheNewNameOfTodoService(String rename, String name) throws Exception {
        assertThat(overlay(rename).replaceAll("\n *", "\n"))
                .contains("- name: TODO_SERVICE\nvalue: " + name + '\n')
                .contains("- name: TODO_URI\nvalue: http://$(TODO_SERVICE):5001\n");
    }

    @Test
    void anOverlayPutsAllIntoItsNamespace() throws Exception {
        String built = overlay("namespace: other");

        assertThat(all(NAME, built)).contains("other").doesNotContain("todo-manager");
        assertThat(all(NAMESPACE, built)).containsOnly("other");
    }

    @Test
    void anOverlayTurnsMonitoringOn() throws Exception {
        Path overlay = Files.createDirectory(folder.resolve("overlay"));
        String here = overlay.toRealPath().relativize(ServiceProcess.ROOT.toRealPath()).toString();
        Path operations = ServiceProcess.ROOT.resolve("docs/operations.md");
        String shown = all(SHOWN_OVERLAY, Files.readString(operations)).getFirst();
        Files.writeString(
                overlay.resolve("kustomization.yaml"), shown.replace("../todo-manager", here));
        String on = kustomize(overlay);
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

    private String overlay(String difference) throws IOException, InterruptedException {
        String base = folder.toRealPath().relativize(K8S.toRealPath()).toString();
        Files.writeString(
                folder.resolve("kustomization.yaml"),
                "resources: [" + base + "]\n" + difference + '\n');
        return kustomize(folder);
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
