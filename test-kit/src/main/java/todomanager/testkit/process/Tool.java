package todomanager.testkit.process;

import java.io.IOException;

/// A program that a test needs and a machine may lack.
public final class Tool {
    private Tool() {}

    public static boolean isInstalled(String program) throws IOException, InterruptedException {
        return new ProcessBuilder("bash", "-c", "command -v " + program).start().waitFor() == 0;
    }
}
