package todomanager.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.lastRequest;
import static todomanager.testkit.Wire.request;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import todomanager.http.Representation;
import todomanager.http.Resource;
import todomanager.service.TestService;

@Timeout(30)
class RequestObserverTest {
    @TempDir private static Path folder;

    private static TestService service;

    @BeforeAll
    static void start() {
        var one = new Resource(_ -> Representation.text(""));
        service =
                new TestService(
                        folder,
                        rules ->
                                rules.any("/observed/{id}", one)
                                        .any("/bug", new Resource(_ -> bug())));
    }

    private static Representation bug() {
        throw new IllegalStateException("for the test");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,      /observed/1,  'method=\"GET\",outcome=\"SUCCESS\",status=\"200\",uri=\"/observed/{id}\"'",
        "HEAD,     /observed/2,  'method=\"HEAD\",outcome=\"SUCCESS\",status=\"200\",uri=\"/observed/{id}\"'",
        "DELETE,   /observed/3,  'method=\"DELETE\",outcome=\"CLIENT_ERROR\",status=\"405\",uri=\"/observed/{id}\"'",
        "PROPFIND, /observed/4,  'method=\"UNKNOWN\",outcome=\"CLIENT_ERROR\",status=\"405\",uri=\"/observed/{id}\"'",
        "GET,      /observed//5, 'method=\"GET\",outcome=\"CLIENT_ERROR\",status=\"404\",uri=\"NOT_FOUND\"'",
        "GET,      /bug,         'method=\"GET\",outcome=\"SERVER_ERROR\",status=\"500\",uri=\"/bug\"'",
    })
    void countsARequestByItsRouteMethodAndStatus(String method, String path, String labels) {
        String series = "http_server_requests_seconds_count{" + labels + "} ";
        double before = value(series);
        service.wire().exchange(method, path);

        assertThat(value(series)).isEqualTo(before + 1);
    }

    @Test
    void countsARequestThatIsRefusedBeforeThereIsARoute() {
        String series = "http_server_requests_refused_total{status=\"400\"} ";
        double before = value(series);
        service.wire().send("garbage\r\n\r\n");

        assertThat(value(series)).isEqualTo(before + 1);
    }

    @Test
    void hasNoMoreSeriesHoweverManyPathsAndMethodsThereAre() {
        askFor(4);
        long before = series();
        askFor(400);

        assertThat(series()).isEqualTo(before);
    }

    private static void askFor(int requests) {
        String all =
                IntStream.range(0, requests)
                        .mapToObj(i ->
                                request(
                                        i % 2 == 0 ? "GET" : "X" + i,
                                        i % 4 < 2 ? "/observed/" + i : "/" + i,
                                        ""))
                        .collect(Collectors.joining());
        service.wire().send(all + lastRequest("GET", "/"));
    }

    private static long series() {
        return metrics().stream().filter(line -> line.startsWith("http_")).count();
    }

    private static double value(String series) {
        return metrics().stream()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    private static List<String> metrics() {
        return service.admin().exchange("GET", "/observe/metrics").lines().toList();
    }
}
