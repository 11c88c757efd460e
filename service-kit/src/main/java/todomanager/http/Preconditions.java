package todomanager.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The conditions that a request may set, in their order (RFC 9110, section 13.2.2).
public final class Preconditions {
    private Preconditions() {}

    /// Checks the conditions of a write against what it replaces, at the moment it does.
    ///
    /// @param current the entity tag of what is there now, or none where nothing is; asked for only
    ///   where there are conditions
    /// @throws Problem 412, with that tag, if a condition does not hold
    public static void require(
            ServerRequestHeaders request, Supplier<Optional<EntityTag>> current) {
        boolean isMatch = request.contains(HeaderNames.IF_MATCH);
        if (!isMatch && !request.contains(HeaderNames.IF_NONE_MATCH)) {
            return;
        }
        Optional<Header> tag = current.get().map(EntityTag::header);
        if (isMatch
                && tag.filter(now -> isNamed(now.get(), request, HeaderNames.IF_MATCH, false))
                        .isEmpty()) {
            throw failed(mismatch(request), tag);
        }
        if (tag.filter(now -> isNamed(now.get(), request, HeaderNames.IF_NONE_MATCH, true))
                .isPresent()) {
            throw failed("If-None-Match names what there is: nothing was changed.", tag);
        }
    }

    /// Whoever forgets the quotes would ask for the latest state again and again.
    private static String mismatch(ServerRequestHeaders request) {
        return request.all(HeaderNames.IF_MATCH, List::of).stream()
                        .noneMatch(tag -> tag.contains("\"") || tag.equals("*"))
                ? "If-Match names no entity tag: write it as ETag has it, in double quotes."
                : "If-Match names another state than there is: ask for this one first.";
    }

    private static Problem failed(String detail, Optional<Header> tag) {
        var problem = new Problem(Status.PRECONDITION_FAILED_412, detail);
        tag.ifPresent(problem::with);
        return problem;
    }

    /// Whether the client has the representation already, so that it need not be sent.
    ///
    /// @param entityTag of the representation
    /// @throws Problem 412 if the client wants to have another
    static boolean isKnown(Header entityTag, ServerRequestHeaders request) {
        String tag = entityTag.get();
        if (request.contains(HeaderNames.IF_MATCH)
                && !isNamed(tag, request, HeaderNames.IF_MATCH, false)) {
            throw failed(
                    "If-Match names another representation than there is: ask for this one first.",
                    Optional.of(entityTag));
        }
        return request.contains(HeaderNames.IF_NONE_MATCH)
                && isNamed(tag, request, HeaderNames.IF_NONE_MATCH, true);
    }

    /// Whether a condition names the tag: it is `*`, or a list of tags. A tag of ours has no comma,
    /// so parts of a foreign one that has are never equal to it.
    ///
    /// @param isWeak whether `W/` before a tag makes no difference (RFC 9110, section 8.8.3.2)
    private static boolean isNamed(
            String tag, ServerRequestHeaders request, HeaderName condition, boolean isWeak) {
        List<String> lines = request.all(condition, List::of);
        if (lines.size() == 1 && (lines.getFirst().equals(tag) || lines.getFirst().equals("*"))) {
            return true;
        }
        return lines.stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .anyMatch(named -> named.equals(tag) || (isWeak && named.equals("W/" + tag)));
    }
}
