package todomanager.json;

import java.util.List;

/// A document that can't be served, with what is wrong with it.
@SuppressWarnings("serial") // it never leaves the process
public final class InvalidDocument extends RuntimeException {
    private final List<Fault> faults;
    private final int more;

    /// @param faults in the document's order
    /// @param more how many there are beside those
    InvalidDocument(List<Fault> faults, int more) {
        super(faults.getFirst().message());
        this.faults = List.copyOf(faults);
        this.more = more;
    }

    public static InvalidDocument because(String message) {
        return new InvalidDocument(List.of(new Fault(0, 0, "", message)), 0);
    }

    /// A line for each fault, and one for how many more there are.
    public String describe(Object file) {
        String lines = String.join("\n", faults.stream().map(fault -> fault.in(file)).toList());
        return more == 0 ? lines : lines + "\nand " + more + " more";
    }
}
