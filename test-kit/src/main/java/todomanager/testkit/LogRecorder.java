package todomanager.testkit;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// Records what is logged, from when it is made until it is closed.
public final class LogRecorder extends Handler implements AutoCloseable {
    private final Logger logger;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    /// @param logger of whose records it takes note, `""` for all
    public LogRecorder(String logger) {
        this.logger = Logger.getLogger(logger);
        this.logger.addHandler(this);
    }

    public List<LogRecord> records() {
        return records;
    }

    /// The messages, each with what was thrown.
    public List<String> lines() {
        return records.stream()
                .map(record ->
                        new SimpleFormatter().formatMessage(record)
                                + Objects.toString(record.getThrown(), ""))
                .toList();
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
