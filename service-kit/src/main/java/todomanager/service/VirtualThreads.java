package todomanager.service;

/// The threads that carry Java's virtual ones, and the pollers that wake those.
final class VirtualThreads {
    private static final String PARALLELISM = "jdk.virtualThreadScheduler.parallelism";
    private static final String POLLERS = "jdk.readPollers";
    private static final int MOST_POLLERS = 32; // as Java's own default on Linux

    private VirtualThreads() {}

    /// Has fewer pollers than scheduler threads; to be called before the first virtual thread.
    ///
    /// Under load, a scheduler thread whose poller finds clients to read from is never done with
    /// them. Only a thread that is done looks for new connections and for calls that are out of
    /// time. With a thread and a poller for each of 1, 2, 4 and up to 32 processors, which is
    /// Java's default on Linux, those can wait for seconds. Java takes powers of two only.
    static void haveFewerPollersThanSchedulerThreads() {
        int atLeast = Math.max(Runtime.getRuntime().availableProcessors(), 2);
        int threads = Integer.getInteger(PARALLELISM, atLeast);
        int pollers = Integer.highestOneBit(Math.clamp(threads - 1, 1, MOST_POLLERS));
        System.getProperties().putIfAbsent(PARALLELISM, Integer.toString(threads));
        System.getProperties().putIfAbsent(POLLERS, Integer.toString(pollers));
    }
}
