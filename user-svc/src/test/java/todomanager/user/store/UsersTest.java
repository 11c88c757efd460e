package todomanager.user.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.json.InvalidDocument;
import todomanager.testkit.contract.DocumentContract;

class UsersTest extends DocumentContract {
    UsersTest() {
        super("users", Users::read);
    }

    @Test
    void keepsMembersThatAreNotKnown() {
        Users users =
                read(
                        "{'z': {'team': {'b': [null, 1.50, 'ö\\u0000']}, 'id': 2, 'name': 'Z', 'verified': 0}}");

        assertThat(users.of("z").orElseThrow())
                .hasToString(
                        "{\"team\":{\"b\":[null,1.50,\"ö\\u0000\"]},\"id\":2,\"name\":\"Z\",\"verified\":0}\n");
    }

    @Test
    void servesIntegersAsIntegersAndOtherNumbersAsTheyStand() {
        Users users =
                read(
                        "{'z': {'id': 1e1, 'name': 'Z', 'verified': 1.0, 'level': 1E5, 'share': 1.50}}");

        assertThat(users.of("z").orElseThrow())
                .hasToString(
                        "{\"id\":10,\"name\":\"Z\",\"verified\":1,\"level\":1E5,\"share\":1.50}\n");
    }

    @Test
    void keepsTheDocumentsOrder() {
        Users users =
                read(
                        "{'z': {'id': 2, 'name': 'Z', 'verified': 1}, 'a': {'id': 1, 'name': 'A', 'verified': 0}}");

        assertThat(users.members().items().whole())
                .hasToString(
                        "{\"z\":{\"id\":2,\"name\":\"Z\",\"verified\":1},"
                                + "\"a\":{\"id\":1,\"name\":\"A\",\"verified\":0}}\n");
    }

    @Test
    void writesAUsernameAsJsonWantsIt() {
        Users users = read("{'\\\"\\\\\\n': {'id': 2, 'name': 'Z', 'verified': 1}}");

        assertThat(users.members().items().whole())
                .hasToString("{\"\\\"\\\\\\n\":{\"id\":2,\"name\":\"Z\",\"verified\":1}}\n");
    }

    @Test
    void readsAnEmptyDocument() {
        assertThat(read("{}").members().items().whole()).hasToString("{}\n");
    }

    @Test
    void doesNotFindAnUnknownUser() {
        assertThat(read("{}").of("a")).isEmpty();
    }

    @Test
    void readsTheShippedDocument() throws IOException {
        Users users = Users.read(Files.readAllBytes(Path.of("../database/users.json")));

        assertThat(users.members().items().whole())
                .hasToString(
                        "{\"saurabh_badhwar\":{\"id\":1,\"name\":\"Saurabh Badhwar\",\"verified\":1},"
                                + "\"aniket\":{\"id\":2,\"name\":\"Aniket Sharma\",\"verified\":1},"
                                + "\"luckas\":{\"id\":4,\"name\":\"Luckas Friendel\",\"verified\":0}}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'a': {'id': 1, 'name': 'A', 'verified': 0}, 'b': {'id': 2, 'name': 'B', 'verified': 1}}",
                "{'': {'id': 1, 'name': ' ', 'verified': 1}}",
                "{'a': {'id': 1, 'name': 'A', 'verified': 1, 'team': {'b': [null, 1.50]}}}",
                "{'a': {'id': -1, 'name': 'A', 'verified': 1}}",
                "{'a': {'id': 1.0, 'name': 'A', 'verified': 1}}",
                "{'a': {'id': 1e1, 'name': 'A', 'verified': 1}}",
                "{'a': {'id': 123456789012345678901234567890, 'name': 'A', 'verified': 1}}",
                "{'a': {'id': 1, 'name': 'A', 'verified': 1.0}}",
                "{'a': {'id': 1, 'name': 'A', 'verified': 1e0}}",
                "{'a': {'id': 1, 'name': 'A', 'verified': 10e-1}}",
                "{'a': {'id': 1, 'name': 'A', 'verified': 0.0}}",
                "{'a': {'id': 1, 'name': 'A', 'verified': -0}}",
            })
    void acceptsWhatIsAUser(String document) throws IOException {
        requireAccepted(json(document));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    [{'id': 1, 'name': 'A', 'verified': 1}]          | expected an object, found an array; its schema is database/users.schema.json
                    {'$schema': 'users.schema.json'}                 | expected an object, found "users.schema.json"
                    {'a': 1}                                         | expected an object, found 1
                    {'a': null}                                      | expected an object, found null
                    {'a': {'name': 'A', 'verified': 1}}              | has no member "id"
                    {'a': {'id': 1, 'verified': 1}}                  | has no member "name"
                    {'a': {'id': 1, 'name': 'A'}}                    | has no member "verified"
                    {'a': {'id': '1', 'name': 'A', 'verified': 1}}   | expected an integer, found "1"
                    {'a': {'id': 1.5, 'name': 'A', 'verified': 1}}   | expected an integer, found 1.5
                    {'a': {'id': null, 'name': 'A', 'verified': 1}}  | expected an integer, found null
                    {'a': {'id': true, 'name': 'A', 'verified': 1}}  | expected an integer, found true
                    {'a': {'id': 1, 'name': null, 'verified': 1}}    | expected a string that is not empty, found null
                    {'a': {'id': 1, 'name': '', 'verified': 1}}      | expected a string that is not empty, found ""
                    {'a': {'id': 1, 'name': 1, 'verified': 1}}       | expected a string that is not empty, found 1
                    {'a': {'id': 1, 'name': 'A', 'verified': 2}}     | expected 0 or 1, found 2
                    {'a': {'id': 1, 'name': 'A', 'verified': 0.5}}   | expected 0 or 1, found 0.5
                    {'a': {'id': 1, 'name': 'A', 'verified': null}}  | expected 0 or 1, found null
                    {'a': {'id': 1, 'name': 'A', 'verified': true}}  | expected 0 or 1, found true
                    {'a': {'id': 1, 'name': 'A', 'verified': '1'}}   | expected 0 or 1, found "1"
                    """)
    void refusesWhatIsNoUser(String document, String fault) throws IOException {
        requireRefused(json(document), fault);
    }

    /// No schema can compare one user with another, so this one accepts it.
    @Test
    void refusesASecondUserOfAnIdHoweverItIsWritten() throws IOException {
        String document =
                "{'a': {'id': 10, 'name': 'A', 'verified': 1}, 'b': {'id': 1e1, 'name': 'B', 'verified': 1}}";

        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() -> read(document))
                .withMessage("expected an id of its own, found that of a");
        assertThat(errors(json(document))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10,                              a",
        "9223372036854775807,             b",
        "-9223372036854775808,            c",
        "-9223372036854775809,            d",
        "123456789012345678901234567890,  e",
        "123456789012345678901234567891,  ",
        "0,                               ",
    })
    void findsWhoHasAnId(BigInteger id, String username) {
        Users users =
                read(
                        """
                        {'a': {'id': 1e1, 'name': 'A', 'verified': 1},
                         'b': {'id': 9223372036854775807, 'name': 'B', 'verified': 1},
                         'c': {'id': -9223372036854775808, 'name': 'C', 'verified': 1},
                         'd': {'id': -9223372036854775809, 'name': 'D', 'verified': 1},
                         'e': {'id': 123456789012345678901234567890, 'name': 'E', 'verified': 1}}
                        """);

        assertThat(users.ownerOf(id)).isEqualTo(Optional.ofNullable(username));
    }

    @ParameterizedTest
    @CsvSource({
        "-7,                             -3,                              -2",
        "-9223372036854775809,           -9223372036854775810,            -9223372036854775808",
        "4,                              9223372036854775807,             9223372036854775808",
        "123456789012345678901234567890, 4,                               123456789012345678901234567891",
    })
    void hasANextIdBehindAllOthers(String one, String other, BigInteger next) {
        String user = "{'id': %s, 'name': 'A', 'verified': 1}";
        Users users =
                read("{'a': " + user.formatted(one) + ", 'b': " + user.formatted(other) + "}");

        assertThat(users.nextId(Stream.of())).isEqualTo(next);
        assertThat(read("{}").nextId(Stream.of())).isEqualTo(BigInteger.ONE);
    }

    /// Reads a document that is written with single quotes.
    private static Users read(String document) {
        return Users.read(json(document).getBytes(UTF_8));
    }
}
