package todomanager.kit;

import java.util.concurrent.locks.LockSupport;

/// The turn of a virtual thread on its processor.
public final class Turn {
    private static final int MANY = 64; // turns in a moment; a power of two
    private static final long MOMENT = 20_000_000; // nanoseconds
    private static final long REST = 50 * MOMENT;

    /// Sleeps for a moment, again and again while there are many turns to give away.
    private static final Thread SLEEPER = Thread.ofVirtual().name("turns").unstarted(Turn::sleep);

    private static int turns; // not exactly: some are lost, which does no harm
    private static volatile boolean paused;
    private static volatile long due = System.nanoTime(); // from then on, the sleeper is late

    static {
        SLEEPER.start();
    }

    private Turn() {}

    /// Lets others go first. Where there are any, what this thread is about to wait for is often
    /// here by then, which saves two system calls and a park: under load, a fourteenth of what a
    /// request costs.
    ///
    /// A virtual thread that has slept, connects, has just been started, or has found nobody to go
    /// first, is taken up only when a thread of Java's scheduler has no other in its own queue.
    /// While everybody gives turns that is never, and clients waited for as long as there was load.
    /// So a sleeper measures it: once it wakes late, nobody gives turns for a second. Where there
    /// are few turns it pauses, and none are given.
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it
    public static void giveAway() {
        if ((++turns & (MANY - 1)) == 0 && paused) {
            LockSupport.unpark(SLEEPER);
        }
        if (System.nanoTime() - due < 0) {
            Thread.yield();
        }
    }

    private static void sleep() {
        while (true) {
            int before = turns;
            paused = false;
            due = System.nanoTime() + 2 * MOMENT;
            LockSupport.parkNanos(MOMENT);
            if (System.nanoTime() - due >= 0) {
                LockSupport.parkNanos(REST); // nobody gives a turn until then
            }
            if (turns - before < MANY) {
                paused = true;
                LockSupport.park();
            }
        }
    }
}
