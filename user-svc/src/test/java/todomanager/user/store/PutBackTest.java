package todomanager.user.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import todomanager.document.DocumentWriter;
import todomanager.document.LiveDocument;

/// A user who is put back after an edit by hand that has not seen the user.
class PutBackTest {
    @TempDir private Path folder;

    @Test
    void isKnownToTheNextChangeWithTheIdThatIsServed() throws IOException {
        Path file = Files.writeString(folder.resolve("users.json"), "{}");
        try (var live = new LiveDocument<>(file, Users::read, Duration.ZERO);
                var writer = new DocumentWriter<>(live, DocumentStore.CODEC)) {
            put(writer, "bo", 1);
            Files.writeString(file, "{\"cy\": " + user(1) + "}");
            put(writer, "dan", 7);

            Optional<User> served =
                    live.snapshot().document().members().textOf("bo").map(User::read);
            assertThat(writer.change(draft -> draft.get("bo")).value()).isEqualTo(served);
        }
    }

    private static void put(DocumentWriter<Users, User> writer, String username, int id) {
        User user = User.read(user(id).getBytes(UTF_8));
        writer.change(draft -> {
            draft.put(username, Optional.of(user));
            return "";
        });
    }

    private static String user(int id) {
        return "{\"id\": %d, \"name\": \"N\", \"verified\": 0}".formatted(id);
    }
}
