package todomanager.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.header;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.service.TestService;
import todomanager.testkit.Wire;
import todomanager.testkit.process.PostgreSql;

@Timeout(60)
class TablePagesTest {
    private static final String LAST_CHUNK = "\r\n0\r\n\r\n";
    private static final int PATIENCE = 10_000; // milliseconds
    private static final String URL = PostgreSql.database();

    @TempDir private static Path folder;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static Database database;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static TestService service;

    @BeforeAll
    static void start() {
        ThingTables.make(URL);
        database = new Database(ThingTables.address(URL), ThingTables.SCHEMA, 1);
        var things = new TablePages(database, "read things", "[", "]\n", ThingTables::page);
        service = new TestService(folder, rules -> rules.any("/things", things.resource()));
    }

    @AfterAll
    static void stop() {
        service.close();
        database.close();
    }

    @BeforeEach
    void haveNone() {
        PostgreSql.execute(URL, "delete from thing");
    }

    @Test
    void ofNothingAreOneThatIsEmpty() {
        assertThat(get("")).endsWith("\r\n\r\n[]\n").doesNotContain("Link:");
        assertThat(get("?limit=1")).endsWith("\r\n\r\n[]\n").doesNotContain("Link:");
        assertThat(get("?after=x")).endsWith("\r\n\r\n[]\n").doesNotContain("Link:");
    }

    /// Of bytes in UTF-8, which is another than that of Java's characters.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1000})
    void areInTheOrderOfBytes(int limit) {
        put("😀", "\"e\"", "ﬀ", "\"d\"", "a", "\"b\"", "Z", "\"a\"", "é", "\"c\"");

        assertThat(String.join(",", pages(limit))).isEqualTo("\"a\",\"b\",\"c\",\"d\",\"e\"");
    }

    @Test
    void followAKeyOfAnyCharactersThatIsThereOrNot() {
        put("a", "1", "b %&+/?#;=é😀", "2", "c", "3");
        String next = next("?limit=2").orElseThrow();
        assertThat(body(get(next))).isEqualTo("[3]\n");

        PostgreSql.execute(URL, "delete from thing where json = '2'");
        assertThat(body(get(next))).isEqualTo("[3]\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?limit=2", "?limit=3", "?limit=1000"})
    void haveATagByWhichNothingIsSentAgain(String query) {
        put("a", "1", "b", "2", "c", "3");
        String tag = header("ETag", get(query));

        assertThat(
                        service.wire()
                                .exchange(
                                        "GET", "/things" + query, "If-None-Match: " + tag + "\r\n"))
                .startsWith("HTTP/1.1 304 ");
        put("0", "4");
        assertThat(header("ETag", get(query))).isNotEqualTo(tag);
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 100, 101, 999, 1000, 1001, 2000, 2345})
    void joinedAreTheWhole(int count) {
        fill(count, 1);

        String joined = String.join(",", pages(100));
        assertThat(joined.split(",")).hasSize(count);
        assertThat(body(get(""))).isEqualTo("[" + joined + "]\n");
    }

    @Test
    void areSentWithoutATagWhereThereAreTooMany() {
        fill(1001, 1);

        assertThat(get("")).contains("\r\nTransfer-Encoding: chunked\r\n").doesNotContain("ETag:");
        assertThat(service.wire().exchange("HEAD", "/things"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n");
    }

    @Test
    void endEarlyWhereTheirRowsAreLarge() {
        fill(250, 20_000);

        List<String> pages = pages(1000);
        assertThat(pages).hasSize(4);
        assertThat(body(get(""))).isEqualTo("[" + String.join(",", pages) + "]\n");
    }

    @Test
    void keepNoConnectionForAClientThatReadsSlowly() throws IOException {
        fill(3000, 20_000);
        try (Socket slow = request()) {
            assertThat(slow.getInputStream().readNBytes(8)).isEqualTo("HTTP/1.1".getBytes(UTF_8));

            for (int i = 0; i < 10; i++) {
                assertThat(next("?limit=1")).isPresent();
            }
        }
    }

    @Test
    void areCutOffWhereTheDatabaseFailsMeanwhile() throws IOException {
        fill(3000, 20_000);
        try (Socket slow = request()) {
            byte[] begin = slow.getInputStream().readNBytes(1_000);
            PostgreSql.execute(URL, "alter table thing rename to gone");
            byte[] rest = slow.getInputStream().readAllBytes();

            assertThat(new String(begin, UTF_8)).startsWith("HTTP/1.1 200 ");
            assertThat(new String(rest, UTF_8)).doesNotEndWith(LAST_CHUNK).doesNotContain("HTTP/");
        } finally {
            PostgreSql.execute(URL, "alter table if exists gone rename to thing");
        }
        assertThat(next("?limit=1")).isPresent();
    }

    private static Socket request() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), service.wire().port());
        socket.setSoTimeout(PATIENCE);
        socket.getOutputStream().write(Wire.lastRequest("GET", "/things").getBytes(UTF_8));
        return socket;
    }

    /// Things of a size, which are all different.
    private static void fill(int count, int size) {
        PostgreSql.execute(
                URL,
                "insert into thing select to_char(i, '00000'), '\"' || repeat('x', %d) || i || '\"' from generate_series(1, %d) i"
                        .formatted(size, count));
    }

    private static void put(String... keysAndValues) {
        IntStream.range(0, keysAndValues.length / 2)
                .mapToObj(i ->
                        "insert into thing values ('%s', '%s')"
                                .formatted(keysAndValues[2 * i], keysAndValues[2 * i + 1]))
                .forEach(insert -> PostgreSql.execute(URL, insert));
    }

    /// The items of each page.
    private static List<String> pages(int limit) {
        var pages = new ArrayList<String>();
        for (var query = Optional.of("?limit=" + limit); query.isPresent(); ) {
            String body = body(get(query.get()));
            pages.add(body.substring(1, body.length() - "]\n".length()));
            query = next(query.get());
        }
        return pages;
    }

    private static Optional<String> next(String query) {
        return get(query)
                .lines()
                .filter(line -> line.startsWith("Link: "))
                .map(line -> line.replaceFirst("Link: <(.*)>; rel=\"next\"", "$1"))
                .findFirst();
    }

    private static String get(String query) {
        String answer = service.wire().exchange("GET", "/things" + query);
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        return answer;
    }

    /// The content, put together if it came in chunks.
    private static String body(String answer) {
        int end = answer.indexOf("\r\n\r\n") + 4;
        String body = answer.substring(end);
        return answer.substring(0, end).contains("Transfer-Encoding: chunked")
                ? joined(body)
                : body;
    }

    /// Of characters in ASCII.
    private static String joined(String chunks) {
        var joined = new StringBuilder();
        assertThat(chunks).endsWith(LAST_CHUNK);
        for (int at = 0; ; ) {
            int line = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, line), 16);
            if (size == 0) {
                return joined.toString();
            }
            joined.append(chunks, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }
}
