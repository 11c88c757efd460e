package todomanager.system.writing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.header;
import static todomanager.testkit.Wire.request;
import static todomanager.testkit.Wire.statuses;
import static todomanager.testkit.Wire.utf8;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.testkit.Wire;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// What todo-svc makes of words and bodies that are meant to do harm.
@Timeout(120)
class HostileBodiesIT {
    /// Of each kind in the Big List of Naughty Strings, and what JSON, paths and terminals trip
    /// over.
    private static final List<String> STRINGS =
            List.of(
                    "",
                    " ",
                    "undefined",
                    "null",
                    "true",
                    "NaN",
                    "-1/0",
                    "1E+02",
                    "0x7fffffffffffffff",
                    "123456789012345678901234567890",
                    "__proto__",
                    "constructor",
                    ".",
                    "..",
                    "../../../etc/passwd",
                    "..\\..\\windows",
                    "/",
                    "//",
                    "%",
                    "%2e%2e%2f",
                    "%00",
                    "%0d%0aSet-Cookie: a=b",
                    "?x=y#z",
                    ";a=b",
                    "a+b c",
                    "'",
                    "\"",
                    "\\",
                    "\\u0000",
                    "'; DROP TABLE users; --",
                    "<script>alert(1)</script>",
                    "\"><img src=x onerror=alert(1)>",
                    "</title><svg onload=alert(1)>",
                    "{{7*7}}",
                    "${jndi:ldap://localhost/a}",
                    "$(touch /tmp/blns.fail)",
                    "`id`",
                    "%n%n%s%1$s",
                    "{0} {1}",
                    "=1+1",
                    "a\rb",
                    "a\nb",
                    "a\r\n2026-01-01T00:00:00Z SEVERE forged",
                    "a\tb",
                    "\u0000",
                    "\u0007\u0008\u001b[31mred\u001b[0m",
                    "\u007f",
                    "\u0085\u00a0\u2028\u2029",
                    "\u200b\u200d\u2060\ufeff",
                    "\u202eright to left\u202c",
                    "\u2066isolated\u2069",
                    "\ufffd\uffff",
                    "Ω≈ç√∫˜µ≤≥÷",
                    "田中さんにあげて下さい",
                    "الكل في المجمو عة",
                    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
                    "İıſK",
                    "👩‍👩‍👧‍👦🏳️‍🌈",
                    "\ud83d\udca9".repeat(250),
                    "x".repeat(501),
                    "a".repeat(3_000));

    /// What is no JSON: of each kind in the files `n_*` of github.com/nst/JSONTestSuite, a byte a
    /// character.
    private static final List<String> NO_JSON =
            List.of(
                    " ",
                    "\u00ef\u00bb\u00bf",
                    "\u00e5",
                    "[\u00ff]",
                    "[\"\u00e9\"]",
                    "[\"\u00ed\u00a0\u0080\"]",
                    "[\"\u00c0\u00af\"]",
                    "\u0000",
                    "[1 true]",
                    "[a\u00e5]",
                    "[\"\": 1]",
                    "[\"\"],",
                    "[,1]",
                    "[1,,2]",
                    "[\"x\"]]",
                    "[\"\",]",
                    "[\"x\"",
                    "[3[4]]",
                    "[1:2]",
                    "[,]",
                    "[-]",
                    "[*]",
                    "[1\n,4",
                    "[\"a\u000b\"]",
                    "[fals]",
                    "[nul]",
                    "[tru]",
                    "[++1234]",
                    "[+1]",
                    "[-01]",
                    "[-1.0.]",
                    "[-2.]",
                    "[-NaN]",
                    "[.123]",
                    "[0.1.2]",
                    "[0.3e+]",
                    "[0e]",
                    "[012]",
                    "[0x1]",
                    "[1eE2]",
                    "[1_000]",
                    "[Inf]",
                    "[NaN]",
                    "[- 1]",
                    "{\"x\", null}",
                    "{\"x\"::\"b\"}",
                    "{\"a\":\"b\"}#",
                    "{\"a\":\"b\"}/**/",
                    "{\"a\" b}",
                    "{'a':0}",
                    "{a: \"b\"}",
                    "{1:1}",
                    "{\"id\":0,}",
                    "{\"id\":0,,}",
                    "{\"a\"",
                    "{\"a\":",
                    "{\"a\": true} \"x\"",
                    "{\"a\":1,\"a\":1}",
                    "[\"\\uD800\\u\"]",
                    "[\"\\u00A\"]",
                    "[\"\\x00\"]",
                    "[\"\\\\\\\"]",
                    "[\"\\a\"]",
                    "[\"\\\u00e5\"]",
                    "[\"a\u0000a\"]",
                    "[\"new\nline\"]",
                    "[\"\t\"]",
                    "\"",
                    "['x']",
                    "<null>",
                    "<.>",
                    "[True]",
                    "1]",
                    "{}}",
                    "[][]",
                    "]",
                    "*",
                    "2@",
                    "{\"\":",
                    "[{\"\":".repeat(1_000),
                    "[".repeat(60_000),
                    "{\"a\":".repeat(12_000),
                    "[\u0000\"\u0000]\u0000");

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private Path data;

    @SuppressWarnings("NullAway.Init") // before each test
    private Serving todo;

    @BeforeEach
    void start() throws IOException {
        data = Files.writeString(folder.resolve("todo.json"), "{\"ana\": {\"home\": []}}\n");
        todo =
                ServiceProcess.start(
                        "todo-svc",
                        Map.of(
                                "DATA_WRITABLE", "true",
                                "DATA_PATH", data.toString(),
                                "LOG_ACCESS", "true"));
    }

    @AfterEach
    void stop() {
        todo.close();
    }

    @Test
    void naughtyWordsDoNoHarmWhereverTheyStand() throws IOException {
        var wire = new Wire(todo.uri().getPort());
        var answers = new TreeMap<String, Integer>();
        int requests = 0;
        for (String string : STRINGS) {
            for (String request : requests(string)) {
                count(wire.sendAll(request), answers);
                requests++;
            }
        }
        JsonObject lists = json(wire.exchange("GET", "/lists/ana?view=items"));
        List<String> log = todo.process().stop().output();
        System.out.printf(
                "%d naughty words in %d requests: answers %s, %d lists kept, %d lines logged%n",
                STRINGS.size(), requests, answers, lists.size(), log.size());

        assertThat(answers.keySet())
                .contains("200", "201", "400", "404", "422")
                .allMatch(status -> status.matches("[24].."));
        assertThat(lists).hasSizeGreaterThan(20);
        requireWholeLines(log);
        assertThat(log).filteredOn(line -> line.contains(" B, ")).hasSizeGreaterThan(requests / 2);
        var end = ServiceProcess.run("todo-svc", Map.of(), "validate", data.toString());
        assertThat(end.exitCode()).as("%s", end.output()).isZero();
    }

    /// With a word as the name of a user, a list and a member, as an id, a title and a date, as a
    /// condition and a type.
    private static List<String> requests(String word) {
        String path = URLEncoder.encode(word, UTF_8).replace("+", "%20");
        String json = Json.createValue(word).toString();
        var requests = new ArrayList<String>();
        requests.add(json("PUT", "/lists/" + path + "/home", ""));
        requests.add(json("PUT", "/lists/ana/" + path, "{\"items\": [" + json + "]}"));
        requests.add(json("GET", "/lists/ana/" + path + "/items", ""));
        requests.add(json("POST", "/lists/eve/" + path + "/items", "{\"title\": " + json + "}"));
        requests.add(json("DELETE", "/lists/eve/" + path + "/items?completed=" + path, ""));
        requests.add(json("PUT", "/lists/eve/home/items/" + path, "{\"title\": " + json + "}"));
        requests.add(json("PATCH", "/lists/eve/home", "{\"name\": " + json + "}"));
        requests.add(json("PATCH", "/lists/eve/home/items", "{\"completed\": " + json + "}"));
        for (String member : List.of("id", "due", "order", "after", "list", "url")) {
            requests.add(
                    json(
                            "POST",
                            "/lists/eve/home/items",
                            "{\"title\": \"a\", \"" + member + "\": " + json + "}"));
        }
        requests.add(json("POST", "/lists/eve/home/items", "{\"title\": \"a\", " + json + ": 1}"));
        requests.add(json("POST", "/lists/eve/home/items", json));
        requests.add(json("POST", "/lists/eve/home/items", word));
        requests.add(with("If-Match", word));
        requests.add(with("X-Lists-URI", word));
        requests.add(with("Content-Type", word));
        requests.add(with("Origin", word));
        return requests;
    }

    private static String json(String method, String path, String body) {
        String bytes = utf8(body);
        String type = body.isEmpty() ? "" : "Content-Type: application/json\r\n";
        return request(method, path, type + "Content-Length: " + bytes.length() + "\r\n") + bytes;
    }

    private static String with(String header, String value) {
        String body = "{\"title\": \"a\"}";
        return request(
                        "POST",
                        "/lists/eve/home/items",
                        "%s: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
                                .formatted(header, utf8(value), body.length()))
                + body;
    }

    @Test
    void whatIsNoJsonIsRefused() throws IOException {
        var wire = new Wire(todo.uri().getPort());
        var answers = new TreeMap<String, Integer>();
        for (String text : NO_JSON) {
            for (String body : List.of(text, "{\"title\": " + text + "}")) {
                for (String path : List.of("/lists/ana/home/items", "/lists/ana/new/items")) {
                    String answer = wire.sendAll(posted(path, body));
                    count(answer, answers);
                    assertThat(statuses(answer)).as(body).containsExactly("400");
                    assertThat(Wire.problem(answer).getString("detail"))
                            .as(body)
                            .matches("(?s)The body is not valid JSON: line \\d+, column \\d+: .*");
                }
            }
        }
        List<String> log = todo.process().stop().output();
        System.out.printf(
                "%d texts that are no JSON: answers %s, %d lines logged%n",
                NO_JSON.size(), answers, log.size());

        assertThat(data).hasContent("{\"ana\": {\"home\": []}}\n");
        requireWholeLines(log);
        assertThat(log).filteredOn(line -> line.contains(" B, ")).hasSize(4 * NO_JSON.size());
    }

    private static String posted(String path, String bytes) {
        return request(
                        "POST",
                        path,
                        "Content-Type: application/json\r\nContent-Length: %d\r\n"
                                .formatted(bytes.length()))
                + bytes;
    }

    /// Each answer of these is one that a client can read, and has nothing of the request as it
    /// was.
    private static void count(String answers, Map<String, Integer> counts) {
        for (String status : statuses(answers)) {
            counts.merge(status, 1, Integer::sum);
        }
        String head = answers.substring(0, Math.max(0, answers.indexOf("\r\n\r\n")));
        assertThat(head).matches("(?:[\\x20-\\x7e]+(?:\r\n)?)+");
        assertThat(head).doesNotContain("\nSet-Cookie");
        if (head.contains("Content-Type: ")) {
            assertThat(header("Content-Type", answers)).matches("application/(problem\\+)?json");
            String body = json(answers).toString();
            assertThat(body).isNotEmpty();
        }
    }

    private static JsonObject json(String answer) {
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        try (var reader = Json.createReader(new StringReader(body))) {
            var value = reader.readValue();
            return value instanceof JsonObject object
                    ? object
                    : Json.createObjectBuilder().add("items", value).build();
        }
    }

    /// One for each record, without a character that a terminal or a reader of lines would heed.
    private static void requireWholeLines(List<String> log) {
        assertThat(log)
                .noneMatch(line -> line.contains(" SEVERE "))
                .allMatch(line ->
                        line.matches(
                                "\\d{4}-[\\d-]+T[\\d:.]+Z [A-Z]+ [^\\p{Cntrl}\\p{Cf}\\u0080-\\u009f\\u2028\\u2029]+"));
    }
}
