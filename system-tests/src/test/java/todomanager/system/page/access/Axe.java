package todomanager.system.page.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The checks of axe-core against WCAG 2.2 AA and what is good practice, and how much has passed
/// them.
public final class Axe {
    private static final String SCRIPT = script();
    private static final List<String> TAGS =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

    private static final String RUN =
            """
            async (tags) => {
              const { violations, passes } = await axe.run({ runOnly: tags, resultTypes: ["violations", "passes"] });
              return JSON.stringify({
                faults: violations.flatMap(({ id, help, nodes }) =>
                  nodes.map(({ html, any }) => `${id} (${help}): ${html} ${any.map(({ message }) => message)}`)),
                rules: passes.map(({ id }) => id),
                nodes: passes.reduce((sum, { nodes }) => sum + nodes.length, 0),
              });
            }\
            """;

    private final Set<String> rules = new TreeSet<>();
    private int states;
    private int nodes;

    /// Requires that the page has no fault as it is now.
    public void check(Page page) {
        page.evaluate(SCRIPT);
        var json = String.valueOf(page.evaluate(RUN, TAGS));
        try (var reader = Json.createReader(new StringReader(json))) {
            JsonObject result = reader.readObject();
            assertThat(strings(result, "faults")).isEmpty();
            states++;
            nodes += result.getInt("nodes");
            rules.addAll(strings(result, "rules"));
        }
    }

    private static List<String> strings(JsonObject object, String name) {
        return object.getJsonArray(name).getValuesAs(JsonString::getString);
    }

    @Override
    public String toString() {
        return "axe-core: 0 violations in %d states, %d rules passed, by %d nodes"
                .formatted(states, rules.size(), nodes);
    }

    private static String script() {
        try (InputStream file = Axe.class.getResourceAsStream("/axe.min.js")) {
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
