package todomanager.user.signin;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import todomanager.service.StartFailure;

/// A sign-in that is set up by halves, which could leave open what was to be closed.
class SetUpTest {
    private static final String WHOLE =
            "{issuer: 'http://localhost:1/team', client-id: todo-manager, client-secret-file: FOLDER/secret}";

    @TempDir private Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(folder.resolve("users.json"), SignedInService.USERS);
        Files.writeString(folder.resolve("secret"), LyingProvider.SECRET);
        Files.writeString(folder.resolve("keys"), SignedInService.key());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    oidc: {client-id: a}          | oidc.client-id
                    oidc: {client-secret-file: a} | oidc.client-secret-file
                    session.keys-file: a          | session.keys-file
                    oidc: {admin-claim: a}        | oidc.admin-claim
                    oidc: {admin-value: a}        | oidc.admin-value
                    """)
    void whatOnlySignInReadsNeedsAnIssuer(String settings, String key) {
        refuses(
                settings,
                key + ": is for sign-in; set oidc.issuer (OIDC_ISSUER), or leave this out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    oidc: {issuer: 'http://a'}                                           | oidc.client-id (OIDC_CLIENT_ID): is needed where oidc.issuer is set
                    oidc: {issuer: 'http://a', client-id: a}                             | oidc.client-secret-file (OIDC_CLIENT_SECRET_FILE): is needed where oidc.issuer is set
                    oidc: {issuer: 'http://a', client-id: a, client-secret-file: FOLDER/secret} | session.keys-file (SESSION_KEYS_FILE): is needed where oidc.issuer is set
                    oidc: {issuer: 'http://a', client-id: a, client-secret-file: FOLDER/none} | oidc.client-secret-file = FOLDER/none: can't be read; check that it is there, and its permissions
                    """)
    void anIssuerNeedsTheRest(String settings, String why) {
        refuses(settings, why);
    }

    @Test
    void aSecretIsNotEmpty() throws IOException {
        Files.writeString(folder.resolve("secret"), "\n");

        refuses(
                whole(""),
                "oidc.client-secret-file = FOLDER/secret: is empty; put the secret into it that the provider shows");
    }

    @ParameterizedTest
    @CsvSource({
        "admin-claim: a, oidc.admin-value (OIDC_ADMIN_VALUE): is needed where oidc.admin-claim is set",
        "admin-value: a, oidc.admin-claim (OIDC_ADMIN_CLAIM): is needed where oidc.admin-value is set",
    })
    void anAdministratorIsKnownByAClaimAndItsValue(String setting, String why) {
        refuses(whole(setting), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "KEY\nKEY\nKEY"})
    void thereAreOneOrTwoKeys(String content) throws IOException {
        Files.writeString(folder.resolve("keys"), content.replace("KEY", SignedInService.key()));

        refuses(
                whole(""),
                "session.keys-file = FOLDER/keys: has %d keys; give one or two"
                        .formatted(content.isBlank() ? 0 : 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret-line", "c2hvcnQ=", "KEY secret-line"})
    void aBadKeyIsNamedByItsLineAndNotShown(String line) throws IOException {
        String key = SignedInService.key();
        Files.writeString(folder.resolve("keys"), key + '\n' + line.replace("KEY", key));

        refuses(
                whole(""),
                "session.keys-file = FOLDER/keys: line 2 is not 32 bytes in Base64; make one with: openssl rand -base64 32");
    }

    @Test
    void whoComesForTheFirstTimeIsWritten() {
        refuses(
                whole("create-users: true") + "\ndata.writable: false",
                "oidc.create-users = true: needs data.writable=true, as users are written");
    }

    private static String whole(String further) {
        return "oidc: "
                + WHOLE.replace("}", further.isEmpty() ? "}" : ", " + further + '}')
                + "\nsession.keys-file: FOLDER/keys";
    }

    private void refuses(String settings, String why) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() ->
                        SignedInService.configured(
                                folder, settings.replace("FOLDER", folder.toString())))
                .withMessage(why.replace("FOLDER", folder.toString()));
    }
}
