package todomanager.auth;

/// What is set for sign-in can't be used; says which key, and what to do.
@SuppressWarnings("serial") // it never leaves the process
public final class Misconfigured extends RuntimeException {
    public Misconfigured(String message) {
        super(message);
    }
}
