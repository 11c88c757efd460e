package todomanager.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.database.Address.Unusable;
import todomanager.database.TablePages.Row;
import todomanager.testkit.process.PostgreSql;
import todomanager.testkit.process.ServiceProcess;

/// A server that is reached over TLS, and that asks for a password.
@Timeout(60)
class SecuredDatabaseTest {
    private static final String USERNAME = "svc";
    private static final String PASSWORD = "secret"; // of the key stores
    private static final String ACCESS =
            """
            host    all svc all scram-sha-256
            local   all all     trust
            host    all all all trust
            """;

    @TempDir private static Path folder;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static EmbeddedPostgres server;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        makeCertificate("server");
        makeCertificate("other");
        server =
                EmbeddedPostgres.builder()
                        .setPGStartupWait(Duration.ofMinutes(2))
                        .setServerConfig("ssl", "on")
                        .setServerConfig("ssl_cert_file", folder.resolve("server.crt").toString())
                        .setServerConfig("ssl_key_file", folder.resolve("server.key").toString())
                        .setServerConfig(
                                "hba_file",
                                Files.writeString(folder.resolve("hba.conf"), ACCESS).toString())
                        .start();
        url = "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
        PostgreSql.execute(url, "create role svc login password 'one'");
        ThingTables.make(url);
        PostgreSql.execute(url, "grant select on all tables in schema public to svc");
    }

    /// A key and its certificate, `NAME.key` and `NAME.crt`.
    private static void makeCertificate(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        String keytool = Path.of(ServiceProcess.JAVA).resolveSibling("keytool").toString();
        var command =
                List.of(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "key",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD);
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        writePem(name + ".crt", "CERTIFICATE", keys.getCertificate("key").getEncoded());
        Path key =
                writePem(
                        name + ".key",
                        "PRIVATE KEY",
                        keys.getKey("key", PASSWORD.toCharArray()).getEncoded());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    private static Path writePem(String file, String type, byte... bytes) throws IOException {
        return Files.writeString(
                folder.resolve(file),
                "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                        .formatted(type, Base64.getMimeEncoder().encodeToString(bytes), type));
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void isUsedOverTlsWhereItHasTheCertificateThatIsKnown() throws IOException {
        try (var database = new Database(address("server", "one"), ThingTables.SCHEMA, 1)) {
            database.requireUsable();

            assertThat(
                            database.<String>read(
                                    "look",
                                    connection -> {
                                        try (var select = connection.createStatement();
                                                var rows =
                                                        select.executeQuery(
                                                                "select ssl::text from pg_stat_ssl where pid = pg_backend_pid()")) {
                                            rows.next();
                                            return rows.getString(1);
                                        }
                                    }))
                    .isEqualTo("true");
        }
    }

    @Test
    void isRefusedWhereItHasAnotherCertificate() throws IOException {
        requireRefused(
                address("other", "one"),
                "the database has a certificate that is not trusted: check sslrootcert and sslmode in data.url");
        requireRefused(
                address("none", "one"),
                "the database failed: Could not open SSL root certificate file "
                        + folder.resolve("none.crt")
                        + ".");
    }

    @Test
    void refusesAnotherPassword() throws IOException {
        requireRefused(
                address("server", "two"),
                "the database refuses the user or the password: check data.username and data.password.file");
    }

    @Test
    void saysWhichFileHasNoPassword() throws IOException {
        Address address = address("server", "one");
        Path file = address.passwordFile().orElseThrow();
        Files.delete(file);

        requireRefused(
                address,
                "the file of the password can't be read: check data.password.file (java.nio.file.NoSuchFileException: %s)"
                        .formatted(file));
    }

    @Test
    void saysThatThereIsNoTls() throws IOException {
        String plain = PostgreSql.database();
        var address =
                new Address(plain + "?sslmode=require", PostgreSql.USERNAME, Optional.empty());

        try (var database = new Database(address, ThingTables.SCHEMA, 1)) {
            assertThatExceptionOfType(Unusable.class)
                    .isThrownBy(database::requireUsable)
                    .withMessage(plain + ": the database failed: The server does not support SSL.");
        }
    }

    @Test
    void takesThePasswordThatIsInTheFileWhenAConnectionIsMade() throws IOException {
        Address address = address("server", "one");
        try (var database = new Database(address, ThingTables.SCHEMA, 1)) {
            database.requireUsable();
            PostgreSql.execute(url, "alter role svc password 'new'");
            Files.writeString(address.passwordFile().orElseThrow(), "new\n");

            assertThat(
                            database.<List<Row>>read(
                                    "look", c -> ThingTables.page(c, Optional.empty(), 1)))
                    .isEmpty();
        } finally {
            PostgreSql.execute(url, "alter role svc password 'one'");
        }
    }

    private static void requireRefused(Address address, String says) {
        try (var database = new Database(address, ThingTables.SCHEMA, 1)) {
            assertThatExceptionOfType(Unusable.class)
                    .isThrownBy(database::requireUsable)
                    .withMessage(url + ": " + says);
        }
    }

    private static Address address(String certificate, String password) throws IOException {
        return new Address(
                url + "?sslmode=verify-full&sslrootcert=" + folder.resolve(certificate + ".crt"),
                USERNAME,
                Optional.of(Files.writeString(folder.resolve("password"), password)));
    }
}
