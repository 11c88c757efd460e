package todomanager.user.todo;

import java.util.concurrent.Semaphore;

/// The memory that one request has for what is large in it. All requests together have half of the
/// heap for that, so as not to fill it.
public final class Room implements AutoCloseable {
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
