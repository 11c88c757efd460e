package todomanager.user.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.testkit.Wire.statuses;

import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import todomanager.testkit.Wire;

/// Who manages users, and how people become users by themselves.
@Timeout(60)
class AdministratorTest {
    @TempDir private static Path folder;

    private static SignedInService service;

    @BeforeAll
    static void start() {
        service =
                new SignedInService(
                        folder,
                        """
                        oidc.admin-claim: realm_access.roles
                        oidc.admin-value: todo-admin
                        oidc.create-users: true
                        """);
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
    }

    private static String status(
            String method, String path, String body, Consumer<JWTClaimsSet.Builder> lie) {
        String token = service.provider.token(lie);
        String headers =
                "Authorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n"
                        .formatted(token, body.length());
        return statuses(service.wire.send(Wire.request(method, path, headers) + body)).getFirst();
    }

    private static void admin(JWTClaimsSet.Builder claims) {
        claims.claim("realm_access", Map.of("roles", List.of("other", "todo-admin")));
    }

    static List<Consumer<JWTClaimsSet.Builder>> others() {
        return List.of(
                _ -> {},
                claims -> claims.claim("realm_access", Map.of("roles", List.of("todo-admin2"))),
                claims -> claims.claim("realm_access", Map.of("roles", "xtodo-admin")),
                claims -> claims.claim("realm_access", "todo-admin"),
                claims -> claims.claim("roles", List.of("todo-admin")));
    }

    @ParameterizedTest
    @MethodSource("others")
    void letsNobodyElseManageUsers(Consumer<JWTClaimsSet.Builder> claims) {
        assertThat(status("PUT", "/users/bo", "{\"name\":\"B\"}", claims)).isEqualTo("404");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /users/bo, '', 200",
        "PUT, /users/new, '{\"name\":\"New\"}', 201",
        "PATCH, /users/bo, '{\"verified\":0}', 200",
        "GET, /users/bo/lists, '', 404",
        "GET, /users/bo/lists/home/items, '', 404",
        "DELETE, /users/bo/lists/home, '', 404",
    })
    void letsAnAdministratorManageUsersButNotTheirLists(
            String method, String path, String body, String status) {
        assertThat(status(method, path, body, AdministratorTest::admin)).isEqualTo(status);
    }

    @Test
    void makesAUserOfWhoeverComesForTheFirstTime() {
        Consumer<JWTClaimsSet.Builder> eve =
                claims ->
                        claims.claim("preferred_username", "eve")
                                .claim("name", "Eve E")
                                .claim("email_verified", true);

        assertThat(status("GET", "/users/eve", "", eve)).isEqualTo("200");

        String token = service.provider.token(eve);
        assertThat(service.get("/users/eve", "Authorization: Bearer " + token + "\r\n"))
                .contains("\"name\":\"Eve E\",\"verified\":1}");
    }

    @ParameterizedTest
    @CsvSource({"a/b", ".", "..", "'a b'", "'a\r\nb'", "e\u0301"})
    void makesNoUserOfANameThatIsNone(String username) {
        Consumer<JWTClaimsSet.Builder> claims = it -> it.claim("preferred_username", username);

        assertThat(status("GET", "/users", "", claims)).isEqualTo("403");
    }
}
