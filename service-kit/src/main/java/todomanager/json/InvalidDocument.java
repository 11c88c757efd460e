package todomanager.json;

import java.util.List;

/// A document that can't be served, with what is wrong with it.
@SuppressWarnings("serial") // it never leaves the process
public final class InvalidDocument extends RuntimeException {
    private final List<Fault> faults;
    private final int more;
    private final Object file;

    /// @param faults in the document's order
    /// @param more how many there are beside those
    InvalidDocument(List<Fault> faults, int more) {
        this(faults.getFirst().message(), faults, more, "");
    }

    private InvalidDocument(String message, List<Fault> faults, int more, Object file) {
        super(message);
        this.faults = List.copyOf(faults);
        this.more = more;
        this.file = file;
    }

    public static InvalidDocument because(String message) {
        return new InvalidDocument(List.of(new Fault(0, 0, "", message)), 0);
    }

    /// What is wrong, in the document's order, as far as it is told one by one.
    public List<Fault> faults() {
        return faults;
    }

    /// The same, of a file that the description names.
    public InvalidDocument in(Object file) {
        return new InvalidDocument(faults.getFirst().in(file), faults, more, file);
    }

    /// A line for each fault, and one for how many more there are.
    public String describe() {
        String lines = String.join("\n", faults.stream().map(fault -> fault.in(file)).toList());
        return more == 0 ? lines : lines + "\nand " + more + " more";
    }
}
