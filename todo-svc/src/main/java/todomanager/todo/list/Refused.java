package todomanager.todo.list;

import java.util.List;

/// Why a change is not made, or nothing is found: the lists are as they were.
@SuppressWarnings("serial") // it never leaves the process
public final class Refused extends RuntimeException {
    private final Kind kind;
    private final List<Error> errors;

    /// What the client can do about it.
    public enum Kind {
        /// Ask for something else.
        NOT_FOUND,

        /// Change what is there first.
        CONFLICT,

        /// Ask in another way.
        INVALID
    }

    /// What is wrong with a part of the body.
    ///
    /// @param pointer to that part (RFC 6901), empty for the whole
    @SuppressWarnings("JavaLangClash") // as the member of a problem is called
    public record Error(String pointer, String detail) {}

    private Refused(Kind kind, String detail, List<Error> errors) {
        super(detail, null, false, false);
        this.kind = kind;
        this.errors = errors;
    }

    static Refused notFound(String detail) {
        return new Refused(Kind.NOT_FOUND, detail, List.of());
    }

    static Refused conflict(String pointer, String detail) {
        return new Refused(Kind.CONFLICT, detail, List.of(new Error(pointer, detail)));
    }

    /// A path that can't be.
    static Refused invalid(String detail) {
        return new Refused(Kind.INVALID, detail, List.of());
    }

    /// A body that can't be.
    static Refused invalid(String pointer, String detail) {
        return new Refused(Kind.INVALID, detail, List.of(new Error(pointer, detail)));
    }

    public Kind kind() {
        return kind;
    }

    /// What is wrong, and what to do: in fixed words, since the client reads it.
    public String detail() {
        return String.valueOf(getMessage());
    }

    /// What is wrong with the body; none where that is not at fault.
    public List<Error> errors() {
        return errors;
    }
}
