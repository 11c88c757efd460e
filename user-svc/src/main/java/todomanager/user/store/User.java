package todomanager.user.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.text.Normalizer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import todomanager.http.Representation;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;

/// One user: `id`, `name`, `verified` and whatever else people keep of them, in its order.
///
/// @param members each as it is written on one line, by its name
public record User(Map<String, String> members) {
    private static final Pattern USERNAME =
            Pattern.compile("(?!\\.{1,2}$)[\\p{L}\\p{M}\\p{Nd}._@-]{1,64}");
    private static final Set<String> INTEGERS = Set.of("id", "verified");
    private static final Set<BigDecimal> FLAGS = Set.of(BigDecimal.ZERO, BigDecimal.ONE);

    /// Whether somebody new can be called so.
    public static boolean isUsername(String text) {
        return USERNAME.matcher(text).matches()
                && Normalizer.isNormalized(text, Normalizer.Form.NFC);
    }

    public User {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /// Reads the value as it stands in a document, behind the username.
    static User read(byte... text) {
        return JsonDocument.read(text).as(User::of);
    }

    static User of(JsonNode user) {
        var members = new LinkedHashMap<String, String>();
        user.members().forEach((name, member) -> members.put(name, text(name, member)));
        return new User(members);
    }

    /// A new user.
    ///
    /// @param id where the body has none
    public static User of(BigInteger id, JsonNode body) {
        var members = new LinkedHashMap<String, String>();
        members.put("id", id.toString());
        members.put("name", ""); // that of the body, in this place
        return new User(members).replaced(body);
    }

    /// Reads the body of PUT: all that there is to say of a user, but for the id.
    public static JsonNode whole(JsonNode body) {
        body.required("name");
        return patch(body);
    }

    /// Reads the body of PATCH: what is to change.
    public static JsonNode patch(JsonNode body) {
        body.members()
                .forEach((name, member) -> {
                    switch (name) {
                        case "id" -> requireInteger(member);
                        case "name" -> requireText(member);
                        case "verified" -> requireFlag(member);
                        default -> {} // any
                    }
                });
        return body;
    }

    private static void requireInteger(JsonNode id) {
        if (id.integer().isEmpty()) {
            id.expected("an integer");
        }
    }

    static void requireText(JsonNode name) {
        if (name.string().filter(text -> !text.isEmpty()).isEmpty()) {
            name.expected("a string that is not empty");
        }
    }

    static void requireFlag(JsonNode verified) {
        if (verified.integer().filter(FLAGS::contains).isEmpty()) {
            verified.expected("0 or 1");
        }
    }

    /// Whether the member is written as an integer, `10`, though it may stand there as `1e1` or
    /// `10.0`.
    static boolean isInteger(String name) {
        return INTEGERS.contains(name);
    }

    public BigInteger id() {
        return new BigInteger(members.getOrDefault("id", "0"));
    }

    User withId(BigInteger id) {
        var now = new LinkedHashMap<>(members);
        now.put("id", id.toString());
        return new User(now);
    }

    /// The user of whom the body says all but the id. Members that stay keep their places.
    public User replaced(JsonNode body) {
        var now = new LinkedHashMap<>(members);
        now.keySet().removeIf(name -> !isInteger(name) && !body.members().containsKey(name));
        now.put("verified", "0");
        body.members().forEach((name, member) -> now.put(name, text(name, member)));
        return new User(now);
    }

    /// The user with what a merge patch changes.
    public User patched(JsonNode patch) {
        String merged = MergePatch.merged(JsonDocument.read(utf8()), patch);
        return of(JsonDocument.read(merged.getBytes(UTF_8)));
    }

    /// The user, as it is served from the document that has it.
    ///
    /// @throws todomanager.json.InvalidDocument if no document can have it
    public Representation served() {
        return Users.alone("", this).of("").orElseThrow();
    }

    /// The same as text.
    String json() {
        return served().toString().strip();
    }

    /// The value as it stands in a document, behind the username.
    String text() {
        return members.entrySet().stream()
                .map(member -> JsonNode.quoted(member.getKey()) + ": " + member.getValue())
                .collect(joining(",\n    ", "{\n    ", "\n  }"));
    }

    /// How many bytes that has.
    public int size() {
        return utf8().length;
    }

    private byte[] utf8() {
        return text().getBytes(UTF_8);
    }

    private static String text(String name, JsonNode member) {
        return member.integer()
                .filter(_ -> isInteger(name))
                .map(integer -> integer.toBigIntegerExact().toString())
                .orElseGet(member::line);
    }
}
