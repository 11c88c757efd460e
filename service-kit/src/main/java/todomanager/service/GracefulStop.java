package todomanager.service;

import io.helidon.webserver.WebServer;
import java.io.File;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Proxy;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.LogRecord;

/// Ends the process without losing a request: at SIGTERM, at Ctrl-C or when its terminal closes the
/// service is no longer ready but serves on, each connection's next answer its last, until the load
/// balancers have heard of it. Then it stops listening and lets requests in progress finish. A
/// second signal ends it at once, and so does the first while the service starts. A signal that is
/// ignored from the start, as by nohup, stays so.
///
/// All of it comes before the JVM's shutdown, in which Java's logging may be closed at any time.
record GracefulStop(
        String service, WebServer server, Health health, Duration drain, Duration grace) {
    private static final Logger LOG = System.getLogger("todomanager");
    private static final java.util.logging.Logger LISTENER =
            java.util.logging.Logger.getLogger("io.helidon.webserver.ServerListener");
    private static final Duration MARGIN = Duration.ofSeconds(2);
    private static final AtomicBoolean SIGNALLED = new AtomicBoolean();

    void atSignal() throws StartFailure {
        handle("TERM", 143); // exit codes as a shell has them for a process that the signal ends
        handle("INT", 130);
        if (File.separatorChar == '/') { // Windows knows none
            handle("HUP", 129);
        }
    }

    private void signalled(int exitCode, Thread stop, Thread atLast) {
        if (SIGNALLED.getAndSet(true)) {
            Runtime.getRuntime().halt(exitCode);
        }
        if (!health.isStarted()) {
            System.exit(exitCode); // nobody has been told to ask it
        }
        atLast.start();
        stop.start();
    }

    private void haltAtLast(int exitCode) {
        sleep(drain.plus(grace).plus(MARGIN));
        Runtime.getRuntime().halt(exitCode);
    }

    /// Serves on until it is drained, then lets requests in progress finish.
    void stop() {
        health.stop();
        LOG.log(
                Level.INFO,
                "{0} is told to stop: not ready, serves on for {1}, then finishes within {2}",
                service,
                drain,
                grace);
        sleep(drain);
        LISTENER.setFilter(GracefulStop::isMoreThanTheStop);
        server.stop();
        LOG.log(Level.INFO, "{0} has stopped", service);
    }

    private void stopAndExit(int exitCode) {
        stop();
        System.exit(exitCode);
    }

    /// A listener that waits for a connection to end logs its own stop as an error.
    private static boolean isMoreThanTheStop(LogRecord record) {
        return !(record.getThrown() instanceof InterruptedException
                || record.getThrown() instanceof ClosedChannelException);
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // by nobody that we know; then it ends sooner
        }
    }

    /// Java's API tells nothing of signals, and javac warns whoever names the class that does.
    private void handle(String signal, int exitCode) throws StartFailure {
        // Made now: when the signal comes, there may be no memory left to make them of.
        // No daemon, as the thread of a signal is: the server's own are gone before the end.
        Thread stopping =
                Thread.ofPlatform()
                        .daemon(false)
                        .name("stop")
                        .unstarted(() -> stopAndExit(exitCode));
        // Whatever holds that up, such as a log that nobody reads.
        Thread atLast =
                Thread.ofPlatform()
                        .daemon()
                        .name("stop-at-last")
                        .unstarted(() -> haltAtLast(exitCode));
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object stop =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(),
                            new Class<?>[] {handler},
                            (proxy, method, args) -> {
                                signalled(exitCode, stopping, atLast);
                                return null;
                            });
            type.getMethod("handle", type, handler)
                    .invoke(null, type.getConstructor(String.class).newInstance(signal), stop);
        } catch (ReflectiveOperationException e) {
            throw new StartFailure(
                    StartFailure.CONFIG, "this JVM handles no signals; start it without -Xrs");
        }
    }
}
