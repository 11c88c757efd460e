package todomanager.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a JVM of this machine holds: live objects and resident memory, in bytes, the system's
/// threads and virtual ones, and file descriptors.
public record Footprint(
        long heap, int threads, int virtualThreads, int fileDescriptors, long resident) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Waits for a while until no thread and no file descriptor comes or goes.
    public static Footprint settled(Process jvm, Path folder)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Footprint now = of(jvm, folder);
        Footprint last;
        do {
            last = now;
            now = of(jvm, folder);
        } while (!now.comingAndGoing().equals(last.comingAndGoing())
                && System.nanoTime() - begin < PATIENCE.toNanos());
        return now;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "heap %.2f MB, %d threads, %d virtual threads, %d file descriptors, RSS %.0f MB",
                heap / 1e6,
                threads,
                virtualThreads,
                fileDescriptors,
                resident / 1e6);
    }

    private List<Integer> comingAndGoing() {
        return List.of(threads, virtualThreads, fileDescriptors);
    }

    private static Footprint of(Process jvm, Path folder) throws IOException, InterruptedException {
        Path dump = folder.resolve("threads.json"); // which alone tells of virtual ones
        jcmd(jvm, "Thread.dump_to_file", "-overwrite", "-format=json", dump.toString());
        List<String> objects = jcmd(jvm, "GC.class_histogram"); // collects the garbage first
        Path process = Path.of("/proc", Long.toString(jvm.pid()));
        List<String> status = Files.readAllLines(process.resolve("status"));
        try (var threads = Files.lines(dump);
                var descriptors = Files.list(process.resolve("fd"))) {
            return new Footprint(
                    number("Total +\\d+ +(\\d+)", objects),
                    (int) number("Threads:\\s+(\\d+)", status),
                    (int) threads.filter(line -> line.contains("\"virtual\": true")).count(),
                    (int) descriptors.count(),
                    number("VmRSS:\\s+(\\d+) kB", status) << 10);
        }
    }

    private static long number(String pattern, List<String> lines) {
        return lines.stream()
                .map(Pattern.compile(pattern)::matcher)
                .filter(Matcher::matches)
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> jcmd(Process jvm, String... request)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(ServiceProcess.JAVA).resolveSibling("jcmd").toString());
        command.add(Long.toString(jvm.pid()));
        command.addAll(List.of(request));
        Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> answer = jcmd.inputReader().lines().toList();
        assertThat(jcmd.waitFor()).as("%s", answer).isZero();
        return answer;
    }
}
