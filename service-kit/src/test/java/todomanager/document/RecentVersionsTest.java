package todomanager.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import todomanager.document.DocumentWriter.Codec;
import todomanager.http.Revision;

/// What is remembered of members that are strings, where there is room for 10 characters.
class RecentVersionsTest {
    private final RecentVersions<String> recent =
            new RecentVersions<>(
                    new Codec<>(
                            bytes -> new String(bytes, UTF_8),
                            text -> text,
                            String::length,
                            text -> Map.of("", text),
                            (_, theirs, _) -> theirs),
                    10);

    @Test
    void correctsWhatAnEditTakesBack() {
        write("a", "1", "2", "3");

        assertThat(corrections(Map.of("a", "1"))).isEqualTo(Map.of("a", Optional.of("3")));
    }

    @Test
    void correctsAllThatAnEditHasNotSeen() {
        write("a", "1", "2");
        write("b", "3", "4");

        assertThat(corrections(Map.of("a", "1", "b", "3")))
                .isEqualTo(Map.of("a", Optional.of("2"), "b", Optional.of("4")));
    }

    /// What makes one member older is meant, if the others show that all was seen.
    @Test
    void leavesWhatAnEditTakesBackThatHasSeenAll() {
        write("a", "1", "2");
        write("b", "3", "4");

        assertThat(corrections(Map.of("a", "1", "b", "4"))).isEmpty();
    }

    @Test
    void correctsOnceMoreWhatTheNextEditTakesBack() {
        write("a", "1", "2");
        write("b", "3", "4");

        assertThat(corrections(Map.of("a", "1", "b", "5"))).containsOnlyKeys("a");
        assertThat(corrections(Map.of("a", "1", "b", "3")))
                .isEqualTo(Map.of("a", Optional.of("2"), "b", Optional.of("5")));
    }

    @Test
    void correctsAnEditThatBeganBeforeAnotherThatWasCorrected() {
        write("a", "1", "2");
        write("b", "3", "4");
        assertThat(corrections(Map.of("a", "1", "b", "3"))).containsOnlyKeys("a", "b");
        recent.add(
                name -> Optional.of(name.equals("a") ? "1" : "3"),
                Map.of("a", Optional.of("2"), "b", Optional.of("4")));

        assertThat(corrections(Map.of("a", "2", "b", "3")))
                .isEqualTo(Map.of("b", Optional.of("4")));
    }

    @Test
    void forgetsTheOldestThatThereIsNoRoomFor() {
        write("a", "1", "22222", "33333", "44444");

        assertThat(corrections(Map.of("a", "1"))).isEmpty();
        assertThat(corrections(Map.of("a", "33333"))).isEqualTo(Map.of("a", Optional.of("1")));
    }

    @Test
    void keepsNothingThatIsLongerThanTheRoom() {
        write("a", "1", "22222222222");

        assertThat(corrections(Map.of("a", "1"))).isEmpty();
    }

    private void write(String name, String... versions) {
        for (int i = 1; i < versions.length; i++) {
            Optional<String> before = Optional.of(versions[i - 1]);
            recent.add(_ -> before, Map.of(name, Optional.of(versions[i])));
        }
    }

    private Map<String, Optional<String>> corrections(Map<String, String> edited) {
        return recent.corrections(
                Revision.of(edited.toString().getBytes(UTF_8)),
                name -> Optional.ofNullable(edited.get(name)));
    }
}
