package todomanager.user.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.stream.JsonGenerator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import todomanager.document.Document;
import todomanager.document.JsonMembers;
import todomanager.http.Representation;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;
import todomanager.json.Slices;

/// All users, each as it is served.
///
/// @param members `{"id": 1, "name": "…", "verified": 1, …}` by username
/// @param ids of the users, in their order
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Users(JsonMembers members, long... ids) implements Document<Users> {
    private static final String SCHEMA = "database/users.schema.json";
    private static final long LARGE = Long.MIN_VALUE; // an id that is told by the user alone

    /// Reads `{"USERNAME": {"id": INTEGER, "name": "NAME", "verified": 0 or 1, …}, …}`; no two
    /// users have one id, and members that are not known are kept.
    public static Users read(byte... json) {
        var users = new JsonMembers.Builder(json);
        var ids = LongStream.builder();
        var usernames = new HashMap<BigDecimal, String>();
        JsonDocument.forEachMember(
                json,
                SCHEMA,
                (user, begin, end) -> {
                    user.required("id")
                            .ifPresent(id -> ids.add(unique(id, user.name(), usernames)));
                    user.required("name").ifPresent(User::requireText);
                    user.required("verified").ifPresent(User::requireFlag);
                    users.add(user.name(), out -> write(user, out), begin, end);
                });
        return new Users(users.build(), ids.build().toArray());
    }

    /// An integer is written as one, `10`, though it may stand there as `1e1` or `10.0`. All else
    /// is written as it stands.
    private static void write(JsonNode user, JsonGenerator out) {
        out.writeStartObject();
        user.members()
                .forEach((name, member) ->
                        member.integer()
                                .filter(_ -> User.isInteger(name))
                                .ifPresentOrElse(
                                        integer -> out.write(name, integer.toBigIntegerExact()),
                                        () -> member.writeMember(out)));
        out.writeEnd();
    }

    Optional<Representation> of(String username) {
        return members.find(username);
    }

    static Users alone(String username, User user) {
        String text = "{" + JsonNode.quoted(username) + ": " + user.text() + "}";
        return read(text.getBytes(UTF_8));
    }

    /// The username of the user who has this id.
    Optional<String> ownerOf(BigInteger id) {
        long written = number(id);
        return IntStream.range(0, ids.length)
                .filter(place ->
                        ids[place] == written && (written != LARGE || id(place).equals(id)))
                .mapToObj(members::key)
                .findFirst();
    }

    /// An id that none of these users has, and none of the others: the greatest and one.
    BigInteger nextId(Stream<User> others) {
        return Stream.concat(greatestIds(), others.map(User::id))
                .max(Comparator.naturalOrder())
                .map(BigInteger.ONE::add)
                .orElse(BigInteger.ONE);
    }

    private Stream<BigInteger> greatestIds() {
        return Stream.concat(
                Arrays.stream(ids).filter(id -> id != LARGE).max().stream()
                        .mapToObj(BigInteger::valueOf),
                IntStream.range(0, ids.length)
                        .filter(place -> ids[place] == LARGE)
                        .mapToObj(this::id));
    }

    /// A user who is put back after an edit by hand has another id where that edit has taken it.
    @Override
    public Users with(Users changed, Set<String> removed) {
        for (int place = 0; place < changed.ids.length; place++) {
            String username = changed.members.key(place);
            boolean isTaken =
                    ownerOf(changed.id(place))
                            .filter(owner ->
                                    changed.members.place(owner) < 0 && !removed.contains(owner))
                            .isPresent();
            if (isTaken) {
                BigInteger id =
                        nextId(IntStream.range(0, changed.ids.length).mapToObj(changed::user));
                User user = changed.user(place).withId(id);
                return with(changed.with(alone(username, user), Set.of()), removed);
            }
        }
        var runs = members.runs(changed.members, removed);
        return new Users(
                members.joined(changed.members, runs), Slices.joined(ids, changed.ids, runs));
    }

    private BigInteger id(int place) {
        return ids[place] == LARGE ? user(place).id() : BigInteger.valueOf(ids[place]);
    }

    private User user(int place) {
        return User.read(members.textOf(members.key(place)).orElseThrow());
    }

    private static long number(BigInteger id) {
        return id.bitLength() < Long.SIZE ? id.longValue() : LARGE;
    }

    private static long unique(JsonNode id, String username, Map<BigDecimal, String> usernames) {
        Optional<BigDecimal> value = id.integer();
        if (value.isEmpty()) {
            id.expected("an integer");
            return 0;
        }
        String other = usernames.putIfAbsent(value.get(), username);
        if (other != null) {
            id.fault("expected an id of its own, found that of " + other);
        }
        return number(value.get().toBigIntegerExact());
    }
}
