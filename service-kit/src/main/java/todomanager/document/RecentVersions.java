package todomanager.document;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import todomanager.document.DocumentWriter.Codec;
import todomanager.http.Revision;

/// What was written of late, and what was there before: so the members can be told as they were at
/// each moment. A person who edits the document may have begun with any of these, and saves what
/// was written since as it was.
///
/// @param <V> what a member is; an empty one is none
final class RecentVersions<V> {
    private static final int MOST = 512; // writes

    private final Codec<V> codec;
    private final long room;
    private final Deque<Revision> revisions = new ArrayDeque<>(); // of whole documents
    private final Deque<Write<V>> writes = new ArrayDeque<>(); // the oldest first
    private long taken;

    /// The members that were changed at once, by their names.
    private record Write<V>(Map<String, Optional<V>> before, Map<String, Optional<V>> now) {}

    /// @param room for the bytes of all versions, as the codec tells them
    RecentVersions(Codec<V> codec, long room) {
        this.codec = codec;
        this.room = room;
    }

    /// Notes that a document is served.
    void add(Revision revision) {
        revisions.add(revision);
        if (revisions.size() > MOST) {
            revisions.remove();
        }
    }

    /// Notes what was written, and what that was before.
    void add(Function<String, Optional<V>> before, Map<String, Optional<V>> now) {
        var was = new HashMap<String, Optional<V>>();
        now.keySet().forEach(name -> was.put(name, before.apply(name)));
        var write = new Write<>(was, Map.copyOf(now));
        writes.add(write);
        taken += size(write);
        while (writes.size() > MOST || taken > room) {
            taken -= size(writes.remove());
        }
    }

    /// What was there before is, as a rule, the same object as what another write has made.
    private long size(Write<V> write) {
        return write.now().values().stream()
                .flatMap(Optional::stream)
                .mapToLong(codec.size())
                .sum();
    }

    /// The latest version of a member; of one that is not known, what the other finds.
    Optional<V> latest(String name, Function<String, Optional<V>> other) {
        for (Write<V> write : writes.reversed()) {
            Optional<V> now = write.now().get(name);
            if (now != null) {
                return now;
            }
        }
        return other.apply(name);
    }

    /// What each member must be, by its name, that an edit has made older than it was. A person who
    /// puts back a whole document that was there of late means all of it.
    ///
    /// @param revision of the edited document
    /// @param edited what a member is in it
    Map<String, Optional<V>> corrections(Revision revision, Function<String, Optional<V>> edited) {
        if (revisions.contains(revision)) {
            writes.clear();
            taken = 0;
        }
        var ours = new HashMap<String, Optional<V>>();
        writes.forEach(write -> ours.putAll(write.now()));
        var theirs = new HashMap<String, Optional<V>>();
        ours.keySet().forEach(name -> theirs.put(name, edited.apply(name)));
        Map<String, Optional<V>> base = base(ours, theirs);
        var merged = new HashMap<String, Optional<V>>();
        ours.keySet()
                .forEach(name ->
                        merged.put(name, merged(of(name, base), of(name, theirs), of(name, ours))));
        var changed = new HashMap<>(merged); // what the edit has changed, corrected or not
        changed.keySet().removeIf(name -> of(name, theirs).equals(of(name, ours)));
        add(name -> of(name, ours), changed);
        merged.entrySet().removeAll(theirs.entrySet());
        if (merged.isEmpty()) {
            add(revision); // or who saves an edit twice would take back what was merged into it
        }
        return merged;
    }

    /// What the members were when the person began: at the one moment that is most like what came
    /// of it; of moments that are alike, the latest.
    private Map<String, Optional<V>> base(
            Map<String, Optional<V>> ours, Map<String, Optional<V>> theirs) {
        var edited = new HashMap<String, Map<?, ?>>();
        theirs.forEach((name, member) -> edited.put(name, parts(member)));
        var steps = new ArrayList<Map<String, Optional<V>>>(); // back from now
        steps.add(ours);
        writes.reversed().forEach(write -> steps.add(write.before()));
        var members = new HashMap<String, Optional<V>>();
        var distances = new HashMap<String, Integer>();
        Map<String, Optional<V>> base = ours;
        int least = Integer.MAX_VALUE;
        for (Map<String, Optional<V>> step : steps) {
            members.putAll(step);
            step.forEach((name, member) ->
                    distances.put(
                            name, distance(parts(member), edited.getOrDefault(name, Map.of()))));
            int distance = distances.values().stream().mapToInt(Integer::intValue).sum();
            if (distance < least) {
                least = distance;
                base = Map.copyOf(members);
            }
        }
        return base;
    }

    private Map<?, ?> parts(Optional<V> member) {
        return member.<Map<?, ?>>map(codec.parts()).orElse(Map.of());
    }

    /// How many parts are in one alone, or different in both.
    private static int distance(Map<?, ?> one, Map<?, ?> other) {
        long common = one.keySet().stream().filter(other::containsKey).count();
        long equal = one.entrySet().stream().filter(other.entrySet()::contains).count();
        return (int) (one.size() + other.size() - common - equal);
    }

    private Optional<V> merged(Optional<V> base, Optional<V> theirs, Optional<V> ours) {
        if (theirs.equals(base)) {
            return ours;
        }
        if (ours.equals(base) || theirs.isEmpty() || ours.isEmpty()) {
            return theirs;
        }
        return Optional.of(codec.merger().merged(base, theirs.get(), ours.get()));
    }

    private static <V> Optional<V> of(String name, Map<String, Optional<V>> members) {
        return members.getOrDefault(name, Optional.empty());
    }
}
