package todomanager.testkit;

import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Says in the end how many tests were skipped, a line for each reason.
public final class SkippedTests implements TestExecutionListener {
    private final PrintStream out;
    private final Map<String, Integer> counts = new ConcurrentSkipListMap<>();
    private @Nullable TestPlan plan;

    /// For the launcher of all tests.
    public SkippedTests() {
        this(System.out);
    }

    SkippedTests(PrintStream out) {
        this.out = out;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        this.plan = plan;
    }

    @Override
    public void executionSkipped(TestIdentifier skipped, String reason) {
        count(skipped, reason);
    }

    @Override
    public void executionFinished(TestIdentifier finished, TestExecutionResult result) {
        if (result.getStatus() == Status.ABORTED) {
            String reason = result.getThrowable().map(Throwable::getMessage).orElse("");
            count(finished, reason.replaceFirst("^Assumption failed: ", ""));
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        counts.forEach((reason, tests) ->
                out.printf("skipped %d test%s: %s%n", tests, tests == 1 ? "" : "s", reason));
    }

    /// Of a class that is skipped whole, each test counts.
    private void count(TestIdentifier skipped, String reason) {
        long tests =
                skipped.isTest() || plan == null
                        ? 1
                        : plan.getDescendants(skipped).stream()
                                .filter(TestIdentifier::isTest)
                                .count();
        counts.merge(reason, (int) Math.max(tests, 1), Integer::sum);
    }
}
