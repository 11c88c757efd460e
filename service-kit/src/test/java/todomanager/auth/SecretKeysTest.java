package todomanager.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import todomanager.auth.SecretKeys.Keys;
import todomanager.auth.SecretKeys.NamedKey;
import todomanager.testkit.LogRecorder;

class SecretKeysTest {
    private static final String OLD = base64("an-old-key-that-has-32-bytes-all");
    private static final String NEW = base64("a-new-key-which-has-32-bytes-too");
    private static final String SHORT = base64("a-secret-of-22-bytes-x");
    private static final String NOT_A_KEY =
            "is not 32 bytes in Base64; make one with: openssl rand -base64 32";

    private final LogRecorder log = new LogRecorder("todomanager");
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE); // which overflows

    @TempDir private Path folder;

    @AfterEach
    void forget() {
        log.close();
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                arguments("", "has 0 keys; give one or two"),
                arguments(" \n\n", "has 0 keys; give one or two"),
                arguments(OLD + '\n' + NEW + '\n' + OLD, "has 3 keys; give one or two"),
                arguments(SHORT, "line 1 " + NOT_A_KEY),
                arguments("a secret in plain text", "line 1 " + NOT_A_KEY),
                arguments(OLD + ' ' + NEW, "line 1 " + NOT_A_KEY),
                arguments(OLD.replace('=', '!'), "line 1 " + NOT_A_KEY),
                arguments(OLD + "\n\n" + SHORT, "line 2 " + NOT_A_KEY),
                arguments("\uFEFF" + OLD, "line 1 " + NOT_A_KEY),
                arguments(OLD + "\n".repeat(1_000), "is too large for a file of keys"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void refusesWhatIsNotOneOrTwoKeysAndKeepsItSecret(String text, String fault)
            throws IOException {
        Path file = write(text);

        assertThatThrownBy(() -> new SecretKeys("the.keys-file", file))
                .isInstanceOf(Misconfigured.class)
                .hasMessage("the.keys-file = %s: %s", file, fault)
                .message()
                .doesNotContain(OLD, NEW, SHORT, "secret");
    }

    @Test
    void refusesWhatIsNoTextAndAFileThatIsMissing() throws IOException {
        String fault = ": can't be read as text; check that it is there, and its permissions";
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0});

        for (Path file : List.of(binary, folder.resolve("none"))) {
            assertThatThrownBy(() -> new SecretKeys("the.keys-file", file))
                    .isInstanceOf(Misconfigured.class)
                    .hasMessage("the.keys-file = " + file + fault);
        }
    }

    @Test
    void keepsTheLastKeysWhileTheFileIsSpoiltAndSaysSoOnce() throws IOException {
        SecretKeys keys = keys(OLD);
        Keys last = keys.current();

        for (int i = 0; i < 3; i++) {
            write(SHORT);
            assertThat(aSecondLater(keys)).isSameAs(last);
        }
        Files.delete(file());
        assertThat(aSecondLater(keys)).isSameAs(last);
        assertThat(log.lines())
                .containsExactly(
                        "the.keys-file = %s: line 1 %s; the last keys stay in use"
                                .formatted(file(), NOT_A_KEY),
                        "the.keys-file = %s: can't be read as text; check that it is there, and its permissions; the last keys stay in use"
                                .formatted(file()));
    }

    @Test
    void takesUpAChangeOfAMendedFile() throws IOException {
        SecretKeys keys = keys(OLD);
        write(SHORT);
        aSecondLater(keys);
        write(NEW + '\n' + OLD);

        assertThat(aSecondLater(keys).all())
                .extracting(SecretKeysTest::text)
                .containsExactly(NEW, OLD);
        assertThat(log.lines()).hasSize(2).last().isEqualTo("the.keys-file: the keys have changed");
    }

    @Test
    void looksOnceASecondAtMost() throws IOException {
        SecretKeys keys = keys(OLD);
        write(NEW);
        nanoTime.addAndGet(Duration.ofSeconds(1).toNanos() - 1);

        assertThat(text(keys.current().first())).isEqualTo(OLD);
        nanoTime.incrementAndGet();
        assertThat(text(keys.current().first())).isEqualTo(NEW);
    }

    @Test
    void isTheSameAsLongAsTheFileIs() throws IOException {
        SecretKeys keys = keys(OLD);
        Keys first = keys.current();
        write("\r\n " + OLD + " \r\n");

        assertThat(aSecondLater(keys)).isSameAs(first);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void findsEachKeyByAnIdThatTellsNothingOfIt() throws IOException {
        Keys keys = keys(NEW + '\n' + OLD + '\n').current();

        assertThat(keys.find("none")).isEmpty();
        assertThat(keys.all())
                .hasSize(2)
                .allSatisfy(key -> {
                    assertThat(key.id()).matches("[0-9a-f]{8}");
                    assertThat(keys.find(key.id())).contains(key);
                    assertThat(key.toString()).doesNotContain(text(key));
                });
        assertThat(text(keys.first())).isEqualTo(NEW);
        assertThat(keys.first().id()).isNotEqualTo(keys.all().getLast().id());
    }

    private SecretKeys keys(String text) throws IOException {
        return new SecretKeys("the.keys-file", write(text), nanoTime::get);
    }

    private Keys aSecondLater(SecretKeys keys) {
        nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
        return keys.current();
    }

    private Path write(String text) throws IOException {
        return Files.writeString(file(), text);
    }

    private Path file() {
        return folder.resolve("keys");
    }

    private static String text(NamedKey key) {
        return Base64.getEncoder().encodeToString(key.bytes());
    }

    private static String base64(String bytes) {
        return Base64.getEncoder().encodeToString(bytes.getBytes(StandardCharsets.US_ASCII));
    }
}
