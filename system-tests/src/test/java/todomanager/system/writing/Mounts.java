package todomanager.system.writing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.Tool;

/// File systems that a process mounts for itself alone, which takes no rights of root.
public final class Mounts {
    private Mounts() {}

    /// What starts a process behind mounts of its own.
    ///
    /// @param commands of a shell, which mount
    public static List<String> launcher(String commands) throws IOException, InterruptedException {
        var unshare =
                new ArrayList<>(
                        List.of(
                                Tool.require("unshare", "util-linux"),
                                "--mount",
                                "--map-root-user",
                                "sh",
                                "-c"));
        if (exitCode(unshare, "mount -t tmpfs none /mnt") != 0) {
            throw Tool.missing(
                    "this user may not mount in a namespace (sysctl kernel.apparmor_restrict_unprivileged_userns=0)");
        }
        unshare.addAll(List.of(commands + " && exec \"$@\"", "sh"));
        return unshare;
    }

    /// Runs commands of a shell where the process has its mounts.
    public static void run(ServiceProcess process, String commands)
            throws IOException, InterruptedException {
        var nsenter =
                List.of(
                        Tool.require("nsenter", "util-linux"),
                        "--target",
                        Long.toString(process.pid()),
                        "--user",
                        "--mount",
                        "--preserve-credentials",
                        "sh",
                        "-c");
        assertThat(exitCode(nsenter, commands)).as(commands).isZero();
    }

    /// The path by which others find what the process has at a path.
    public static Path of(ServiceProcess process, Path path) {
        return Path.of("/proc/" + process.pid() + "/root" + path);
    }

    private static int exitCode(List<String> shell, String commands)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(shell);
        command.add(commands);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
