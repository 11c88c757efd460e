package todomanager.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.auth.Assertions.Subject;

class AssertionsTest {
    private static final byte[] KEY = "an-old-key-that-has-32-bytes-all".getBytes(UTF_8);
    private static final byte[] OTHER = "a-new-key-which-has-32-bytes-too".getBytes(UTF_8);
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
    private static final Subject ANA = new Subject("ana", false);

    /// What a good one says, as `sign` writes it.
    private static final String CLAIMS =
            "{'iss':'user-svc','aud':'todo-svc','sub':'ana','scope':'read','iat':1000000,'exp':1000030}";

    @TempDir private Path folder;

    @SuppressWarnings("NullAway.Init") // before each test
    private SecretKeys keys;

    @SuppressWarnings("NullAway.Init") // before each test
    private Assertions assertions;

    @BeforeEach
    void make() throws IOException {
        keys = keys(KEY);
        assertions = at(NOW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'user-svc'     | 'todo-svc'           | another issuer
                    'iss'          | 'by'                 | no issuer
                    'todo-svc'     | 'user-svc'           | another audience
                    'todo-svc'     | ['todo-svc','other'] | one audience more
                    'aud'          | 'to'                 | no audience
                    'sub'          | 'user'               | nobody
                    'ana'          | ['ana']              | a list of subjects
                    'read'         | 'admin'              | another scope
                    'read'         | ['read','write']     | two scopes
                    'scope'        | 'scp'                | no scope
                    'iat'          | 'at'                 | no time of issue
                    'exp'          | 'end'                | no end
                    1000030        | 'never'              | an end that is no time
                    'iat':1000000  | 'iat':1000030        | a time of issue half a minute from now
                    'iat':1000000  | 'iat':9999999        | a time of issue that is far from now
                    'exp':1000030  | 'exp':999970         | an end half a minute ago
                    'exp':1000030  | 'exp':-1             | an end in 1969
                    'exp':1000030} | 'exp':1000030        | a brace that is missing
                    """)
    void believesNothingElseThanWhatItSaysItself(String what, String instead, String why)
            throws GeneralSecurityException {
        assertThat(CLAIMS).contains(what);
        String token = token(header("HS256"), CLAIMS.replace(what, instead), "HmacSHA256", KEY);

        assertThat(assertions.verify(token)).as(why).isEmpty();
    }

    @Test
    void believesNoOtherKey() throws GeneralSecurityException {
        assertThat(assertions.verify(token(header("HS256"), CLAIMS, "HmacSHA256", OTHER)))
                .as("with the id of ours")
                .isEmpty();
        String header = "{'alg':'HS256','kid':'00000000'}";
        assertThat(assertions.verify(token(header, CLAIMS, "HmacSHA256", KEY)))
                .as("with an id that there is not")
                .isEmpty();
    }

    @Test
    void believesNoOtherAlgorithmWithTheSameKey() throws GeneralSecurityException {
        for (String length : List.of("384", "512")) {
            assertThat(
                            assertions.verify(
                                    token(header("HS" + length), CLAIMS, "HmacSHA" + length, KEY)))
                    .isEmpty();
        }
        assertThat(assertions.verify(token(header("RS256"), CLAIMS, "HmacSHA256", KEY))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", ""})
    void believesNothingThatIsNotSigned(String algorithm) throws GeneralSecurityException {
        String token = token(header(algorithm), CLAIMS, "HmacSHA256", KEY);
        String unsigned = token.substring(0, token.lastIndexOf('.') + 1);

        assertThat(assertions.verify(token)).isEmpty();
        assertThat(assertions.verify(unsigned)).isEmpty();
        assertThat(assertions.verify(sign(header("HS256"), CLAIMS, new byte[0]))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'alg':'HS256'}",
                "{'alg':'HS256','kid':null}",
                "{'alg':'HS256','kid':1}",
                "{'alg':'HS256','kid':'null'}",
                "{'alg':'HS256','kid':''}",
                "{'kid':'KID'}",
                "{'alg':'HS256','kid':'KID','crit':['exp']}",
                "{'alg':'HS256','kid':'KID','b64':false,'crit':['b64']}",
                "[]",
                ""
            })
    void believesNothingWithAnotherHeader(String header) throws GeneralSecurityException {
        String token =
                token(
                        header.replace("KID", keys.current().first().id()),
                        CLAIMS,
                        "HmacSHA256",
                        KEY);

        assertThat(assertions.verify(token)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "....",
                "a.b.c",
                "e30.e30.e30",
                " ",
                "\0",
                "😀.😀.😀",
                "null",
                "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA"
            })
    void believesNoGarbage(String garbage) {
        assertThat(assertions.verify(garbage)).isEmpty();
    }

    @Test
    void believesNothingThatIsDeeplyNestedOrLong() throws GeneralSecurityException {
        String deep = "{'iss':" + "[".repeat(50_000) + "]".repeat(50_000) + '}';

        assertThat(assertions.verify(token(header("HS256"), deep, "HmacSHA256", KEY))).isEmpty();
        assertThat(assertions.verify(token(deep, CLAIMS, "HmacSHA256", KEY))).isEmpty();
        assertThat(assertions.verify("a.".repeat(50_000))).isEmpty();
    }

    @Test
    void believesNothingOfWhichOneBitIsOther() {
        byte[] good = assertions.sign(ANA).getBytes(UTF_8);
        var random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            byte[] bad = good.clone();
            // the last character has bits that are part of no byte
            bad[random.nextInt(bad.length - 1)] ^= (byte) (1 << random.nextInt(7));

            assertThat(assertions.verify(new String(bad, UTF_8))).as("%d", i).isEmpty();
        }
    }

    @Test
    void believesNothingWithoutOneOfTheKeys() throws IOException {
        String before = assertions.sign(ANA);
        keys = keys(OTHER);

        assertThat(at(NOW).verify(before)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-31, false", "-30, false", "-29, true", "0, true", "59, true", "60, false"})
    void isGoodForHalfAMinuteAndHalfAMinuteOfSkew(long seconds, boolean isGood) {
        String token = assertions.sign(ANA);

        assertThat(at(NOW.plusSeconds(seconds)).verify(token).isPresent()).isEqualTo(isGood);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ana", "", "ü", "a/b", "小高", "\"", "a\u0000b", "😀"})
    void saysWhoseListsAreReadOrWritten(String user) {
        for (boolean isWrite : List.of(true, false)) {
            var subject = new Subject(user, isWrite);

            assertThat(assertions.verify(assertions.sign(subject))).contains(subject);
        }
    }

    /// By the standard alone: this token no library of ours has made.
    @Test
    void isATokenOfTheStandard() throws GeneralSecurityException {
        assertThat(assertions.verify(token(header("HS256"), CLAIMS, "HmacSHA256", KEY)))
                .contains(ANA);
    }

    @Test
    void signsWithTheFirstKeyAndBelievesBoth() throws IOException {
        String before = assertions.sign(ANA);
        keys = keys(OTHER, KEY);
        String after = at(NOW).sign(ANA);

        assertThat(at(NOW).verify(before)).contains(ANA);
        assertThat(at(NOW).verify(after)).contains(ANA);
        assertThat(assertions.verify(after)).as("of who has the old one alone").isEmpty();
    }

    private Assertions at(Instant instant) {
        return new Assertions(keys, Clock.fixed(instant, ZoneOffset.UTC));
    }

    private SecretKeys keys(byte[]... keys) throws IOException {
        List<String> lines = Arrays.stream(keys).map(Base64.getEncoder()::encodeToString).toList();
        return new SecretKeys("the.keys-file", Files.write(folder.resolve("keys"), lines));
    }

    private String header(String algorithm) {
        return "{'alg':'%s','kid':'%s'}".formatted(algorithm, keys.current().first().id());
    }

    private static String token(String header, String claims, String mac, byte[] key)
            throws GeneralSecurityException {
        Mac hmac = Mac.getInstance(mac);
        hmac.init(new SecretKeySpec(key, mac));
        String signed = base64(json(header)) + '.' + base64(json(claims));
        return sign(header, claims, hmac.doFinal(signed.getBytes(UTF_8)));
    }

    private static String sign(String header, String claims, byte... signature) {
        return base64(json(header)) + '.' + base64(json(claims)) + '.' + base64(signature);
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(UTF_8);
    }

    private static String base64(byte... bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
