package todomanager.todo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where a client finds the lists of a document, which may have any name.
class ListUriTest {
    @ParameterizedTest
    @CsvSource({"home, home", "a b, a%20b", "caf\u00e9, caf%C3%A9", ".., %2E%2E", "., %2E"})
    void isAPathThatNoListElseHas(String list, String segment) {
        assertThat(new ListUri("http://todo.example/lists/ana").item(list, "x1"))
                .isEqualTo("http://todo.example/lists/ana/" + segment + "/items/x1");
    }
}
