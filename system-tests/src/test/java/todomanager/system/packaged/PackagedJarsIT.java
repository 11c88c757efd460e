package todomanager.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static todomanager.testkit.Http.get;

import java.net.ConnectException;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.testkit.process.ServiceProcess;

/// Both services as people run them.
@Timeout(60)
class PackagedJarsIT {
    @ParameterizedTest
    @ValueSource(strings = {"user-svc", "todo-svc"})
    void serveTheShippedDocumentAndStopWhenTold(String service) throws Exception {
        try (var serving = ServiceProcess.start(service, Map.of())) {
            assertThat(get(serving.uri().resolve("/")).statusCode()).isEqualTo(200);
            assertThat(get(serving.admin().resolve("/observe/health/ready")).statusCode())
                    .isEqualTo(200);

            assertThat(serving.process().stop().exitCode()).isEqualTo(143);
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> new Socket("localhost", serving.uri().getPort()).close());
        }
    }

    @Test
    void findEachOther() throws Exception {
        try (var todo = ServiceProcess.start("todo-svc", Map.of());
                var user =
                        ServiceProcess.start(
                                "user-svc", Map.of("TODO_URI", todo.uri().toString()))) {
            var lists = get(user.uri().resolve("/users/aniket/lists"));
            var none = get(user.uri().resolve("/users/luckas/lists"));

            assertThat(lists.body())
                    .isEqualTo("{\"school\":[\"Complete homework\",\"Prepare for test\"]}\n");
            assertThat(none.statusCode()).isEqualTo(200);
            assertThat(none.body()).isEqualTo("{}\n");

            todo.process().stop();
            assertThat(get(user.uri().resolve("/users/aniket/lists")).statusCode()).isEqualTo(503);
            assertThat(get(user.uri().resolve("/users/aniket")).statusCode()).isEqualTo(200);
        }
    }
}
