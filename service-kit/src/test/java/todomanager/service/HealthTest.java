package todomanager.service;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.header;
import static todomanager.testkit.Wire.statuses;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HealthTest {
    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private TestService service;

    @BeforeEach
    void start() {
        service = new TestService(folder);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void isAllChecksTogether() {
        assertThat(service.admin().exchange("GET", "/observe/health"))
                .startsWith("HTTP/1.1 200 ")
                .contains("\r\nContent-Type: application/json\r\n")
                .endsWith(
                        "\r\n\r\n{\"status\":\"UP\",\"checks\":[{\"name\":\"started\",\"status\":\"UP\"},"
                                + "{\"name\":\"ready\",\"status\":\"UP\"},"
                                + "{\"name\":\"live\",\"status\":\"UP\"}]}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "/observe/health, 503",
        "/observe/health/started, 200",
        "/observe/health/ready, 503",
        "/observe/health/live, 200",
    })
    void isNotReadyOnceTheServiceIsToldToStop(String path, String status) {
        service.beginToStop();

        assertThat(statuses(service.admin().exchange("GET", path))).containsExactly(status);
        assertThat(statuses(service.admin().exchange("HEAD", path))).containsExactly(status);
    }

    @ParameterizedTest
    @CsvSource({
        "/observe/health, 200",
        "/observe/health/started, 200",
        "/observe/health/ready, 200",
        "/observe/health/live, 200",
        "/observe/metrics, 200",
        "/observe, 404",
        "/observe/health/nope, 404",
        "/observe/info, 404",
        "/observe/config/values, 404",
        "/observe/log/loggers, 404",
        "/people, 404",
        "/, 404",
    })
    void isAloneWithMetricsOnTheAdminPort(String path, String status) {
        assertThat(statuses(service.admin().exchange("GET", path))).containsExactly(status);
        assertThat(statuses(service.admin().exchange("HEAD", path))).containsExactly(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/observe/health", "/observe/health/live", "/observe/metrics"})
    void canOnlyBeRead(String path) {
        String posted = service.admin().exchange("POST", path);

        assertThat(statuses(posted)).containsExactly("405");
        assertThat(header("Allow", posted)).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(statuses(service.admin().exchange("OPTIONS", path))).containsExactly("204");
    }

    @Test
    void isToldOfTheMetricsAsPrometheusReadsThem() {
        assertThat(service.admin().exchange("GET", "/observe/metrics"))
                .contains("\r\nContent-Type: text/plain; version=0.0.4\r\n")
                .contains("\nhttp_server_connections ");
    }
}
