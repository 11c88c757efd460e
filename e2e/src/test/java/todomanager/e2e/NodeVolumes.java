package todomanager.e2e;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Volumes in folders of a node, for a cluster of that one node that makes none when they are
/// claimed.
final class NodeVolumes {
    private static final String FOLDER = NodePod.FOLDER + "/todo-manager-e2e";
    private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

    private NodeVolumes() {}

    /// Makes as many, or none if the cluster does so itself.
    static void make(int count) throws IOException {
        if (areMadeWhenClaimed()) {
            return;
        }
        List<String> folders =
                IntStream.range(0, count).mapToObj(number -> FOLDER + "/" + number).toList();
        NodePod.run(NodeVolumes.class, folders.toArray(String[]::new));
        String node =
                Kubectl.get("nodes")
                        .getValue("/items/0/metadata/labels/kubernetes.io~1hostname")
                        .toString();
        for (String folder : folders) {
            Kubectl.apply(
                    """
                    apiVersion: v1
                    kind: PersistentVolume
                    metadata:
                      name: todo-manager-e2e-%s
                      labels: {todo-manager: e2e}
                    spec:
                      capacity: {storage: 1Gi}
                      accessModes: [ReadWriteOnce]
                      persistentVolumeReclaimPolicy: Retain
                      local: {path: %s}
                      nodeAffinity:
                        required:
                          nodeSelectorTerms:
                            - matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [%s]}]
                    """
                            .formatted(Path.of(folder).getFileName(), folder, node));
        }
    }

    /// Removes those that were made, which no pod may use any more.
    static void remove() throws IOException {
        if (areMadeWhenClaimed()) {
            return;
        }
        Kubectl.run("delete", "persistentvolumes", "--selector=todo-manager=e2e");
        NodePod.run(NodeVolumes.class);
    }

    private static boolean areMadeWhenClaimed() {
        return Kubectl.get("storageclasses")
                .getJsonArray("items")
                .getValuesAs(JsonObject.class)
                .stream()
                .map(storage -> storage.getJsonObject("metadata"))
                .filter(metadata -> metadata.containsKey("annotations"))
                .map(metadata -> metadata.getJsonObject("annotations"))
                .anyMatch(annotations -> annotations.getString(DEFAULT_CLASS, "").equals("true"));
    }

    /// On the node: makes folders, and removes all that there were before.
    public static void main(String... folders) throws IOException {
        Path all = Path.of(FOLDER);
        if (Files.exists(all)) {
            try (var files = Files.walk(all)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        for (String folder : folders) {
            Files.createDirectories(Path.of(folder));
        }
    }
}
