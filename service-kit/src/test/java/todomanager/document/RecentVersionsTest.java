package todomanager.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import todomanager.http.Revision;

/// What is remembered of members that are strings, where there is room for 10 characters.
class RecentVersionsTest {
    private final RecentVersions<String> recent = new RecentVersions<>(String::length, 10);

    @Test
    void correctsWhatAnEditTakesBack() {
        write("a", "1", "2", "3");

        assertThat(corrections(Map.of("a", "1"))).isEqualTo(Map.of("a", Optional.of("3")));
    }

    @Test
    void forgetsTheOldestThatThereIsNoRoomFor() {
        write("a", "1", "22222", "33333", "44444");

        assertThat(corrections(Map.of("a", "22222"))).isEmpty();
    }

    @Test
    void keepsTheVersionsOfOthersWhereALongOneIsOftenWritten() {
        write("short", "1", "2");
        write("long", "333", "444", "555", "666", "777");

        assertThat(corrections(Map.of("short", "1", "long", "666")))
                .isEqualTo(Map.of("short", Optional.of("2"), "long", Optional.of("777")));
    }

    @Test
    void keepsNothingThatIsLongerThanTheRoom() {
        write("a", "1", "22222222222");

        assertThat(corrections(Map.of("a", "1"))).isEmpty();
    }

    private void write(String name, String... versions) {
        for (int i = 1; i < versions.length; i++) {
            recent.add(name, Optional.of(versions[i - 1]), Optional.of(versions[i]));
        }
    }

    private Map<String, Optional<String>> corrections(Map<String, String> edited) {
        Function<String, Optional<String>> member = name -> Optional.ofNullable(edited.get(name));
        return recent.corrections(
                Revision.of(edited.toString().getBytes(UTF_8)),
                member,
                (List<String> _, String theirs) -> theirs);
    }
}
