package todomanager.document;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import todomanager.http.Revision;

/// What members have been of late, as far as they were written here. A person who edits the
/// document may have begun with any of it, and saves what was written since as it was.
///
/// No more is kept than there is room for. A member that is long and often written has its own
/// oldest versions go, so that those of others stay.
///
/// @param <V> what a member is; an empty one is none
final class RecentVersions<V> {
    private static final int MOST = 512; // of all members

    private final ToLongFunction<V> size;
    private final long room;
    private final Deque<Revision> revisions = new ArrayDeque<>(); // of whole documents
    private final Map<String, Deque<Optional<V>>> byName = new HashMap<>();
    private final Deque<String> names = new ArrayDeque<>(); // of the versions, the oldest first
    private long taken;

    /// @param size of a member in bytes, roughly
    /// @param room for the bytes of all versions
    RecentVersions(ToLongFunction<V> size, long room) {
        this.size = size;
        this.room = room;
    }

    /// Notes that a document is served.
    void add(Revision revision) {
        revisions.add(revision);
        if (revisions.size() > MOST) {
            revisions.remove();
        }
    }

    /// Notes that a member was written.
    void add(String name, Optional<V> before, Optional<V> now) {
        add(name, before);
        add(name, now);
    }

    /// The latest version of a member; of one that is not known, what the other finds.
    Optional<V> latest(String name, Function<String, Optional<V>> other) {
        Deque<Optional<V>> versions = byName.get(name);
        return versions == null ? other.apply(name) : versions.getLast();
    }

    private void add(String name, Optional<V> version) {
        Deque<Optional<V>> versions = byName.computeIfAbsent(name, _ -> new ArrayDeque<>());
        if (!versions.isEmpty() && versions.getLast().equals(version)) {
            return;
        }
        versions.add(version);
        names.add(name);
        taken += size(version);
        if (names.size() > MOST) {
            forget(names.getFirst());
        }
        while (taken > room) {
            forget(versions.size() > 2 ? name : names.getFirst());
        }
    }

    private void forget(String name) {
        names.removeFirstOccurrence(name);
        Deque<Optional<V>> versions = byName.getOrDefault(name, new ArrayDeque<>());
        taken -= size(versions.remove());
        if (versions.isEmpty()) {
            byName.remove(name);
        }
    }

    private long size(Optional<V> version) {
        return version.map(size::applyAsLong).orElse(0L);
    }

    /// What each member must be, by its name, that an edit has made older than it was. A person who
    /// puts back a whole document that was there of late means all of it.
    ///
    /// @param revision of the edited document
    /// @param edited what a member is in it
    /// @param merger of versions, and of what was made of one of them
    Map<String, Optional<V>> corrections(
            Revision revision,
            Function<String, Optional<V>> edited,
            BiFunction<List<V>, V, V> merger) {
        if (revisions.contains(revision)) {
            byName.clear();
            names.clear();
            taken = 0;
        }
        add(revision);
        var corrections = new HashMap<String, Optional<V>>();
        for (String name : List.copyOf(byName.keySet())) {
            Optional<V> theirs = edited.apply(name);
            Optional<V> merged =
                    merged(byName.getOrDefault(name, new ArrayDeque<>()), theirs, merger);
            if (!merged.equals(theirs)) {
                corrections.put(name, merged);
            }
            add(name, merged);
        }
        return corrections;
    }

    private Optional<V> merged(
            Deque<Optional<V>> versions, Optional<V> theirs, BiFunction<List<V>, V, V> merger) {
        if (versions.isEmpty()) {
            return theirs; // forgotten for what the same edit has changed elsewhere
        }
        Optional<V> ours = versions.getLast();
        if (versions.contains(theirs)) {
            return ours;
        }
        if (theirs.isEmpty() || ours.isEmpty()) {
            return theirs;
        }
        return Optional.of(
                merger.apply(versions.stream().flatMap(Optional::stream).toList(), theirs.get()));
    }
}
