package todomanager.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import todomanager.json.JsonDocument;

class JsonMembersTest {
    @Test
    void findEachOfManyByItsName() {
        var document = new StringBuilder("{\"\": -1");
        for (int i = 0; i < 10_000; i++) {
            document.append(",\"user-").append(i).append("\": ").append(i);
        }
        JsonMembers members = read(document + "}");

        assertThat(members.find("").orElseThrow()).hasToString("-1\n");
        for (int i = 0; i < 10_000; i++) {
            assertThat(members.find("user-" + i).orElseThrow()).hasToString(i + "\n");
        }
        assertThat(List.of("user-", "user-10000", "user-1\":", "ser-1", "1"))
                .allSatisfy(name -> assertThat(members.find(name)).isEmpty());
    }

    @Test
    void areFoundByNamesThatJsonEscapes() {
        Map<String, Integer> places = new TreeMap<>();
        for (String name :
                List.of(
                        "\"", "\\", "\\\"", "\n", "\\n", "\\u0000", "\0", "/", "\\/", "é😀", "\\\\",
                        ":", "\":1", "a")) {
            places.put(name, places.size());
        }
        JsonMembers members = read(Json.createObjectBuilder(Map.copyOf(places)).build().toString());

        assertThat(places)
                .allSatisfy((name, place) ->
                        assertThat(members.find(name).orElseThrow()).hasToString(place + "\n"));
        assertThat(List.of("\\\\n", "\\u000a", "\\\\\"", "\\\"\":", "\u0001"))
                .allSatisfy(name -> assertThat(members.find(name)).isEmpty());
    }

    @Test
    void areServedAsTheyStandAndInTheDocumentsOrder() {
        JsonMembers members = read(" {\"z\" : {\"b\": [ 1.50, \"\\u00e4\\n\" ]} , \"a\": null } ");

        assertThat(members.items().whole())
                .hasToString("{\"z\":{\"b\":[1.50,\"ä\\n\"]},\"a\":null}\n");
        assertThat(members.find("z").orElseThrow()).hasToString("{\"b\":[1.50,\"ä\\n\"]}\n");
        assertThat(members.find("a").orElseThrow()).hasToString("null\n");
    }

    @Test
    void areFoundInAnEmptyObjectByNoName() {
        assertThat(read("{}").find("")).isEmpty();
        assertThat(read("{}").items().whole()).hasToString("{}\n");
    }

    private static JsonMembers read(String document) {
        byte[] json = document.getBytes(UTF_8);
        var members = new JsonMembers.Builder(json);
        JsonDocument.forEachMember(json, "", members);
        return members.build();
    }
}
