package todomanager.document;

import java.util.Set;

/// A document whose members are written one by one.
///
/// @param <T> the document itself
public interface Document<T> {
    JsonMembers members();

    /// This document with some members of another, in the place of those of their names or behind
    /// the last one.
    ///
    /// @param changed the other, which has these members alone
    /// @param removed names of members that go
    T with(T changed, Set<String> removed);
}
