package todomanager.service;

import java.util.List;

/// Why a service did not start, in words for whoever started it.
@SuppressWarnings("serial") // it never leaves the process
public final class StartFailure extends Exception {
    /// Exit codes, as BSD's sysexits.h numbers them.
    static final int USAGE = 64;

    static final int DATA = 65;
    static final int INPUT_OUTPUT = 74;
    static final int CONFIG = 78;

    private final int exitCode;

    /// @param message a line for each thing that is wrong
    StartFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    List<String> lines() {
        return String.valueOf(getMessage()).lines().toList();
    }

    int exitCode() {
        return exitCode;
    }
}
