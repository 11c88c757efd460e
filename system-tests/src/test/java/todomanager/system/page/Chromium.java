package todomanager.system.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Path;
import java.util.Map;
import todomanager.testkit.process.Tool;

/// The browser of all tests, since its start takes longer than most of them.
record Chromium(Playwright playwright, Browser browser) implements AutoCloseable {
    static final double PATIENCE = 10_000; // milliseconds

    static Chromium start() {
        String node = Tool.require("node", "nodejs");
        String shell = Tool.require("chromium-headless-shell", "chromium-headless-shell");
        var environment =
                Map.of("PLAYWRIGHT_NODEJS_PATH", node, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        var playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
        var options = new BrowserType.LaunchOptions().setExecutablePath(Path.of(shell));
        return new Chromium(playwright, playwright.chromium().launch(options));
    }

    @Override
    public void close() {
        playwright.close();
    }
}
