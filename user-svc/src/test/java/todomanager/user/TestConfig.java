package todomanager.user;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// A configuration for tests: free ports, the given users and todo-svc.
final class TestConfig {
    private TestConfig() {}

    /// Writes it, and answers the arguments that name it.
    static String[] write(Path folder, String users, URI todoService) throws IOException {
        Path data = Files.writeString(folder.resolve("users.json"), users);
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"),
                        """
                        server: {port: 0, sockets: {admin: {port: 0}}}
                        data: {path: '%s'}
                        todo: {uri: '%s'}
                        """
                                .formatted(data, todoService));
        return new String[] {"--config", config.toString()};
    }
}
