package todomanager.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.service.StartFailure;
import todomanager.testkit.process.ServiceProcess;

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

    @Test
    void hasARowOfTheDocsForEachSetting() throws IOException {
        String page = Files.readString(ServiceProcess.ROOT.resolve("docs/configuration.md"));

        assertThat(Main.SERVICE.settings())
                .allSatisfy(setting -> {
                    String variable = setting.key().replaceAll("[.-]", "_");
                    assertThat(page)
                            .contains(
                                    "| `%s` | `%s` |"
                                            .formatted(
                                                    setting.key(),
                                                    variable.toUpperCase(Locale.ROOT)));
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"example.org", "ftp://example.org", "https://example.org/?a", "//a", "/"})
    void refusesToStartWithAPublicAddressThatIsNone(String address) throws IOException {
        String[] arguments = TestConfig.write(folder, "{}", URI.create("http://localhost:5001"));
        Files.writeString(
                Path.of(arguments[1]),
                "public.uri: '" + address + "'\n",
                StandardOpenOption.APPEND);

        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> Main.SERVICE.configuration(arguments))
                .withMessage(
                        "public.uri = \"%s\" (%s): not the address of a service; give http://HOST:PORT or https://HOST/PATH",
                        address, arguments[1]);
    }
}
