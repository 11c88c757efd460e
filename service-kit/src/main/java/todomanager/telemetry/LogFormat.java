package todomanager.telemetry;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import todomanager.text.SafeText;

/// How a record of the log is written on a line.
public enum LogFormat {
    /// For a person: the time, the level, the message, the trace.
    TEXT {
        @Override
        public String line(LogRecord record) {
            var line = new StringBuilder(time(record));
            LogMessage parts = parts(record);
            line.append(' ').append(level(record)).append(' ');
            line.append(parts == null ? SafeText.oneLine(FORMATTER.formatMessage(record)) : parts);
            if (Span.isCurrent()) {
                line.append(", trace ").append(Span.current().traceId());
            }
            Throwable thrown = record.getThrown();
            line.append('\n');
            return thrown == null ? line.toString() : line + stackTrace(thrown);
        }
    },

    /// For a collector of logs: an object with `time`, `level`, `message`, within a request
    /// `trace_id`, `exception` with its stack trace, and the parts of a message that has any.
    JSON {
        @Override
        public String line(LogRecord record) {
            var line = new JsonLine();
            line.add("time", time(record)).add("level", level(record));
            LogMessage parts = parts(record);
            line.add("message", parts == null ? FORMATTER.formatMessage(record) : parts.toString());
            if (Span.isCurrent()) {
                line.add("trace_id", Span.current().traceId());
            }
            if (parts != null) {
                parts.write(line);
            }
            if (record.getThrown() != null) {
                line.add("exception", stackTrace(record.getThrown()));
            }
            return line.end();
        }
    };

    private static final SimpleFormatter FORMATTER = new SimpleFormatter();
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    /// With a line end.
    public abstract String line(LogRecord record);

    private static String time(LogRecord record) {
        return TIME.format(record.getInstant());
    }

    private static String level(LogRecord record) {
        return record.getLevel().equals(Level.SEVERE) ? "ERROR" : record.getLevel().getName();
    }

    private static @Nullable LogMessage parts(LogRecord record) {
        Object[] parameters = record.getParameters();
        return parameters != null
                        && parameters.length == 1
                        && parameters[0] instanceof LogMessage parts
                ? parts
                : null;
    }

    private static String stackTrace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
