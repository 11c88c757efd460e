package todomanager.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An overlay, such as a section of docs/kubernetes.md shows, beside a copy of the manifests, and
/// in a namespace of its own.
record Overlay(String namespace, String section, Path folder) {
    private static final String PAGE = "docs/kubernetes.md";

    static Overlay of(String namespace, String section, Path parent) throws IOException {
        var overlay =
                new Overlay(namespace, section, Files.createDirectory(parent.resolve("overlay")));
        overlay.write(overlay.here(Repository.blocks(PAGE, section, "yaml").getFirst()), parent);
        return overlay;
    }

    /// One that no page shows.
    static Overlay with(String kustomization, String namespace, Path parent) throws IOException {
        var overlay = new Overlay(namespace, "", Files.createDirectory(parent.resolve("overlay")));
        overlay.write("namespace: " + namespace + '\n' + kustomization, parent);
        return overlay;
    }

    private void write(String kustomization, Path parent) throws IOException {
        Repository.copyInto(parent);
        Files.writeString(folder.resolve("kustomization.yaml"), kustomization);
    }

    /// The commands of the section.
    List<String> commands() throws IOException {
        return Repository.blocks(PAGE, section, "sh");
    }

    /// Runs such commands in the overlay's folder.
    ///
    /// @return what they printed
    String run(String commands) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("bash", "-euo", "pipefail", "-c", here(commands))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(commands + output).isZero();
        return output;
    }

    private String here(String shown) {
        return shown.replaceAll("(namespace:?) todo-manager\\b", "$1 " + namespace);
    }

    String kubectl(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--namespace=" + namespace);
        return Kubectl.run(all.toArray(String[]::new));
    }

    void rollOut() {
        kubectl("rollout", "status", "deployment/todo-svc", Kubectl.TIMEOUT);
        kubectl("rollout", "status", "deployment/user-svc", Kubectl.TIMEOUT);
    }

    /// The names of its pods with such labels, without those that are about to end.
    List<String> pods(String selector) {
        return Kubectl.get("pods", "--selector=" + selector, "--namespace=" + namespace)
                .getJsonArray("items")
                .getValuesAs(JsonObject.class)
                .stream()
                .map(pod -> pod.getJsonObject("metadata"))
                .filter(metadata -> !metadata.containsKey("deletionTimestamp"))
                .map(metadata -> metadata.getString("name"))
                .toList();
    }

    void remove() {
        Kubectl.run("delete", "namespace", namespace, "--ignore-not-found");
    }
}
