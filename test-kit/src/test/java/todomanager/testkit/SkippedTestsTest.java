package todomanager.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import todomanager.testkit.process.Tool;

class SkippedTestsTest {
    @Test
    void areCountedByReason() {
        var out = new ByteArrayOutputStream();
        var launcher =
                LauncherFactory.create(
                        LauncherConfig.builder()
                                .enableTestExecutionListenerAutoRegistration(false)
                                .addTestExecutionListeners(
                                        new SkippedTests(new PrintStream(out, true, UTF_8)))
                                .build());
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(Skipping.class))
                        .build());

        assertThat(out.toString(UTF_8))
                .isEqualTo(
                        """
                        skipped 1 test: -Dno.such.property=FOLDER is not given
                        skipped 2 tests: not today
                        skipped 3 tests: the moon is full
                        """);
    }

    static class Skipping {
        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        void whenTheMoonIsFull(int any) {
            assumeTrue(any == 0, "the moon is full");
        }

        @Test
        void withoutAProperty() {
            Tool.property("no.such.property", "FOLDER");
        }

        @Test
        void never() {}

        @Nested
        @Disabled("not today")
        class Today {
            @Test
            void one() {}

            @Test
            void other() {}
        }
    }
}
