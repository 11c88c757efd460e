package todomanager.user;

import jakarta.json.stream.JsonGenerator;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import todomanager.document.JsonMembers;
import todomanager.http.Representation;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;

/// All users, each as it is served.
///
/// @param byUsername `{"id": 1, "name": "…", "verified": 1, …}`
record Users(JsonMembers byUsername) {
    private static final String SCHEMA = "database/users.schema.json";
    private static final Set<String> INTEGERS = Set.of("id", "verified");
    private static final Set<BigDecimal> FLAGS = Set.of(BigDecimal.ZERO, BigDecimal.ONE);

    /// Reads `{"USERNAME": {"id": INTEGER, "name": "NAME", "verified": 0 or 1, …}, …}`; no two
    /// users have one id, and members that are not known are kept.
    static Users read(byte[] json) {
        var users = new JsonMembers.Builder(json);
        var usernames = new HashMap<BigDecimal, String>();
        JsonDocument.forEachMember(
                json,
                SCHEMA,
                (user, begin, end) -> {
                    user.required("id").ifPresent(id -> requireUnique(id, user.name(), usernames));
                    user.required("name").ifPresent(Users::requireText);
                    user.required("verified").ifPresent(Users::requireFlag);
                    users.add(user.name(), out -> write(user, out), begin, end);
                });
        return new Users(users.build());
    }

    /// An integer is written as one, `10`, though it may stand there as `1e1` or `10.0`. All else
    /// is written as it stands.
    private static void write(JsonNode user, JsonGenerator out) {
        out.writeStartObject();
        user.members()
                .forEach((name, member) ->
                        member.integer()
                                .filter(_ -> INTEGERS.contains(name))
                                .ifPresentOrElse(
                                        integer -> out.write(name, integer.toBigIntegerExact()),
                                        () -> member.writeMember(out)));
        out.writeEnd();
    }

    /// `{"USERNAME": {…}, …}`, in the document's order.
    JsonMembers all() {
        return byUsername;
    }

    Optional<Representation> of(String username) {
        return byUsername.find(username);
    }

    private static void requireUnique(
            JsonNode id, String username, Map<BigDecimal, String> usernames) {
        id.integer()
                .ifPresentOrElse(
                        value -> {
                            String other = usernames.putIfAbsent(value, username);
                            if (other != null) {
                                id.fault("expected an id of its own, found that of " + other);
                            }
                        },
                        () -> id.expected("an integer"));
    }

    private static void requireText(JsonNode name) {
        if (name.string().filter(text -> !text.isEmpty()).isEmpty()) {
            name.expected("a string that is not empty");
        }
    }

    private static void requireFlag(JsonNode verified) {
        if (verified.integer().filter(FLAGS::contains).isEmpty()) {
            verified.expected("0 or 1");
        }
    }
}
