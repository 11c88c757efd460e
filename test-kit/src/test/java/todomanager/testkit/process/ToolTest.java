package todomanager.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class ToolTest {
    @Test
    void isFoundWhereItIsInstalled() {
        assertThat(Tool.require("bash", "bash")).endsWith("/bash");
    }

    @Test
    void isTheOneThatIsGiven() {
        System.setProperty("tool.some-tool", Tool.require("bash", "bash"));

        assertThat(Tool.require("some-tool", "tools")).endsWith("/bash");
    }

    @Test
    void skipsATestWithoutItOrFailsItInTheGate() {
        assertThatThrownBy(() -> Tool.require("no-such-tool", "tools"))
                .isInstanceOf(
                        System.getenv("CI") == null
                                ? TestAbortedException.class
                                : AssertionError.class)
                .hasMessage("no-such-tool is not installed (apt-get install tools)");
    }
}
