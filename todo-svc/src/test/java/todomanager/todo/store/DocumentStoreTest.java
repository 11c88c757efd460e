package todomanager.todo.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import todomanager.json.JsonDocument;
import todomanager.todo.list.Item;
import todomanager.todo.list.ItemPatch;
import todomanager.todo.list.Lists;

class DocumentStoreTest extends ListStoreContract {
    @TempDir private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // before each test
    private ListStore store;

    @BeforeEach
    void openStore() throws IOException {
        Files.writeString(file(), "{}");
        var document = document();
        var writer = new DocumentWriter<>(document, DocumentStore.CODEC);
        open.add(writer);
        store = new DocumentStore(document, Optional.of(writer));
    }

    private LiveDocument<TodoLists> document() {
        var document = new LiveDocument<>(file(), TodoLists::read, Duration.ZERO);
        open.add(document);
        return document;
    }

    private Path file() {
        return folder.resolve("todo.json");
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Override
    ListStore store() {
        return store;
    }

    @Override
    ListStore reopened() {
        return new DocumentStore(document(), Optional.empty());
    }

    @Test
    void canBeReadAloneWithoutAWriter() {
        assertThat(reopened().isWritable()).isFalse();
        assertThat(store.isWritable()).isTrue();
    }

    /// Two who work on one list, the one by hand and with an editor that was open for a while.
    @Test
    void keepsTheItemsThatAnEditorHasNotSeen() throws IOException {
        change("ana", lists -> lists.add("home", item("Milk")).lists());
        change("ana", lists -> lists.add("home", item("Tea")).lists());
        String opened = Files.readString(file());
        change("ana", lists -> lists.add("home", item("Bread")).lists());
        change("ana", lists -> lists.patch("home", id("Tea"), done()).lists());
        change("ana", lists -> lists.put("work"));
        save(opened.replace("\"Milk\",", "\"Oat milk\",\n      \"Eggs\","));
        change("ana", lists -> lists.add("home", item("Rice")).lists());

        assertThat(lists("ana").names()).containsExactly("home", "work");
        assertThat(lists("ana").items("home"))
                .extracting(item -> item.title() + (item.completed() ? "!" : ""))
                .containsExactly("Oat milk", "Eggs", "Tea!", "Bread", "Rice");
        assertThat(file()).content().contains("\"Bread\",\n      \"Rice\"");
    }

    @Test
    void heedsAnEditThatRemovesWhatItHasSeen() throws IOException {
        change("ana", lists -> lists.add("home", item("Milk")).lists());
        change("ana", lists -> lists.add("home", item("Tea")).lists());
        String opened = Files.readString(file());
        change("ana", lists -> lists.add("home", item("Bread")).lists());
        save(opened.replace("\"Milk\",", ""));
        change("bo", lists -> lists.put("home"));

        assertThat(lists("ana").items("home"))
                .extracting(Item::title)
                .containsExactly("Tea", "Bread");
    }

    /// Another list shows that the person has seen the item, though the document was so before.
    @Test
    void heedsAnEditThatRemovesWhatWasJustAdded() throws IOException {
        change("ana", lists -> lists.add("home", item("Milk")).lists());
        change("ana", lists -> lists.add("home", item("Tea")).lists());
        change("bo", lists -> lists.add("home", item("Bread")).lists());
        save(Files.readString(file()).replace(",\n      \"Tea\"", "").replace("  ", " "));
        change("bo", lists -> lists.put("work"));

        assertThat(lists("ana").items("home")).extracting(Item::title).containsExactly("Milk");
        assertThat(lists("bo").items("home")).extracting(Item::title).containsExactly("Bread");
    }

    @Test
    void keepsWhatIsNewInAListThatAnEditHasMadeToo() throws IOException {
        change("ana", lists -> lists.add("home", item("Milk")).lists());
        save("{\"ana\": {\"home\": [\"Tea\"]}}");
        change("bo", lists -> lists.put("home"));

        assertThat(lists("ana").items("home"))
                .extracting(Item::title)
                .containsExactlyInAnyOrder("Milk", "Tea");
    }

    @Test
    void keepsThePlaceOfAnItemThatAnEditHasNotSeen() throws IOException {
        change("ana", lists -> lists.add("home", item("Milk")).lists());
        change("ana", lists -> lists.add("home", item("Tea")).lists());
        String opened = Files.readString(file());
        change("ana", lists -> lists.patch("home", id("Tea"), first()).lists());
        save(opened.replaceFirst("\\{", "{ \"bo\": {},"));
        change("bo", lists -> lists.put("home"));

        assertThat(lists("ana").items("home"))
                .extracting(Item::title)
                .containsExactly("Tea", "Milk");
    }

    private void save(String text) throws IOException {
        Path edited = Files.writeString(folder.resolve("edited"), text);
        Files.move(edited, file(), StandardCopyOption.ATOMIC_MOVE);
    }

    private String id(String title) {
        Lists lists = lists("ana");
        return lists.items("home").stream()
                .filter(item -> item.title().equals(title))
                .findFirst()
                .orElseThrow()
                .id();
    }

    private static ItemPatch done() {
        return patch("{\"completed\": true}");
    }

    private static ItemPatch first() {
        return patch("{\"after\": null}");
    }

    private static ItemPatch patch(String json) {
        return JsonDocument.read(json.getBytes(UTF_8)).as(ItemPatch::of);
    }
}
