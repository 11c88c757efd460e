package todomanager.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/// A process of a pod as its node sees it, which is how to look at one that has no shell, and to
/// kill one that is the first in its container.
final class NodeProcess {
    private static final String NAMESPACE = "todo-manager-e2e"; // where privileged pods are let in
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private NodeProcess() {}

    /// The status, as of proc(5), of a process that runs a jar.
    static String status(String jar) throws IOException {
        return run(jar);
    }

    /// Ends it with SIGKILL.
    static void kill(String jar) throws IOException {
        run(jar, "kill");
    }

    /// Runs this class in a pod that sees the processes of its node.
    private static String run(String... arguments) throws IOException {
        Kubectl.tryRun("", "create", "namespace", NAMESPACE);
        try (var bytes = NodeProcess.class.getResourceAsStream("NodeProcess.class")) {
            String pod =
                    """
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: classes, namespace: %1$s}
                    binaryData: {class: %2$s}
                    ---
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: node-process, namespace: %1$s}
                    spec:
                      hostPID: true
                      restartPolicy: Never
                      containers:
                        - name: java
                          image: %5$s
                          command: [/java/bin/java, -cp, /classes, %3$s]
                          args: [%4$s]
                          securityContext: {runAsUser: 0}
                          volumeMounts: [{name: classes, mountPath: /classes/todomanager/e2e}]
                      volumes:
                        - name: classes
                          configMap:
                            name: classes
                            items: [{key: class, path: NodeProcess.class}]
                    """
                            .formatted(
                                    NAMESPACE,
                                    Base64.getEncoder().encodeToString(bytes.readAllBytes()),
                                    NodeProcess.class.getName(),
                                    String.join(", ", arguments),
                                    "todo-manager/todo-svc:" + System.getProperty("e2e.version"));
            Kubectl.apply(pod, "--namespace=" + NAMESPACE);
            Kubectl.run(
                    "wait",
                    "pod/node-process",
                    "--for=jsonpath={.status.phase}=Succeeded",
                    "--timeout=" + PATIENCE.toSeconds() + "s",
                    "--namespace=" + NAMESPACE);
            return Kubectl.run("logs", "node-process", "--namespace=" + NAMESPACE);
        } finally {
            Kubectl.run("delete", "namespace", NAMESPACE);
        }
    }

    /// Prints the status of the process, and kills it if told to.
    public static void main(String... arguments) throws IOException {
        ProcessHandle process =
                ProcessHandle.allProcesses()
                        .filter(other ->
                                other.info()
                                        .commandLine()
                                        .orElse("")
                                        .contains("-jar " + arguments[0]))
                        .findFirst()
                        .orElseThrow();
        System.out.print(
                Files.readString(Path.of("/proc", Long.toString(process.pid()), "status")));
        if (List.of(arguments).contains("kill")) {
            process.destroyForcibly();
        }
    }
}
