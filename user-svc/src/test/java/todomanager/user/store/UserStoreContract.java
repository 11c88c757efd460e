package todomanager.user.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.http.Representation;
import todomanager.json.JsonDocument;
import todomanager.json.JsonNode;
import todomanager.user.store.UserStore.Change;

/// What each store does, wherever it keeps the users.
@Timeout(60)
abstract class UserStoreContract {
    private static final int MANY = 200;
    private static final int THREADS = 20; // so that none waits for long on a slow machine

    /// A store that has no users.
    abstract UserStore store();

    /// The same users as another process would read them, started now.
    abstract UserStore reopened() throws Exception;

    /// Makes a change, which nothing refuses.
    <R> R insist(Supplier<R> change) {
        return change.get();
    }

    @Test
    void hasNothingOfAnUnknownUser() {
        assertThat(store().find("ana").value()).isEmpty();
        assertThat(user("ana")).isEmpty();
    }

    @Test
    void changesNothingWhereAChangeIsRefused() {
        make("ana");

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() ->
                        store().change(
                                        "ana",
                                        (_, _) -> {
                                            throw new IllegalStateException("no");
                                        }));
        assertThat(served(store(), "ana")).isEqualTo("{\"id\":1,\"name\":\"N\",\"verified\":0}\n");
    }

    @Test
    void keepsWhatIsWrittenForWhoeverReadsItNext() throws Exception {
        make("ana");
        patch("ana", "{\"name\": \"Ana\", \"verified\": 1}");

        String written = "{\"id\":1,\"name\":\"Ana\",\"verified\":1}\n";
        assertThat(served(store(), "ana")).isEqualTo(written);
        assertThat(served(reopened(), "ana")).isEqualTo(written);
    }

    @Test
    void knowsNothingOfAUserWhoIsRemoved() throws Exception {
        make("ana");
        make("bo");
        remove("ana");

        assertThat(user("ana")).isEmpty();
        assertThat(store().find("ana").value()).isEmpty();
        assertThat(reopened().find("ana").value()).isEmpty();
        assertThat(reopened().find("bo").value()).isPresent();
    }

    @Test
    void givesEachChangeTheUserAsOfThatMoment() {
        make("ana");
        patch("ana", "{\"name\": \"Ana\"}");

        assertThat(user("ana").orElseThrow().served()).hasToString(served(store(), "ana"));
    }

    @ParameterizedTest
    @CsvSource({
        "-7,                             -3,                  -2",
        "-9223372036854775810,           -9223372036854775809, -9223372036854775808",
        "4,                              9223372036854775807, 9223372036854775808",
        "123456789012345678901234567890, 4,                   123456789012345678901234567891",
    })
    void hasANextIdBehindThatOfAllOthers(BigInteger one, BigInteger other, BigInteger next) {
        assertThat(nextId()).isEqualTo(BigInteger.ONE);
        make("ana", one);
        make("bo", other);

        assertThat(nextId()).isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "7",
                "9223372036854775807",
                "-9223372036854775808",
                "-9223372036854775809",
                "123456789012345678901234567890"
            })
    void seesWhetherAnotherUserHasAnId(BigInteger id) {
        assertThat(isTaken(id, "cy")).isFalse();
        make("ana", id);
        make("bo", id.add(BigInteger.TWO));

        assertThat(isTaken(id, "cy")).isTrue();
        assertThat(isTaken(id.add(BigInteger.ONE), "cy")).isFalse();
        remove("ana");
        assertThat(isTaken(id, "cy")).isFalse();
    }

    @Test
    void doesNotTakeTheIdOfAUserFromTheUser() throws Exception {
        var id = BigInteger.TEN;
        make("ana", id);
        patch("ana", "{\"name\": \"Ana\"}");

        assertThat(isTaken(id, "ana")).isFalse();
        assertThat(isTaken(id, "bo")).isTrue();
        assertThat(user("ana").orElseThrow().id()).isEqualTo(id);
        assertThat(served(reopened(), "ana")).startsWith("{\"id\":10,");
    }

    @Test
    void keepsMembersThatAreNotKnownInTheirOrder() throws Exception {
        make("ana");
        patch(
                "ana",
                "{\"z\": [1.50, {\"b\": null}], \"\": 1E5, \"a\": {\"y\": \"\\u00e9\\\"\", \"x\": {}}}");
        patch("ana", "{\"name\": \"Ana\", \"b\": []}");

        String written =
                "{\"id\":1,\"name\":\"Ana\",\"verified\":0,\"z\":[1.50,{\"b\":null}],\"\":1E5,"
                        + "\"a\":{\"y\":\"é\\\"\",\"x\":{}},\"b\":[]}\n";
        assertThat(served(store(), "ana")).isEqualTo(written);
        assertThat(served(reopened(), "ana")).isEqualTo(written);
        assertThat(user("ana").orElseThrow().served()).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "é😀", "a/b", "\"", "\\", "\n", "..", "買", "अनिकेत", "аня", "\u2028"})
    void keepsUsersOfAnyName(String username) throws Exception {
        make("a");
        make(username);

        assertThat(served(reopened(), username))
                .isEqualTo("{\"id\":2,\"name\":\"N\",\"verified\":0}\n");
        remove(username);
        assertThat(reopened().find(username).value()).isEmpty();
    }

    @Test
    void givesEachOfManyNewUsersAnIdOfTheirOwn() throws Exception {
        assertThat(atOnce(i -> make("u" + i))).hasSize(MANY).doesNotHaveDuplicates();

        UserStore reopened = reopened();
        assertThat(IntStream.range(0, MANY).mapToObj(i -> reopened.find("u" + i).value()))
                .allMatch(Optional::isPresent);
    }

    /// Rivals for ten ids, so that some come together though the first one is alone.
    @Test
    void givesAnIdToOneOfItsRivalsAlone() throws Exception {
        int ids = 10;

        assertThat(atOnce(i -> makeUnlessTaken("u" + i, BigInteger.valueOf(i % ids))))
                .filteredOn(isMade -> isMade)
                .hasSize(ids);
    }

    private boolean makeUnlessTaken(String username, BigInteger id) {
        return store().change(
                        username,
                        (_, ids) ->
                                ids.isTaken(id)
                                        ? new Change<>(Optional.<User>empty(), false)
                                        : new Change<>(Optional.of(user(id)), true))
                .value();
    }

    /// Makes many changes, several at once, and answers what each of them does.
    private <R> List<R> atOnce(IntFunction<R> change) throws Exception {
        var results = new ArrayList<R>();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var changes =
                    IntStream.range(0, MANY)
                            .mapToObj(i -> threads.submit(() -> insist(() -> change.apply(i))))
                            .toList();
            for (var each : changes) {
                results.add(each.get());
            }
        }
        return results;
    }

    /// Adds a user of the next id, and answers that.
    BigInteger make(String username) {
        return store().change(
                        username,
                        (_, ids) -> {
                            User user = user(ids.next());
                            return new Change<>(Optional.of(user), user.id());
                        })
                .value();
    }

    void make(String username, BigInteger id) {
        var _ = store().change(username, (_, _) -> new Change<>(Optional.of(user(id)), id));
    }

    void patch(String username, String patch) {
        var _ =
                store().change(
                                username,
                                (user, _) ->
                                        new Change<>(
                                                user.map(before -> before.patched(json(patch))),
                                                patch));
    }

    void remove(String username) {
        var _ = store().change(username, (_, _) -> new Change<>(Optional.empty(), username));
    }

    private Optional<User> user(String username) {
        return store().change(username, (user, _) -> new Change<>(user, user)).value();
    }

    private BigInteger nextId() {
        return store().change("cy", (user, ids) -> new Change<>(user, ids.next())).value();
    }

    private boolean isTaken(BigInteger id, String username) {
        return store().change(username, (user, ids) -> new Change<>(user, ids.isTaken(id))).value();
    }

    private static String served(UserStore store, String username) {
        return store.find(username).value().map(Representation::toString).orElse("");
    }

    private static User user(BigInteger id) {
        return User.of(id, json("{\"name\": \"N\"}"));
    }

    private static JsonNode json(String text) {
        return JsonDocument.read(text.getBytes(UTF_8));
    }
}
