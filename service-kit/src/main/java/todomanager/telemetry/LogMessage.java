package todomanager.telemetry;

/// A message of the log that has parts. Its `toString` is for a person.
public interface LogMessage {
    /// Adds the parts to a line of JSON.
    void write(JsonLine line);
}
