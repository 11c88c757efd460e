package todomanager.user;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import todomanager.service.StartFailure;

class MainTest {
    @TempDir private Path folder;

    @Test
    void refusesToStartWithAnAddressOfTodoServiceThatIsNone() throws IOException {
        String[] arguments = TestConfig.write(folder, "{}", URI.create("localhost:5001"));

        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> Main.SERVICE.configuration(arguments))
                .withMessage(
                        "todo.uri = \"localhost:5001\" (%s): not the address of a service; give http://HOST:PORT",
                        arguments[1]);
    }
}
