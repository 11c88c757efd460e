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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.Wire;
import todomanager.testkit.process.ServiceProcess;
import todomanager.testkit.process.ServiceProcess.Serving;

/// What todo-svc makes of words and bodies that are meant to do harm, asked by itself and through
/// user-svc.
@Tag("system")
@ParameterizedClass
@ValueSource(booleans = {false, true})
@Timeout(300)
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

    private static final String TODO = "{\"ana\": {\"home\": []}}\n";
    private static final String USERS =
            "{\"ana\": {\"id\": 1, \"name\": \"Ana\", \"verified\": 0}, \"eve\": {\"id\": 2, \"name\": \"Eve\", \"verified\": 0}}\n";

    @TempDir private Path folder;

    private final boolean isRelayed;
    private final List<Service> services = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // before each test
    private Service asked;

    @SuppressWarnings("NullAway.Init") // before each test
    private Wire wire;

    HostileBodiesIT(boolean isRelayed) {
        this.isRelayed = isRelayed;
    }

    /// One that serves a document of its own.
    private record Service(String name, Serving serving, Path data, String before) {}

    @BeforeEach
    void start() throws IOException {
        asked = start("todo-svc", TODO, Map.of());
        if (isRelayed) {
            asked = start("user-svc", USERS, Map.of("TODO_URI", asked.serving.uri().toString()));
        }
        wire = new Wire(asked.serving.uri().getPort());
        while (wire.sendAll(sent("PUT", lists("ana") + "/home", "{}"))
                .matches("(?s)HTTP/1.1 50[34].*")) {
            // until Java has loaded what writes, which may take longer than user-svc waits
        }
    }

    private Service start(String name, String document, Map<String, String> environment)
            throws IOException {
        Path data = Files.writeString(folder.resolve(name + ".json"), document);
        var all = new HashMap<>(environment);
        all.put("DATA_WRITABLE", "true");
        all.put("DATA_PATH", data.toString());
        all.put("LOG_ACCESS", "true");
        var service = new Service(name, ServiceProcess.start(name, all), data, document);
        services.add(service);
        return service;
    }

    @AfterEach
    void stop() {
        services.forEach(service -> service.serving.close());
    }

    @Test
    void naughtyWordsDoNoHarmWhereverTheyStand() throws IOException {
        var answers = new TreeMap<String, Integer>();
        int requests = 0;
        for (String string : STRINGS) {
            for (String request : requests(string)) {
                count(send(request), answers);
                requests++;
            }
        }
        JsonObject lists = json(wire.exchange("GET", lists("ana") + "?view=items"));
        System.out.printf(
                "%d naughty words in %d requests to %s: answers %s, %d lists kept%n",
                STRINGS.size(), requests, asked.name, answers, lists.size());

        assertThat(answers.keySet())
                .contains("200", "201", "400", "404", "422")
                .allMatch(status -> status.matches("[24].."));
        assertThat(lists).hasSizeGreaterThan(20);
        for (Service service : services) {
            requireWholeLines(service, requests / 2);
            String data = service.data.toString();
            var end = ServiceProcess.run(service.name, Map.of(), "validate", data);
            assertThat(end.exitCode()).as("%s", end.output()).isZero();
        }
    }

    /// Sends a request, and again where user-svc has not waited long enough for todo-svc.
    private String send(String request) {
        String answer = wire.sendAll(request);
        for (int i = 0; i < 10 && isRelayed && answer.startsWith("HTTP/1.1 504"); i++) {
            answer = wire.sendAll(request);
        }
        return answer;
    }

    /// With a word as the name of a user, a list and a member, as an id, a title and a date, as a
    /// condition and a type.
    private List<String> requests(String word) {
        String path = URLEncoder.encode(word, UTF_8).replace("+", "%20");
        String json = Json.createValue(word).toString();
        String eve = lists("eve");
        String items = eve + "/home/items";
        var requests = new ArrayList<String>();
        if (isRelayed) {
            requests.addAll(requestsOfUsers(path, json));
        }
        requests.add(json("PUT", lists(path) + "/home", ""));
        requests.add(json("PUT", lists("ana") + "/" + path, "{\"items\": [" + json + "]}"));
        requests.add(json("GET", lists("ana") + "/" + path + "/items", ""));
        requests.add(json("POST", eve + "/" + path + "/items", "{\"title\": " + json + "}"));
        requests.add(json("DELETE", eve + "/" + path + "/items?completed=" + path, ""));
        requests.add(json("PUT", items + "/" + path, "{\"title\": " + json + "}"));
        requests.add(json("PATCH", eve + "/home", "{\"name\": " + json + "}"));
        requests.add(json("PATCH", items, "{\"completed\": " + json + "}"));
        for (String member : List.of("id", "due", "order", "after", "list", "url")) {
            requests.add(
                    json("POST", items, "{\"title\": \"a\", \"" + member + "\": " + json + "}"));
        }
        requests.add(json("POST", items, "{\"title\": \"a\", " + json + ": 1}"));
        requests.add(json("POST", items, json));
        requests.add(json("POST", items, word));
        requests.add(with("If-Match", word, items));
        requests.add(with("X-Lists-URI", word, items));
        requests.add(with("Content-Type", word, items));
        requests.add(with("Origin", word, items));
        return requests;
    }

    /// Of a user who has no lists before, and of one who has.
    private static List<String> requestsOfUsers(String path, String json) {
        return List.of(
                json("PUT", "/users/" + path, "{\"name\": " + json + "}"),
                json("GET", "/users/" + path, ""),
                json("PUT", "/users/eve", "{\"name\": \"Eve\", " + json + ": " + json + "}"),
                json("PUT", "/users/eve", "{\"name\": \"Eve\", \"verified\": " + json + "}"),
                json("PATCH", "/users/eve", "{\"name\": " + json + "}"),
                json("PATCH", "/users/eve", "{\"id\": " + json + "}"),
                json("PATCH", "/users/eve", "{\"more\": {" + json + ": [" + json + "]}}"),
                json("PATCH", "/users/eve", json));
    }

    /// The path of a user's lists.
    private String lists(String user) {
        return isRelayed ? "/users/" + user + "/lists" : "/lists/" + user;
    }

    private static String json(String method, String path, String body) {
        return sent(method, path, utf8(body));
    }

    private static String with(String header, String value, String items) {
        String body = "{\"title\": \"a\"}";
        return request(
                        "POST",
                        items,
                        "%s: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
                                .formatted(header, utf8(value), body.length()))
                + body;
    }

    @Test
    void whatIsNoJsonIsRefused() throws IOException {
        var answers = new TreeMap<String, Integer>();
        int requests = 0;
        for (String text : NO_JSON) {
            for (String body : List.of(text, "{\"title\": " + text + "}")) {
                for (String request : requestsWith(body)) {
                    String answer = send(request);
                    count(answer, answers);
                    requests++;
                    assertThat(statuses(answer)).as(body).containsExactly("400");
                    assertThat(Wire.problem(answer).getString("detail"))
                            .as(body)
                            .matches("(?s)The body is not valid JSON: line \\d+, column \\d+: .*");
                }
            }
        }
        System.out.printf(
                "%d texts that are no JSON in %d requests to %s: answers %s%n",
                NO_JSON.size(), requests, asked.name, answers);

        for (Service service : services) {
            assertThat(service.data).hasContent(service.before);
            requireWholeLines(service, 4 * NO_JSON.size());
        }
    }

    private List<String> requestsWith(String bytes) {
        String ana = lists("ana");
        var requests = new ArrayList<String>();
        requests.add(sent("POST", ana + "/home/items", bytes));
        requests.add(sent("POST", ana + "/new/items", bytes));
        if (isRelayed) {
            requests.add(sent("PUT", "/users/ana", bytes));
            requests.add(sent("PATCH", "/users/ana", bytes));
        }
        return requests;
    }

    private static String sent(String method, String path, String bytes) {
        String type = bytes.isEmpty() ? "" : "Content-Type: application/json\r\n";
        return request(method, path, type + "Content-Length: " + bytes.length() + "\r\n") + bytes;
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

    /// The log has one for each record, without a character that a terminal or a reader of lines
    /// would heed.
    ///
    /// @param requests at least
    private static void requireWholeLines(Service service, int requests) throws IOException {
        List<String> log = service.serving.process().stop().output();
        assertThat(log)
                .as(service.name)
                .noneMatch(line -> line.contains(" SEVERE "))
                .allMatch(line ->
                        line.matches(
                                "\\d{4}-[\\d-]+T[\\d:.]+Z [A-Z]+ [^\\p{Cntrl}\\p{Cf}\\u0080-\\u009f\\u2028\\u2029]+"));
        assertThat(log)
                .as(service.name)
                .filteredOn(line -> line.contains(" B, "))
                .hasSizeGreaterThanOrEqualTo(requests);
    }
}
