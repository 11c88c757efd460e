package todomanager.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// Writes the log to standard output on a thread of its own, so that a request never waits for
/// whoever reads it. Where that one is too slow, lines are dropped and counted.
public final class LogHandler extends Handler {
    private static final int MOST_BYTES = 4 << 20; // that wait
    private static final int MOST_LINES = 1_000; // of a write
    private static final Duration BATCH = Duration.ofMillis(5); // a write for each line costs more
    private static final Duration LAST_LINES = Duration.ofMillis(500);
    private static final byte[] END = {};
    private static final AtomicLong DROPPED = new AtomicLong();

    private static volatile LogFormat format = LogFormat.TEXT;

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private final BlockingQueue<byte[]> lines = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger(); // bytes
    private final Thread writer = Thread.ofPlatform().daemon().name("log").unstarted(this::write);

    /// Made by `logging.properties`.
    public LogHandler() {
        writer.start();
    }

    public static void use(LogFormat chosen) {
        format = chosen;
        FunctionCounter.builder("log.lines.dropped", DROPPED, AtomicLong::get)
                .description("Lines that nobody read in time, and that are lost")
                .register(Metrics.REGISTRY);
    }

    /// Formats the line here: what it tells of may change, and of the trace only this thread knows.
    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        byte[] line = format.line(record).getBytes(StandardCharsets.UTF_8);
        boolean taken = false;
        try {
            taken = waiting.addAndGet(line.length) <= MOST_BYTES && lines.add(line);
        } finally { // it throws where there is no memory
            if (!taken) {
                waiting.addAndGet(-line.length);
                DROPPED.incrementAndGet();
            }
        }
    }

    private void write() {
        var batch = new ArrayList<byte[]>(MOST_LINES);
        while (!batch.contains(END)) {
            batch.clear();
            try {
                batch.add(lines.take());
                LockSupport.parkNanos(BATCH.toNanos());
                lines.drainTo(batch, MOST_LINES - 1);
                write(batch);
            } catch (InterruptedException e) {
                return; // by nobody that we know
            }
        }
    }

    private void write(List<byte[]> batch) {
        int size = 0;
        for (byte[] line : batch) {
            size += line.length;
        }
        try {
            ByteBuffer bytes = ByteBuffer.allocate(size);
            batch.forEach(bytes::put);
            out.write(bytes.array());
        } catch (IOException | OutOfMemoryError e) {
            DROPPED.addAndGet(batch.size()); // a disk, or a heap, that is full may have room again
        }
        waiting.addAndGet(-size);
    }

    @Override
    public void flush() {}

    /// Waits a moment for the lines that are not yet written.
    @Override
    public void close() {
        try {
            lines.add(END);
            writer.join(LAST_LINES.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
