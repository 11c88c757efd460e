package todomanager.user.todo;

import java.util.concurrent.atomic.AtomicInteger;

/// What retries may cost: one for ten calls, so that they do not add to what a server in trouble
/// has to bear. Saved up are ten at most, for a server that restarts.
final class RetryBudget {
    private static final int PRICE = 10; // calls
    private static final int MOST = 10 * PRICE;

    private final AtomicInteger calls = new AtomicInteger(PRICE - 1); // the first may have one

    void earn() {
        calls.getAndUpdate(saved -> Math.min(saved + 1, MOST));
    }

    boolean spend() {
        return calls.getAndUpdate(saved -> saved < PRICE ? saved : saved - PRICE) >= PRICE;
    }
}
