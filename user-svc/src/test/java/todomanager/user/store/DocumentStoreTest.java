package todomanager.user.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import todomanager.document.DocumentWriter;
import todomanager.document.LiveDocument;

class DocumentStoreTest extends UserStoreContract {
    @TempDir private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // before each test
    private UserStore store;

    @BeforeEach
    void openStore() throws IOException {
        Files.writeString(file(), "{}");
        var document = document();
        var writer = new DocumentWriter<>(document, DocumentStore.CODEC);
        open.add(writer);
        store = new DocumentStore(document, Optional.of(writer));
    }

    private LiveDocument<Users> document() {
        var document = new LiveDocument<>(file(), Users::read, Duration.ZERO);
        open.add(document);
        return document;
    }

    private Path file() {
        return folder.resolve("users.json");
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Override
    UserStore store() {
        return store;
    }

    @Override
    UserStore reopened() {
        return new DocumentStore(document(), Optional.empty());
    }

    @Test
    void canBeReadAloneWithoutAWriter() {
        assertThat(reopened().isWritable()).isFalse();
        assertThat(store.isWritable()).isTrue();
    }
}
