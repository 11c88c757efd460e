package todomanager.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.http.Representation;

class JsonDocumentTest {

    /// A document, and the line that tells what is wrong with it and where.
    static Stream<Arguments> badDocuments() {
        return Stream.of(
                arguments("", "f:1:1: the document is empty; expected an object"),
                arguments(" \n ", "f:1:1: the document is empty; expected an object"),
                arguments("\u2003", "f:1:1: unexpected \"\\u2003\""),
                arguments("{\u00a0\"a\": 1}", "f:1:2: unexpected \"\\u00a0\""),
                arguments("{\"a\":\u30001}", "f:1:6: unexpected \"\\u3000\""),
                arguments("{\"a\": 1\u2800}", "f:1:8: unexpected \"\\u2800\""),
                arguments("{\"a\": 1\u3164}", "f:1:8: unexpected \"\\u3164\""),
                arguments("[1]", "f:1:1: expected an object, found an array"),
                arguments(" \"a\"", "f:1:2: expected an object, found \"a\""),
                arguments("-1.50", "f:1:1: expected an object, found -1.50"),
                arguments("null", "f:1:1: expected an object, found null"),
                arguments("{\"a\": [1, 2", "f:1:12: the document ends too early"),
                arguments("{\"a\": \"b", "f:1:9: the document ends too early"),
                arguments("{\"a\": 1", "f:1:8: the document ends too early"),
                arguments("{\n  \"a\": tru\n}", "f:2:11: unexpected \"\\u000a\""),
                arguments("{\n  \"é😀\": x}", "f:2:9: unexpected \"x\""),
                arguments("{\"a\": 1} x", "f:1:10: unexpected \"x\""),
                arguments("{\"a\": 1}\n trailing", "f:2:2: unexpected \"t\""),
                arguments("{\"a\": 1}\n\f", "f:2:1: unexpected \"\\u000c\""),
                arguments("{\"a\": 1}\u3000", "f:1:9: unexpected \"\\u3000\""),
                arguments("{\"a\": 1}{\"b\": 2}", "f:1:9: unexpected \"{\""),
                arguments("{\"a\": [1,]}", "f:1:10: expected a value, found \"]\""),
                arguments("{\"a\": 1,}", "f:1:9: expected a name in double quotes, found \"}\""),
                arguments(
                        "{\"a\": 1\n  \"bcd\": 2}",
                        "f:2:3: expected a comma or a closing bracket, found \"bcd\""),
                arguments(
                        "{\"a\": [1 false]}",
                        "f:1:10: expected a comma or a closing bracket, found \"false\""),
                arguments("{\"a\" \"bcd\"}", "f:1:6: expected a colon, found \"bcd\""),
                arguments("{'a': 1}", "f:1:2: unexpected \"'\""),
                arguments("{\"a\": NaN}", "f:1:7: unexpected \"N\""),
                arguments(
                        "{\"a\": 01}", "f:1:8: expected a comma or a closing bracket, found \"1\""),
                arguments("{\"a\": \"\t\"}", "f:1:8: unexpected \"\\u0009\""),
                arguments("{\"a\": 1e999999999}", "f:1:7: the number is too large or too long"),
                arguments("{\"a\": 1E-99999999999}", "f:1:7: the number is too large or too long"),
                arguments("{\"a\": -0E2147483649}", "f:1:7: the number is too large or too long"),
                arguments(
                        "{\"a\": " + "1".repeat(200_000) + "}",
                        "f:1:7: the number is too large or too long"),
                arguments(
                        "{\"a\": " + "[".repeat(100_000), "f:1:107: nested deeper than 100 levels"),
                arguments(
                        "{\"a\": " + "{\"b\":".repeat(100_000),
                        "f:1:507: nested deeper than 100 levels"),
                arguments(
                        "{\"a\": 1, \"a\": 2}",
                        "f:1:10: /a: stands here once more; keep one of the two"),
                arguments(
                        "{\"a\": [{\"b\": {\"~/\": 1, \"~/\": 1}}]}",
                        "f:1:24: /a/0/b/~0~1: stands here once more; keep one of the two"),
                arguments(
                        "{\"a\": \"\\ud800\"}",
                        "f:1:7: /a: has half a surrogate pair; write the character itself"),
                arguments(
                        "{\"\\udc00\": 1}",
                        "f:1:2: /\\udc00: has half a surrogate pair; write the character itself"),
                arguments("{\"a\": \"bÿ\"}", "f:1:9: byte 0xff is not UTF-8; write it in UTF-8"),
                arguments("{\"a\":\n\"bÃ", "f:2:3: byte 0xc3 is not UTF-8; write it in UTF-8"));
    }

    @ParameterizedTest
    @MethodSource("badDocuments")
    void saysWhatIsWrongWithADocumentAndWhere(String document, String message) {
        byte[] bytes = document.getBytes(document.matches("(?s).*[ÿÃ].*") ? ISO_8859_1 : UTF_8);

        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() -> JsonDocument.forEachMember(bytes, member -> {}))
                .satisfies(invalid -> assertThat(invalid.in("f").describe()).isEqualTo(message));
    }

    @Test
    void listsAllFaultsInTheDocumentsOrder() {
        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() -> read("{\"a\":\n [1, \"x\"], \"b\": 1,\n \"b\": \"y\"}"))
                .satisfies(invalid ->
                        assertThat(invalid.in("f").describe())
                                .isEqualTo(
                                        """
                                        f:2:3: /a/0: expected a string, found 1
                                        f:2:17: /b: expected an array of strings, found 1
                                        f:3:2: /b: stands here once more; keep one of the two
                                        f:3:7: /b: expected an array of strings, found "y\"\
                                        """));
    }

    @Test
    void listsTwentyFaultsAndCountsTheRest() {
        var document = new StringBuilder("{\"a\": [1");
        for (int i = 1; i < 1_000_000; i++) {
            document.append(",1");
        }

        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() -> read(document + "]}"))
                .satisfies(invalid ->
                        assertThat(invalid.in("f").describe().lines())
                                .hasSize(21)
                                .last()
                                .isEqualTo("and 999980 more"));
    }

    @Test
    void showsALongOrUnprintableValueInShort() {
        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() -> read("{\"\\u001b[1m\": \"\\r\\n" + "x".repeat(100) + "\"}"))
                .satisfies(invalid ->
                        assertThat(invalid.in("f").describe())
                                .isEqualTo(
                                        "f:1:15: /\\u001b[1m: expected an array of strings,"
                                                + " found \"\\u000d\\u000a"
                                                + "x".repeat(38)
                                                + "…\""));
    }

    @Test
    void showsALongNameInShort() {
        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() -> read("{\"" + "x".repeat(100) + "\": 1}"))
                .satisfies(invalid ->
                        assertThat(invalid.in("f").describe())
                                .isEqualTo(
                                        "f:1:106: /"
                                                + "x".repeat(40)
                                                + "…: expected an array of strings, found 1"));
    }

    @Test
    void readsPastAByteOrderMark() {
        assertThat(read("\uFEFF{\"a\": [\"b\"]}")).isEqualTo("{\"a\":[\"b\"]}\n");
    }

    @Test
    void readsACharacterThatStandsForWhatIsNoUtf8() {
        assertThat(read("\uFEFF{\"\uFFFD\": [\"a\uFFFDb\"]}"))
                .isEqualTo("{\"\uFFFD\":[\"a\uFFFDb\"]}\n");
    }

    @Test
    void readsMembersInTheDocumentsOrder() {
        assertThat(read("{\"z\": [], \"a\": [], \"ö\": [\"\\u00e4\", \"😀\", \"\\ud83d\\ude00\"]}"))
                .isEqualTo("{\"z\":[],\"a\":[],\"ö\":[\"ä\",\"😀\",\"😀\"]}\n");
    }

    @Test
    void readsADocumentOfAnySize() {
        assertThat(read("{\"a\": [\"" + "x".repeat(20_000_000) + "\"]}"))
                .hasSizeGreaterThan(20_000_000);
    }

    @Test
    void writesNumbersAsTheyStand() {
        assertThat(written("{\"a\": [1E5, 1.50, -0, 10e-1, 1e+2, 12345678901234567890]}"))
                .isEqualTo("{\"a\":[1E5,1.50,-0,10e-1,1e+2,12345678901234567890]}\n");
    }

    @Test
    void readsAnEmptyObject() {
        assertThat(read(" { } ")).isEqualTo("{}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": 1, \"b\" : [2 , {\"c\":\"é\"}] ,\n\"é€😀\":\"€\"\t,\"d\":1e5}",
                "\uFEFF {\"é\": {}}\r\n"
            })
    void tellsWhereEachMemberStandsInTheBytes(String document) {
        byte[] bytes = document.getBytes(UTF_8);
        var members = new ArrayList<String>();
        JsonDocument.forEachMember(
                bytes,
                "",
                (_, begin, end) -> members.add(new String(bytes, begin, end - begin, UTF_8)));

        assertThat(members)
                .containsExactly(
                        document.startsWith("{")
                                ? new String[] {
                                    "\"a\": 1",
                                    "\"b\" : [2 , {\"c\":\"é\"}]",
                                    "\"é€😀\":\"€\"",
                                    "\"d\":1e5"
                                }
                                : new String[] {"\"é\": {}"});
    }

    @Test
    void readsAnyValueWhole() {
        JsonNode value = JsonDocument.read("[\"a\", {\"b\": true}] ".getBytes(UTF_8));

        assertThat(value.elements().get(1).required("b").flatMap(JsonNode::truth)).contains(true);
        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() -> value.as(JsonNode::members))
                .satisfies(invalid ->
                        assertThat(invalid.in("f").describe())
                                .isEqualTo("f:1:1: expected an object, found an array"));
    }

    @ParameterizedTest
    @CsvSource({
        "{'complete': true}, 'f:1:14: /complete: is unknown here; did you mean \"completed\"?'",
        "{'urgent': true}, f:1:12: /urgent: is unknown here; remove it",
        "{'tile': true}, 'f:1:10: /tile: is unknown here; did you mean \"title\"?'",
        "{'it': true}, f:1:8: /it: is unknown here; remove it"
    })
    void namesTheMemberThatWasMeant(String object, String fault) {
        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() ->
                        JsonDocument.read(object.replace('\'', '"').getBytes(UTF_8))
                                .as(read -> {
                                    read.requireKnown(Set.of("completed", "title"));
                                    return read;
                                }))
                .satisfies(invalid -> assertThat(invalid.in("f").describe()).isEqualTo(fault));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[] x", "{\"a\": 1, \"a\": 2}", "\"\\ud800\"", "nul"})
    void readsNoValueThatIsNoJson(String value) {
        assertThatExceptionOfType(InvalidDocument.class)
                .isThrownBy(() -> JsonDocument.read(value.getBytes(UTF_8)));
    }

    /// The document of lists as it is written again.
    private static String read(String document) {
        return written(document, JsonNode::requireStrings);
    }

    private static String written(String document) {
        return written(document, member -> {});
    }

    private static String written(String document, Consumer<JsonNode> check) {
        return Representation.json(
                        out -> {
                            out.writeStartObject();
                            JsonDocument.forEachMember(
                                    document.getBytes(UTF_8),
                                    member -> {
                                        check.accept(member);
                                        member.writeMember(out);
                                    });
                            out.writeEnd();
                        })
                .toString();
    }

    /// What people write in one way or another, and how it is written again.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"a":[1,2.50,-0,1E5],"b":{}}   | {"a": [1, 2.50, -0, 1E5], "b": {}}
                    [ [ ], {"a" : null } , true ]  | [[], {"a": null}, true]
                    "\\u00f6\\ud83d\\ude00\\/\\u00a0" | "ö😀/ "
                    {"\\"\\u0041": "\\\\\\n\\u0000"} | {"\\"A": "\\\\\\n\\u0000"}
                    """)
    void writesAValueOnOneLine(String value, String line) {
        assertThat(JsonDocument.read(value.getBytes(UTF_8)).line()).isEqualTo(line);
    }
}
