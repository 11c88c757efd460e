package todomanager.http;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import todomanager.telemetry.RequestObserver;

/// Admits 128 requests at once, lets 128 more wait for that, and refuses the rest with 503.
public final class Admission {
    private static final int AT_ONCE = 128;

    private final Semaphore permits = new Semaphore(AT_ONCE, true);

    /// Does the work, once it is admitted.
    ///
    /// @throws Problem 503 if as many wait already
    public <T> T admit(Supplier<T> work) {
        enter();
        try {
            return work.get();
        } finally {
            permits.release();
        }
    }

    /// A waiting request has no time-out: the requests before it have one. Under load, Java's
    /// scheduler could not keep up with expired time-outs and came to nothing else.
    private void enter() {
        if (permits.hasQueuedThreads() || !permits.tryAcquire()) {
            if (permits.getQueueLength() >= AT_ONCE) {
                RequestObserver.shed();
                throw Problem.busy();
            }
            permits.acquireUninterruptibly();
        }
    }
}
