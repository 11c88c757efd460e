package todomanager.http;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import todomanager.telemetry.RequestObserver;

/// Admits 128 requests at once, lets 128 more wait for that, and refuses the rest with 503.
public final class Admission {
    private static final int AT_ONCE = 128;

    private final Semaphore places = new Semaphore(2 * AT_ONCE); // of those who wait, too
    private final Semaphore permits = new Semaphore(AT_ONCE, true);

    /// The memory that one request has for what is large in it. All requests together have half of
    /// the heap for that, so as not to fill it.
    public static final class Room implements AutoCloseable {
        private static final int UNIT = 64 << 10; // bytes
        private static final Semaphore FREE =
                new Semaphore((int) (Runtime.getRuntime().maxMemory() / 2 / UNIT));

        private int taken; // units

        /// Takes as much as there must be in all.
        ///
        /// @return whether there is so much; there may be in a moment
        public boolean take(long bytes) {
            int more = (int) ((bytes + UNIT - 1) / UNIT) - taken;
            if (more > 0 && !FREE.tryAcquire(more)) {
                return false;
            }
            taken += Math.max(more, 0);
            return true;
        }

        @Override
        public void close() {
            FREE.release(taken);
            taken = 0;
        }
    }

    /// Does the work, once it is admitted. A waiting request has no time-out: the requests before
    /// it have one. Under load, Java's scheduler could not keep up with expired time-outs and came
    /// to nothing else.
    ///
    /// @throws Problem 503 if as many wait already
    public <T> T admit(Supplier<T> work) {
        if (!places.tryAcquire()) {
            RequestObserver.shed();
            throw Problem.busy();
        }
        try {
            permits.acquireUninterruptibly();
            try {
                return work.get();
            } finally {
                permits.release();
            }
        } finally {
            places.release();
        }
    }
}
