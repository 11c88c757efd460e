package todomanager.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a record of the log.
class LogFormatTest {
    private static final Instant TIME = Instant.parse("2026-11-25T10:11:12.1Z");

    @Test
    void isALineForAPerson() {
        assertThat(LogFormat.TEXT.line(record("{0} {1} serves", "todo-svc", "1.0.0")))
                .isEqualTo("2026-11-25T10:11:12.100Z INFO todo-svc 1.0.0 serves\n");
    }

    @Test
    void isAnObjectForACollector() {
        JsonObject line = json(record("{0} {1} serves", "todo-svc", "1.0.0"));

        assertThat(line.keySet()).containsExactly("time", "level", "message");
        assertThat(line.getString("time")).isEqualTo("2026-11-25T10:11:12.100Z");
        assertThat(line.getString("level")).isEqualTo("INFO");
        assertThat(line.getString("message")).isEqualTo("todo-svc 1.0.0 serves");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"}{\"",
                "\\",
                "a\nb\r\tc",
                "\u0000\u001b[31m",
                "\u202e\u2028\u0085\ufeff",
                "\ud83d\ude00",
                "\ud83d",
                "ä",
                "{0} '"
            })
    void keepsAnyMessageOnOneLine(String message) {
        var record = record(message);
        String line = LogFormat.JSON.line(record);

        assertThat(line).endsWith("}\n");
        assertThat(line.stripTrailing())
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]");
        assertThat(json(record).getString("message")).isEqualTo(message);
    }

    @Test
    void hasTheStackTraceOfABug() {
        var record = record("oh");
        record.setThrown(new IllegalStateException("no"));

        assertThat(json(record).getString("exception"))
                .startsWith("java.lang.IllegalStateException: no\n\tat todomanager.telemetry.");
        assertThat(LogFormat.TEXT.line(record))
                .startsWith("2026-11-25T10:11:12.100Z INFO oh\njava.lang.IllegalStateException: no")
                .endsWith(")\n");
    }

    @Test
    void namesTheTraceOfARequest() {
        var span = new Span.PassedOn("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        span.carry(_ -> {
            assertThat(json(record("oh")).getString("trace_id"))
                    .isEqualTo("0af7651916cd43dd8448eb211c80319c");
            assertThat(LogFormat.TEXT.line(record("oh")))
                    .endsWith("oh, trace 0af7651916cd43dd8448eb211c80319c\n");
        });
    }

    @Test
    void hasThePartsOfAnAccessLine() {
        var access = new AccessLine("GET", "/lists/{username}", "/lists/a", 200, 12, 3_400);
        JsonObject line = json(record("{0}", access));

        assertThat(line.getString("message")).isEqualTo("GET /lists/a 200, 12 B, 3 us");
        assertThat(line.getString("route")).isEqualTo("/lists/{username}");
        assertThat(line.getInt("duration_us")).isEqualTo(3);
    }

    @Test
    void writesAMessageWithOtherBracesAsItIs() {
        assertThat(json(record("a {b} c", "d")).getString("message")).isEqualTo("a {b} c");
    }

    @Test
    void letsNoMessageForgeALineForAPerson() {
        assertThat(LogFormat.TEXT.line(record("a\n\u001b[31m")))
                .endsWith("INFO a\\u000a\\u001b[31m\n");
    }

    private static LogRecord record(String message, Object... parameters) {
        var record = new LogRecord(Level.INFO, message);
        record.setInstant(TIME);
        if (parameters.length > 0) {
            record.setParameters(parameters);
        }
        return record;
    }

    private static JsonObject json(LogRecord record) {
        try (var reader = Json.createReader(new StringReader(LogFormat.JSON.line(record)))) {
            return reader.readObject();
        }
    }
}
