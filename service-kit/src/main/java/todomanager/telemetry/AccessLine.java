package todomanager.telemetry;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// What the log tells of a request.
///
/// @param path safe to print
/// @param bytes of the answer, its head too
record AccessLine(
        String method, String route, String path, int status, long bytes, long nanoseconds)
        implements LogMessage {
    private static final Logger LOG = System.getLogger("access");

    void log() {
        LOG.log(Level.INFO, "{0}", this);
    }

    @Override
    public void write(JsonLine line) {
        line.add("method", method)
                .add("route", route)
                .add("path", path)
                .add("status", status)
                .add("bytes", bytes)
                .add("duration_us", nanoseconds / 1_000);
    }

    @Override
    public String toString() {
        return method
                + ' '
                + path
                + ' '
                + status
                + ", "
                + bytes
                + " B, "
                + nanoseconds / 1_000
                + " us";
    }
}
