package todomanager.todo.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.json.JsonDocument;
import todomanager.todo.list.Item;
import todomanager.todo.list.ItemPatch;
import todomanager.todo.list.Lists;
import todomanager.todo.store.ListStore.Change;

/// What each store does, wherever it keeps the lists.
@Timeout(60)
abstract class ListStoreContract {
    private static final int THREADS = 20; // so that none waits for long on a slow machine

    /// A store that nobody has lists in.
    abstract ListStore store();

    /// The same lists as another process would read them, started now.
    abstract ListStore reopened() throws Exception;

    /// Makes a change, which nothing refuses.
    void insist(Runnable change) {
        change.run();
    }

    @Test
    void hasNothingOfAUserWhoHasWrittenNothing() {
        assertThat(store().lists("ana").value()).isEmpty();
        assertThat(store().titles("ana").value()).isEmpty();
    }

    @Test
    void changesNothingWhereAChangeIsRefused() {
        change("ana", lists -> lists.put("home"));

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() ->
                        store().change(
                                        "ana",
                                        _ -> {
                                            throw new IllegalStateException("no");
                                        }));
        assertThat(lists("ana").names()).containsExactly("home");
    }

    @Test
    void keepsWhatIsWrittenForWhoeverReadsItNext() throws Exception {
        change("ana", lists -> lists.add("home", item("Milk")).lists().put("work"));
        change("ana", lists -> lists.add("home", item("Tea")).lists());

        Lists reread = reopened().lists("ana").value().orElseThrow();
        assertThat(reread).isEqualTo(lists("ana"));
        assertThat(reread.names()).containsExactly("home", "work");
        assertThat(reread.items("home")).extracting(Item::title).containsExactly("Milk", "Tea");
    }

    @Test
    void servesTheTitlesOfOpenItemsAtOnce() {
        change("ana", lists -> lists.add("home", item("Milk")).lists());
        change("ana", lists -> lists.add("home", item("Tea")).lists());
        assertThat(store().titles("ana").value().orElseThrow())
                .hasToString("{\"home\":[\"Milk\",\"Tea\"]}\n");

        change("ana", lists -> lists.complete("home", true));
        assertThat(store().titles("ana").value().orElseThrow()).hasToString("{\"home\":[]}\n");
    }

    @Test
    void knowsNothingOfAUserWhoseLastListIsGone() throws Exception {
        change("ana", lists -> lists.put("home"));
        change("bo", lists -> lists.put("home"));
        change("ana", lists -> lists.remove("home"));

        assertThat(store().lists("ana").value()).isEmpty();
        assertThat(reopened().titles("ana").value()).isEmpty();
        assertThat(lists("bo").names()).containsExactly("home");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "é😀", "a/b", "\"", "\\", "\n", "..", "買"})
    void keepsListsOfAnyName(String name) throws Exception {
        change(name, lists -> lists.add("a \" é😀", item("\"\\\u2028 買")).lists());

        assertThat(reopened().lists(name).value()).contains(lists(name));
    }

    @Test
    void losesNoneOfManyChangesAtOnce() throws Exception {
        int many = 200;
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var changes =
                    IntStream.range(0, many)
                            .mapToObj(i ->
                                    threads.submit(() ->
                                            insist(() ->
                                                    change(
                                                            i % 2 == 0 ? "ana" : "bo",
                                                            lists ->
                                                                    lists.add("home", item("#" + i))
                                                                            .lists()))))
                            .toList();
            for (var change : changes) {
                change.get();
            }
        }

        ListStore reopened = reopened();
        assertThat(List.of("ana", "bo"))
                .allSatisfy(name ->
                        assertThat(reopened.lists(name).value().orElseThrow().items("home"))
                                .hasSize(many / 2)
                                .doesNotHaveDuplicates());
    }

    @Test
    void givesEachChangeTheListsAsTheyAreAtThatMoment() {
        change("ana", lists -> lists.put("home"));

        Optional<Lists> seen =
                store().change("ana", lists -> new Change<>(lists.orElse(Lists.NONE), lists))
                        .value();
        assertThat(seen).contains(lists("ana"));
        assertThat(store().change("bo", lists -> new Change<>(Lists.NONE, lists)).value())
                .isEmpty();
    }

    void change(String username, UnaryOperator<Lists> change) {
        var _ =
                store().change(
                                username,
                                lists ->
                                        new Change<>(
                                                change.apply(lists.orElse(Lists.NONE)), username));
    }

    Lists lists(String username) {
        return store().lists(username).value().orElseThrow();
    }

    static ItemPatch item(String title) {
        return JsonDocument.read(
                        Json.createObjectBuilder()
                                .add("title", title)
                                .build()
                                .toString()
                                .getBytes(UTF_8))
                .as(ItemPatch::whole);
    }
}
