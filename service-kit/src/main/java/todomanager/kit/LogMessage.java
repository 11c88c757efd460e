package todomanager.kit;

/// A message of the log that has parts. Its `toString` is for a person.
interface LogMessage {
    /// Adds the parts to a line of JSON.
    void write(JsonLine line);
}
