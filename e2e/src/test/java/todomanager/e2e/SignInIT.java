package todomanager.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.e2e.Kubectl.Forward;

/// The overlay with sign-in over a database, in a namespace of its own. Its provider is a pod with
/// two documents, and the tests sign the tokens: what a real one does is tested elsewhere.
@Timeout(300)
class SignInIT {
    private static final String NAMESPACE = "todo-manager-sign-in";
    private static final String ISSUER = "http://provider:8080";
    private static final String OVERLAY =
            """
            resources: [../todo-manager/k8s]
            components: [../todo-manager/k8s/postgresql, ../todo-manager/k8s/postgresql/server, ../todo-manager/k8s/sign-in]
            configMapGenerator:
              - name: sign-in
                literals: [OIDC_ISSUER=%s, OIDC_CLIENT_ID=todo-manager, PUBLIC_URI=https://todo.example]
            patches:
              - target: {kind: NetworkPolicy, name: to-provider}
                patch: '[{"op": "replace", "path": "/spec/egress/0/ports/0/port", "value": 8080}]'
            """
                    .formatted(ISSUER);

    private static final String LISTS = "/users/aniket/lists";
    private static final String TAKEN_UP = "auth.assertion-keys-file: the keys have changed";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);

    /// Keeps its connections: kubectl may end a forward with one that closes.
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir private static Path folder;

    private static Overlay overlay;
    private static KeyPair provider;
    private static String key;

    @BeforeAll
    static void deploy() throws Exception {
        Kubectl.requireContext();
        var rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        provider = rsa.generateKeyPair();
        key = secretKey();
        overlay = Overlay.with(OVERLAY, NAMESPACE, folder);
        NodeVolumes.make(1);
        long begin = System.nanoTime();
        Kubectl.run("create", "namespace", NAMESPACE);
        secret("session-keys", "keys=" + secretKey());
        secret("assertion-keys", "keys=" + key);
        secret("oidc-client", "secret=a-secret");
        secret(
                "todo-database",
                "url=jdbc:postgresql://todo-postgresql:5432/todo",
                "username=todo",
                "password=a-password");
        overlay.run("kubectl apply --server-side -k .");
        overlay.kubectl("rollout", "status", "statefulset/todo-postgresql", "--timeout=90s");
        for (String job : List.of("job/todo-tables", "job/user-tables")) {
            overlay.kubectl("wait", "--for=condition=complete", job, "--timeout=90s");
        }
        overlay.rollOut();
        System.out.printf(
                "Sign-in: all pods are ready, and the provider is away, after %.1f s%n",
                seconds(begin));
    }

    private static void secret(String name, String... values) {
        var arguments = new ArrayList<>(List.of("create", "secret", "generic", name));
        for (String value : values) {
            arguments.add("--from-literal=" + value);
        }
        overlay.kubectl(arguments.toArray(String[]::new));
    }

    @AfterAll
    static void remove() throws Exception {
        if (overlay != null) {
            overlay.remove();
            NodeVolumes.remove();
        }
    }

    @Test
    void eachPodAsksWhoSomebodyIs() throws Exception {
        for (String pod : overlay.pods("app.kubernetes.io/name=user-svc")) {
            try (var forward = Forward.to("pod/" + pod, 5000, NAMESPACE)) {
                var users = send(forward, "GET", "/users", "");

                assertThat(users.statusCode()).as(users.body()).isEqualTo(401);
                assertThat(users.headers().firstValue("WWW-Authenticate"))
                        .contains("Bearer realm=\"todo-manager\"");
                assertThat(send(forward, "GET", LISTS, "").statusCode()).isEqualTo(401);
                assertThat(send(forward, "PUT", "/users/eve", "").statusCode()).isEqualTo(401);
                assertThat(send(forward, "GET", "/", "").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void givesPeopleTheirListsAsSoonAsTheProviderIsThere() throws Exception {
        var other = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        String good = token("aniket", provider);
        List<Forward> forwards = forwards("user-svc", 5000);
        try {
            for (Forward forward : forwards) {
                assertThat(send(forward, "GET", "/auth/login", "").statusCode()).isEqualTo(503);
                assertThat(send(forward, "GET", LISTS, good).statusCode()).isEqualTo(503);
            }
            startProvider();
            for (Forward forward : forwards) {
                await("people sign in", () -> status(forward, "/auth/login", "") == 303);
                String location =
                        send(forward, "GET", "/auth/login", "")
                                .headers()
                                .firstValue("Location")
                                .orElseThrow();
                assertThat(location)
                        .startsWith(ISSUER + "/auth?")
                        .contains("&redirect_uri=https%3A%2F%2Ftodo.example%2Fauth%2Fcallback&");
                await("tokens are taken", () -> status(forward, LISTS, good) == 200);
                assertThat(send(forward, "GET", LISTS, token("aniket", other)).statusCode())
                        .isEqualTo(401);
                assertThat(send(forward, "GET", "/users/luckas/lists", good).statusCode())
                        .isEqualTo(404);
                assertThat(send(forward, "GET", LISTS, good).body())
                        .contains("\"Complete homework\"");
                await(
                        "a list is written",
                        () -> {
                            int status = send(forward, "PUT", LISTS + "/home", good).statusCode();
                            return status == 200 || status == 201;
                        });
            }
            changesKeysInTwoStepsAndServesOn(forwards, good);
            servesOnWithTheOldPodsWhenTheKeysAreSpoilt(forwards, good);
        } finally {
            forwards.forEach(Forward::close);
        }
    }

    /// First all know the new key, then all use it.
    private static void changesKeysInTwoStepsAndServesOn(List<Forward> forwards, String token)
            throws Exception {
        long begin = System.nanoTime();
        String newKey = secretKey();
        List<String> pods = overlay.pods("app.kubernetes.io/name in (user-svc, todo-svc)");
        List<Forward> todo = forwards("todo-svc", 5001);
        try {
            int step = 0;
            for (String keys : List.of(key + "\\n" + newKey, newKey + "\\n" + key)) {
                patchAssertionKeys(keys);
                int changes = ++step;
                await(
                        "all have the keys",
                        () -> {
                            assertAllServe(forwards, token);
                            assertNobodyElseIsBelieved(todo, token); // which has a look at the keys
                            return pods.stream().allMatch(pod -> changes(pod) >= changes);
                        });
            }
        } finally {
            todo.forEach(Forward::close);
        }
        assertAllServe(forwards, token);
        System.out.printf("Sign-in: keys are changed in two steps in %.1f s%n", seconds(begin));
    }

    private static long changes(String pod) {
        return overlay.kubectl("logs", pod).lines().filter(line -> line.contains(TAKEN_UP)).count();
    }

    private static void servesOnWithTheOldPodsWhenTheKeysAreSpoilt(
            List<Forward> forwards, String token) {
        List<String> old = overlay.pods("app.kubernetes.io/name=todo-svc");
        patchAssertionKeys("not a key");
        overlay.kubectl("rollout", "restart", "deployment/todo-svc");
        await(
                "a pod says why",
                () ->
                        overlay.kubectl("describe", "pods", "-l", "app.kubernetes.io/name=todo-svc")
                                .contains(
                                        "auth.assertion-keys-file = /sign-in/assertion-keys: line 1 is not 32 bytes"));

        assertThat(overlay.pods("app.kubernetes.io/name=todo-svc")).containsAll(old);
        assertAllServe(forwards, token);
    }

    /// A key that the other side does not know would be 502.
    private static void assertAllServe(List<Forward> forwards, String token) {
        assertThat(forwards)
                .allSatisfy(forward ->
                        assertThat(status(forward, LISTS, token))
                                .as("the last two: of a machine that has much else to do")
                                .isIn(200, 503, 504));
    }

    /// A person's token is for user-svc alone.
    private static void assertNobodyElseIsBelieved(List<Forward> todo, String token) {
        assertThat(todo)
                .allSatisfy(forward -> {
                    assertThat(status(forward, "/lists", token)).isEqualTo(401);
                    assertThat(status(forward, "/lists/aniket", "")).isEqualTo(401);
                });
    }

    private static void patchAssertionKeys(String keys) {
        overlay.kubectl(
                "patch",
                "secret",
                "assertion-keys",
                "--patch={\"stringData\": {\"keys\": \"" + keys + "\"}}");
    }

    /// One to each pod of a service.
    private static List<Forward> forwards(String service, int port) throws IOException {
        var forwards = new ArrayList<Forward>();
        for (String pod : overlay.pods("app.kubernetes.io/name=" + service)) {
            forwards.add(Forward.to("pod/" + pod, port, NAMESPACE));
        }
        return forwards;
    }

    private static int status(Forward forward, String path, String token) {
        try {
            return send(forward, "GET", path, token).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> send(
            Forward forward, String method, String path, String token)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(forward.uri().resolve(path))
                        .timeout(Duration.ofSeconds(10))
                        .method(method, BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    /// An access token of RFC 9068.
    private static String token(String user, KeyPair signer) throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        String claims =
                "{\"iss\":\"%s\",\"aud\":\"todo-manager\",\"sub\":\"1\",\"preferred_username\":\"%s\",\"iat\":%d,\"exp\":%d}"
                        .formatted(ISSUER, user, now, now + PATIENCE.toSeconds() * 3);
        String signed =
                base64("{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"1\"}".getBytes(UTF_8))
                        + '.'
                        + base64(claims.getBytes(UTF_8));
        var signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(signer.getPrivate());
        signature.update(signed.getBytes(US_ASCII));
        return signed + '.' + base64(signature.sign());
    }

    private static void startProvider() throws IOException {
        var rsa = (RSAPublicKey) provider.getPublic();
        String keys =
                "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"1\",\"use\":\"sig\",\"alg\":\"RS256\",\"n\":\"%s\",\"e\":\"%s\"}]}"
                        .formatted(base64(rsa.getModulus()), base64(rsa.getPublicExponent()));
        String discovery =
                "{\"issuer\":\"%1$s\",\"authorization_endpoint\":\"%1$s/auth\",\"token_endpoint\":\"%1$s/token\",\"jwks_uri\":\"%1$s/keys\"}"
                        .formatted(ISSUER);
        String file = Documents.class.getName().replaceFirst(".*\\.", "") + ".class";
        try (var main = Documents.class.getResourceAsStream(file)) {
            Kubectl.apply(
                    """
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: provider}
                    data: {openid-configuration: '%1$s', keys: '%2$s'}
                    binaryData: {class: %3$s}
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: {name: provider}
                    spec:
                      selector: {app.kubernetes.io/name: provider}
                      ports: [{port: 8080}]
                    ---
                    apiVersion: networking.k8s.io/v1
                    kind: NetworkPolicy
                    metadata: {name: provider}
                    spec:
                      podSelector: {matchLabels: {app.kubernetes.io/name: provider}}
                      ingress: [{ports: [{port: 8080}]}]
                    ---
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: provider, labels: {app.kubernetes.io/name: provider}}
                    spec:
                      automountServiceAccountToken: false
                      terminationGracePeriodSeconds: 0
                      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
                      containers:
                        - name: java
                          image: todo-manager/todo-svc:%4$s
                          command: [/java/bin/java, -Xmx16m, -cp, /classes, '%5$s', /documents]
                          resources: {requests: {cpu: 25m}, limits: {memory: 128Mi}}
                          securityContext:
                            allowPrivilegeEscalation: false
                            capabilities: {drop: [ALL]}
                          volumeMounts:
                            - {name: classes, mountPath: /classes/todomanager/e2e}
                            - {name: documents, mountPath: /documents}
                      volumes:
                        - name: classes
                          configMap: {name: provider, items: [{key: class, path: '%6$s'}]}
                        - name: documents
                          configMap: {name: provider}
                    """
                            .formatted(
                                    discovery,
                                    keys,
                                    Base64.getEncoder().encodeToString(main.readAllBytes()),
                                    System.getProperty("e2e.version"),
                                    Documents.class.getName(),
                                    file),
                    "--namespace=" + NAMESPACE);
        }
    }

    /// Serves the documents of a folder, each by the last part of a path. It needs no other class.
    static final class Documents {
        private Documents() {}

        public static void main(String... arguments) throws IOException {
            try (var server = new ServerSocket(8080)) {
                while (true) {
                    try (Socket connection = server.accept()) {
                        serve(connection, Path.of(arguments[0]));
                    }
                }
            }
        }

        private static void serve(Socket connection, Path folder) throws IOException {
            var in = new Scanner(connection.getInputStream(), US_ASCII);
            String path = in.nextLine().split(" ", -1)[1];
            while (!in.nextLine().isEmpty()) {
                // of no interest
            }
            byte[] document =
                    Files.readAllBytes(folder.resolve(path.substring(path.lastIndexOf('/') + 1)));
            String head =
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                            .formatted(document.length);
            connection.getOutputStream().write(head.getBytes(US_ASCII));
            connection.getOutputStream().write(document);
        }
    }

    private static String secretKey() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String base64(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int sign = bytes[0] == 0 ? 1 : 0;
        return base64(Arrays.copyOfRange(bytes, sign, bytes.length));
    }

    private static String base64(byte... bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) {
        long begin = System.nanoTime();
        while (!holds(condition)) {
            assertThat(System.nanoTime() - begin)
                    .as("not so: " + what)
                    .isLessThan(PATIENCE.toNanos());
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (IOException | UncheckedIOException e) {
            return false; // of a machine that has much else to do, and is asked again
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
