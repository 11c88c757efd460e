package todomanager.e2e;

import java.io.IOException;
import java.util.Base64;

/// A pod that runs a class of these tests, as root, with the processes of its node and the node's
/// folder for files that outlive a restart. So a test sees what pods of its own do not.
final class NodePod {
    static final String FOLDER = "/var/tmp";
    private static final String NAMESPACE = "todo-manager-e2e"; // where privileged pods are let in

    private NodePod() {}

    /// Runs the main method of a class that needs no other one.
    ///
    /// @return what it printed
    static String run(Class<?> main, String... arguments) throws IOException {
        Kubectl.tryRun("", "wait", "--for=delete", "namespace/" + NAMESPACE, Kubectl.TIMEOUT);
        Kubectl.tryRun("", "create", "namespace", NAMESPACE);
        String file = main.getSimpleName() + ".class";
        try (var bytes = main.getResourceAsStream(file)) {
            String pod =
                    """
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: classes, namespace: %1$s}
                    binaryData: {class: %2$s}
                    ---
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: node, namespace: %1$s}
                    spec:
                      hostPID: true
                      restartPolicy: Never
                      containers:
                        - name: java
                          image: %6$s
                          command: [/java/bin/java, -cp, /classes, %3$s]
                          args: [%4$s]
                          securityContext: {runAsUser: 0}
                          volumeMounts:
                            - {name: classes, mountPath: /classes/todomanager/e2e}
                            - {name: folder, mountPath: %7$s}
                      volumes:
                        - name: classes
                          configMap:
                            name: classes
                            items: [{key: class, path: %5$s}]
                        - name: folder
                          hostPath: {path: %7$s}
                    """
                            .formatted(
                                    NAMESPACE,
                                    Base64.getEncoder().encodeToString(bytes.readAllBytes()),
                                    main.getName(),
                                    String.join(", ", arguments),
                                    file,
                                    "todo-manager/todo-svc:" + System.getProperty("e2e.version"),
                                    FOLDER);
            Kubectl.apply(pod, "--namespace=" + NAMESPACE);
            Kubectl.run(
                    "wait",
                    "pod/node",
                    "--for=jsonpath={.status.phase}=Succeeded",
                    Kubectl.TIMEOUT,
                    "--namespace=" + NAMESPACE);
            return Kubectl.run("logs", "node", "--namespace=" + NAMESPACE);
        } finally {
            Kubectl.run("delete", "namespace", NAMESPACE, "--wait=false");
        }
    }
}
