package todomanager.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.testkit.Http;
import todomanager.testkit.Load;
import todomanager.testkit.LoadResult;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;
import todomanager.testkit.process.Tool;

/// What a request costs the packaged services, in figures that are the same on a slow machine and a
/// fast one: at most a tenth more than recorded here. To record what is printed or in a failure's
/// message, put it in the table above the test.
@Tag("system")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // strace may say nothing
class CostIT {
    private static final double MOST = 1.10; // of what is recorded
    private static final double LOWER = 0.80; // of it, or the print says that it is to be lowered

    /// What a JVM does on its own, and for its connections, for each request. A call more is 1.
    private static final double NOISE = 0.2;

    private static final List<String> PATHS =
            List.of("/users/aniket", "/users", "/users/aniket/lists", "/lists");

    /// By then a request allocates the same as the next one, within 1 %.
    private static final int WARM_UP = 2_000; // requests for each path

    /// Of a path: by so many, what a connection and each look at the allocation cost is little.
    private static final int REQUESTS = 400;

    /// After each answer, so that the next request finds all threads waiting, as under little load.
    /// Without it, how many system calls are spared is up to the machine.
    private static final Duration PAUSE = Duration.ofMillis(4);

    /// - C2 would do without some objects, and decide that anew in each run; C1 makes all of them.
    /// - Threads of a collector or a second carrier wake each other as it happens.
    /// - Helidon would let JMX read nothing.
    private static final String OPTIONS =
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djdk.virtualThreadScheduler.parallelism=1"
                    + " -Dhelidon.serialFilter.pattern=*";

    private static final Map<String, Serving> SERVICES = new HashMap<>();

    /// Figures for each request, by name.
    record Cost(Map<String, Double> figures) {
        /// Reads `read 2.0, write 1.0`.
        static Cost of(String text) {
            return new Cost(
                    Arrays.stream(text.split(", ", -1))
                            .map(figure -> figure.split(" ", -1))
                            .collect(
                                    Collectors.toMap(
                                            figure -> figure[0],
                                            figure -> Double.parseDouble(figure[1]))));
        }

        private List<String> whereThat(BiPredicate<Double, Double> holds, Cost recorded) {
            var names = new TreeSet<>(figures.keySet());
            names.addAll(recorded.figures.keySet());
            return names.stream()
                    .filter(name -> holds.test(figure(name), recorded.figure(name)))
                    .map(name ->
                            String.format(
                                    Locale.ROOT,
                                    "%s %.2f, recorded %.2f",
                                    name,
                                    figure(name),
                                    recorded.figure(name)))
                    .toList();
        }

        private double figure(String name) {
            return figures.getOrDefault(name, 0.0);
        }

        /// As it is recorded: without what is noise.
        @Override
        public String toString() {
            return new TreeMap<>(figures)
                    .entrySet().stream()
                            .filter(figure -> figure.getValue() > NOISE)
                            .map(figure ->
                                    String.format(
                                            Locale.ROOT,
                                            "%s %.1f",
                                            figure.getKey(),
                                            figure.getValue()))
                            .collect(Collectors.joining(", "));
        }
    }

    @BeforeAll
    static void start() throws Exception {
        var environment = Map.of("JDK_JAVA_OPTIONS", OPTIONS, "DATA_POLL", "PT0S");
        var todo = ServiceProcess.start("todo-svc", environment);
        SERVICES.put("todo-svc", todo);
        var ofUser = new HashMap<>(environment);
        ofUser.put("TODO_URI", todo.uri().toString());
        var user = ServiceProcess.start("user-svc", ofUser);
        SERVICES.put("user-svc", user);
        // the first call may take longer than user-svc waits
        Http.awaitStatus(user.uri().resolve("/users/aniket/lists"), 200);
        PATHS.forEach(path -> load(path, WARM_UP, Duration.ZERO));
    }

    @AfterAll
    static void stop() {
        SERVICES.values().forEach(Serving::close);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /users/aniket       | user-svc | bytes 7970
                    /users              | user-svc | bytes 6300
                    /users/aniket/lists | user-svc | bytes 12540
                    /users/aniket/lists | todo-svc | bytes 9780
                    /lists              | todo-svc | bytes 6160
                    """)
    // The address is of a process of this user, by what the JDK says of it.
    @SuppressWarnings("BanJNDI")
    void aRequestAllocatesNoMoreThanItDid(String path, String service, Cost recorded)
            throws Exception {
        VirtualMachine jvm = VirtualMachine.attach(Long.toString(pid(service)));
        var agent = new JMXServiceURL(jvm.startLocalManagementAgent());
        jvm.detach();
        try (var connector = JMXConnectorFactory.connect(agent)) {
            var threads =
                    ManagementFactory.newPlatformMXBeanProxy(
                            connector.getMBeanServerConnection(),
                            ManagementFactory.THREAD_MXBEAN_NAME,
                            ThreadMXBean.class);
            long before = threads.getTotalThreadAllocatedBytes();
            load(path, REQUESTS, PAUSE);
            long bytes = threads.getTotalThreadAllocatedBytes() - before;

            compare(path, service, new Cost(Map.of("bytes", 1.0 * bytes / REQUESTS)), recorded);
        }
    }

    /// By their names too, since of all of them one more is less than a tenth.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /users/aniket       | user-svc | epoll_ctl 2.0, epoll_wait 3.0, futex 3.1, read 2.0, total 11.1, write 1.0
                    /users              | user-svc | epoll_ctl 2.0, epoll_wait 3.0, futex 3.1, read 2.0, total 11.1, write 1.0
                    /users/aniket/lists | user-svc | epoll_ctl 4.0, epoll_wait 6.0, futex 6.1, ioctl 1.0, read 4.0, total 23.1, write 2.0
                    /users/aniket/lists | todo-svc | epoll_ctl 2.0, epoll_wait 3.0, futex 3.1, read 2.0, total 11.1, write 1.0
                    /lists              | todo-svc | epoll_ctl 2.0, epoll_wait 3.0, futex 3.1, read 2.0, total 11.1, write 1.0
                    """)
    void aRequestMakesNoMoreSystemCallsThanItDid(String path, String service, Cost recorded)
            throws Exception {
        var traces = new HashMap<String, Strace>();
        try {
            for (String each : SERVICES.keySet()) { // or one would be ready before the other waits
                traces.put(each, new Strace(pid(each)));
            }
            load(path, REQUESTS, PAUSE);
        } finally {
            traces.values().forEach(Strace::close);
        }

        compare(path, service, Objects.requireNonNull(traces.get(service)).cost(), recorded);
    }

    /// Counts the system calls of a process, from when it is made until it is closed.
    private static final class Strace implements AutoCloseable {
        private static final Pattern CALLS = Pattern.compile("\\s*(\\w+)\\s+(\\d+)\\s*");

        private final Process process;
        private final List<String> output = new ArrayList<>();

        Strace(long pid) throws IOException {
            process =
                    new ProcessBuilder(
                                    Tool.require("strace", "strace"),
                                    "--follow-forks",
                                    "--summary-only",
                                    "--summary-columns=name,calls",
                                    "--attach=" + pid)
                            .redirectErrorStream(true)
                            .start();
            String line = process.inputReader().readLine();
            if (line == null || !line.contains(" attached")) {
                close();
                throw Tool.missing(
                        "strace may not attach to a process (sysctl kernel.yama.ptrace_scope=0)");
            }
        }

        @Override
        public void close() {
            process.toHandle().destroy(); // leaves the output open
            process.inputReader().lines().forEach(output::add);
        }

        Cost cost() {
            return new Cost(
                    output.stream()
                            .map(CALLS::matcher)
                            .filter(Matcher::matches)
                            .collect(
                                    Collectors.toMap(
                                            calls -> calls.group(1),
                                            calls ->
                                                    Double.parseDouble(calls.group(2))
                                                            / REQUESTS)));
        }
    }

    private static long pid(String service) {
        return serving(service).process().pid();
    }

    private static Serving serving(String service) {
        return Objects.requireNonNull(SERVICES.get(service));
    }

    /// Sends requests on one connection.
    private static void load(String path, int requests, Duration pause) {
        Serving asked = serving(path.startsWith("/users") ? "user-svc" : "todo-svc");
        Duration atMost = Duration.ofSeconds(50);
        var plan = new Load.Plan(asked.uri().getPort(), 1, requests, atMost, k -> path);
        LoadResult result =
                Load.start(plan.withCheck(answer -> LockSupport.parkNanos(pause.toNanos()))).join();
        assertThat(result.counts()).isEqualTo(Map.of(200, requests));
    }

    private static void compare(String path, String service, Cost measured, Cost recorded) {
        System.out.printf("Cost: %-19s | %s | %s%n", path, service, measured);
        measured.whereThat((now, then) -> then > NOISE && now < LOWER * then, recorded)
                .forEach(figure -> System.out.println("Cost: less, so record it: " + figure));
        assertThat(
                        measured.whereThat(
                                (now, then) -> now > MOST * Math.max(then, NOISE) + NOISE,
                                recorded))
                .as("%s in %s; to record in the test's table: %s", path, service, measured)
                .isEmpty();
    }
}
