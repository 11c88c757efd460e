package todomanager.kit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/// How a record of the log is written on a line.
enum LogFormat {
    /// For a person: the time, the level, the message, the trace.
    TEXT {
        @Override
        String line(LogRecord record) {
            var line = new StringBuilder(time(record));
            line.append(' ').append(level(record)).append(' ').append(message(record));
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
        String line(LogRecord record) {
            var line = new JsonLine();
            line.add("time", time(record)).add("level", level(record));
            line.add("message", message(record));
            if (Span.isCurrent()) {
                line.add("trace_id", Span.current().traceId());
            }
            LogMessage parts = parts(record);
            if (parts != null) {
                parts.write(line);
            }
            if (record.getThrown() != null) {
                line.add("exception", stackTrace(record.getThrown()));
            }
            return line.end();
        }
    };

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    /// With a line end.
    abstract String line(LogRecord record);

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

    private static String message(LogRecord record) {
        LogMessage parts = parts(record);
        Object[] parameters = record.getParameters();
        if (parts != null) {
            return parts.toString();
        }
        return parameters == null || parameters.length == 0
                ? String.valueOf(record.getMessage())
                : MessageFormat.format(record.getMessage(), parameters);
    }

    private static String stackTrace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
