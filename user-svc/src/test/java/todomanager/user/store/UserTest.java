package todomanager.user.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.json.JsonDocument;

/// A user as people write it, and as it is written again.
class UserTest {
    @Test
    void isWrittenAsInTheShippedDocument() {
        assertThat(user("{\"id\":7,\"name\":\"Ana\",\"verified\":1}").text())
                .isEqualTo(
                        """
                        {
                            "id": 7,
                            "name": "Ana",
                            "verified": 1
                          }\
                        """);
    }

    /// What stands in a document, and the members that are written, each on a line.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"verified":1,"name":"A","id":7}                     | "verified": 1; "name": "A"; "id": 7
                    {"id":1e1,"name":"A","verified":1.0}                 | "id": 10; "name": "A"; "verified": 1
                    {"id":-0,"name":"A","verified":-0}                   | "id": 0; "name": "A"; "verified": 0
                    {"id":123456789012345678901234567890,"name":"A","verified":1} | "id": 123456789012345678901234567890; "name": "A"; "verified": 1
                    {"id":7,"name":"\\u00c9\\ud83d\\ude00\\/","verified":1} | "id": 7; "name": "É😀/"; "verified": 1
                    {"id":7,"name":"\\"\\\\\\n","verified":1}            | "id": 7; "name": "\\"\\\\\\n"; "verified": 1
                    {"id":7,"name":"A","verified":1,"a":2.50,"b":1E5}    | "id": 7; "name": "A"; "verified": 1; "a": 2.50; "b": 1E5
                    {"id":7,"name":"A","verified":1,"a":{"b":[1,{}],"c":null}} | "id": 7; "name": "A"; "verified": 1; "a": {"b": [1, {}], "c": null}
                    {"id":7,"name":"A","verified":1,"":"","é\\"":[[]]}   | "id": 7; "name": "A"; "verified": 1; "": ""; "é\\"": [[]]
                    """)
    void isWrittenAMemberALineAndServedAsItWas(String written, String members) {
        User user = user(written);

        assertThat(user.text()).isEqualTo("{\n    " + members.replace("; ", ",\n    ") + "\n  }");
        assertThat(user(user.text())).isEqualTo(user);
        assertThat(served(user.text())).isEqualTo(served(written));
    }

    /// The examples of RFC 7396, and what it says of numbers that only look alike.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"a":"b"}               | {"a":"c"}                 | {"a": "c"}
                    {"a":"b"}               | {"b":"c"}                 | {"a": "b", "b": "c"}
                    {"a":"b"}               | {"a":null}                | {}
                    {"a":"b","b":"c"}       | {"a":null}                | {"b": "c"}
                    {"a":["b"]}             | {"a":"c"}                 | {"a": "c"}
                    {"a":"c"}               | {"a":["b"]}               | {"a": ["b"]}
                    {"a":{"b":"c"}}         | {"a":{"b":"d","c":null}}  | {"a": {"b": "d"}}
                    {"a":[{"b":"c"}]}       | {"a":[1]}                 | {"a": [1]}
                    {"e":null}              | {"a":1}                   | {"e": null, "a": 1}
                    {"a":"foo"}             | {"a":{"b":null}}          | {"a": {}}
                    {}                      | {"a":{"bb":{"ccc":null}}} | {"a": {"bb": {}}}
                    {}                      | {"a":[null,{"b":null}]}   | {"a": [null, {"b": null}]}
                    {"a":{"b":{"c":1,"d":2}},"z":0} | {"a":{"b":{"c":null,"e":3}}} | {"a": {"b": {"d": 2, "e": 3}}, "z": 0}
                    {"a":2.50}              | {"a":2.5}                 | {"a": 2.5}
                    {"a":2.50}              | {"b":1E5}                 | {"a": 2.50, "b": 1E5}
                    """)
    void takesAMergePatch(String members, String patch, String patched) {
        User user = user("{\"id\":7,\"name\":\"A\",\"verified\":1,\"more\":" + members + "}");

        User now = user.patched(JsonDocument.read(utf8("{\"more\":" + patch + "}")));

        assertThat(now)
                .isEqualTo(
                        user("{\"id\":7,\"name\":\"A\",\"verified\":1,\"more\":" + patched + "}"));
        assertThat(now.text()).contains("\"more\": " + patched + "\n");
    }

    @Test
    void keepsTheOrderOfItsMembersWhereOthersReplaceThem() {
        User user = user("{\"team\":\"red\",\"verified\":1,\"old\":1,\"id\":7,\"name\":\"A\"}");

        User now = user.replaced(JsonDocument.read(utf8("{\"new\":2,\"name\":\"B\",\"team\":3}")));

        assertThat(served(now.text()))
                .isEqualTo("{\"team\":3,\"verified\":0,\"id\":7,\"name\":\"B\",\"new\":2}\n");
    }

    private static User user(String text) {
        return User.read(utf8(text));
    }

    private static String served(String text) {
        return Optional.of(Users.read(utf8("{\"a\": " + text + "}")))
                .flatMap(users -> users.of("a"))
                .orElseThrow()
                .toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
