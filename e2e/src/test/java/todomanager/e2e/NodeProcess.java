package todomanager.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A process of a pod as its node sees it, which is how to look at one that has no shell, and to
/// kill one that is the first in its container.
final class NodeProcess {
    private NodeProcess() {}

    /// The status, as of proc(5), of a process that runs a jar.
    static String status(String jar) throws IOException {
        return NodePod.run(NodeProcess.class, jar);
    }

    /// Ends it with SIGKILL.
    static void kill(String jar) throws IOException {
        NodePod.run(NodeProcess.class, jar, "kill");
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
