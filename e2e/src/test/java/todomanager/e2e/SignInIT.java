package todomanager.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static todomanager.e2e.Kubectl.await;
import static todomanager.e2e.Kubectl.obtain;

import jakarta.json.Json;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import todomanager.e2e.Kubectl.Forward;
import todomanager.testkit.process.Tool;

/// The overlay with sign-in over a database, in a namespace of its own, and Keycloak as the
/// provider: of an image with the realm `team`, in which aniket has the password `aniket-secret`,
/// the client `todo-manager` knows `test-only-secret`, and `todo-cli` gives tokens for passwords.
@Timeout(900)
class SignInIT {
    private static final String NAMESPACE = "todo-manager-sign-in";
    private static final String ISSUER = "http://keycloak:8080/realms/team";
    private static final String OVERLAY =
            """
            resources: [../todo-manager/k8s]
            components: [../todo-manager/k8s/postgresql, ../todo-manager/k8s/postgresql/server, ../todo-manager/k8s/sign-in]
            configMapGenerator:
              - name: sign-in
                literals: [OIDC_ISSUER=%s, OIDC_CLIENT_ID=todo-manager, PUBLIC_URI=http://localhost]
            patches:
              - target: {kind: NetworkPolicy, name: to-provider}
                patch: '[{"op": "replace", "path": "/spec/egress/0/ports/0/port", "value": 8080}]'
            """
                    .formatted(ISSUER);

    private static final String LISTS = "/users/aniket/lists";
    private static final String TAKEN_UP = "auth.assertion-keys-file: the keys have changed";
    private static final Duration PATIENCE = Duration.ofMinutes(1); // with an answer

    /// Keeps its connections: kubectl may end a forward with one that closes.
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir private static Path folder;

    private static Overlay overlay;
    private static String image;
    private static String key;

    @BeforeAll
    static void deploy() throws Exception {
        image = Tool.property("keycloak.image", "IMAGE");
        Kubectl.requireContext();
        key = secretKey();
        overlay = Overlay.with(OVERLAY, NAMESPACE, folder);
        NodeVolumes.make(1);
        long begin = System.nanoTime();
        Kubectl.run("create", "namespace", NAMESPACE);
        secret("session-keys", "keys=" + secretKey());
        secret("assertion-keys", "keys=" + key);
        secret("oidc-client", "secret=test-only-secret");
        secret(
                "todo-database",
                "url=jdbc:postgresql://todo-postgresql:5432/todo",
                "username=todo",
                "password=a-password");
        overlay.run("kubectl apply --server-side -k .");
        overlay.kubectl("rollout", "status", "statefulset/todo-postgresql", Kubectl.TIMEOUT);
        for (String job : List.of("job/todo-tables", "job/user-tables")) {
            overlay.kubectl("wait", "--for=condition=complete", job, Kubectl.TIMEOUT);
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
        List<Forward> forwards = forwards("user-svc", 5000);
        try {
            for (Forward forward : forwards) {
                assertThat(status(forward, "/auth/login", "")).isEqualTo(503);
            }
            startProvider();
            try (var provider = Forward.to("service/keycloak", 8080, NAMESPACE)) {
                for (Forward forward : forwards) {
                    await("people sign in", () -> status(forward, "/auth/login", "") == 303);
                }
                takesTokens(forwards, token(provider));
                opensAtEachPodWhatASignInGives(forwards, provider);
                changesKeysInTwoStepsAndServesOn(forwards, token(provider));
                servesOnWithTheOldPodsWhenTheKeysAreSpoilt(forwards, token(provider));
            }
        } finally {
            forwards.forEach(Forward::close);
        }
    }

    private static void opensAtEachPodWhatASignInGives(List<Forward> forwards, Forward provider) {
        // Where the provider takes over two seconds the callback is 503, and a code is good once.
        var back =
                obtain(
                        "somebody comes back",
                        () ->
                                Optional.of(
                                                signIn(
                                                        forwards.getFirst(),
                                                        forwards.getLast(),
                                                        provider))
                                        .filter(answer -> answer.statusCode() != 503));
        assertThat(back.statusCode()).as(back.body()).isEqualTo(303);
        assertThat(location(back)).isEqualTo("http://localhost/page");
        for (Forward forward : forwards) {
            await(
                    "lists are shown",
                    () ->
                            send(forward, "GET", LISTS, "", "Cookie", cookies(back))
                                    .body()
                                    .contains("\"Complete homework\""));
            await(
                    "it is known who has signed in",
                    () ->
                            send(forward, "GET", "/auth/me", "", "Cookie", cookies(back))
                                    .body()
                                    .contains("\"aniket\""));
        }
    }

    /// As a browser, which begins at one pod and comes back to another.
    private static HttpResponse<String> signIn(Forward begins, Forward ends, Forward provider)
            throws IOException, InterruptedException {
        var login = send(begins, "GET", "/auth/login?back=/page", "");
        String asks = location(login);
        assertThat(asks)
                .startsWith(ISSUER + "/protocol/openid-connect/auth?")
                .contains("&redirect_uri=http%3A%2F%2Flocalhost%2Fauth%2Fcallback&");
        var form = send(provider, "GET", pathOf(asks), "");
        var signedIn =
                send(
                        provider,
                        "POST",
                        pathOf(actionOf(form.body())),
                        "username=aniket&password=aniket-secret",
                        "Cookie",
                        cookies(form));
        String comesBack = location(signedIn);
        assertThat(comesBack).startsWith("http://localhost/auth/callback?");
        return send(ends, "GET", pathOf(comesBack), "", "Cookie", cookies(login));
    }

    private static void takesTokens(List<Forward> forwards, String token) throws Exception {
        int place = token.lastIndexOf('.') + 20; // in the signature
        String other = token.charAt(place) == 'x' ? "y" : "x";
        String forged = token.substring(0, place) + other + token.substring(place + 1);
        for (Forward forward : forwards) {
            await("tokens are taken", () -> status(forward, LISTS, token) == 200);
            assertThat(status(forward, LISTS, forged)).isEqualTo(401);
            assertThat(status(forward, "/users/luckas/lists", token)).isEqualTo(404);
            await(
                    "a list is written",
                    () -> {
                        int status =
                                send(forward, "PUT", LISTS + "/home", "", bearer(token))
                                        .statusCode();
                        return status == 200 || status == 201;
                    });
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
            String[] headers = token.isEmpty() ? new String[0] : bearer(token);
            return send(forward, "GET", path, "", headers).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    /// @param form what is sent, if there is anything
    private static HttpResponse<String> send(
            Forward forward, String method, String path, String form, String... headers)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(forward.uri().resolve(path))
                        .timeout(PATIENCE)
                        .method(
                                method,
                                form.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(form));
        if (!form.isEmpty()) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("Location")
                .orElseThrow(() -> new AssertionError(answer + answer.body()));
    }

    /// Of an address that only pods or a browser have.
    private static String pathOf(String address) {
        var uri = URI.create(address);
        return uri.getRawPath() + '?' + uri.getRawQuery();
    }

    /// Where the provider's page sends what people fill in.
    private static String actionOf(String html) {
        return Pattern.compile("action=\"([^\"]+)\"")
                .matcher(html)
                .results()
                .map(form -> form.group(1).replace("&amp;", "&"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(html));
    }

    private static String cookies(HttpResponse<String> answer) {
        return answer.headers().allValues("Set-Cookie").stream()
                .map(cookie -> cookie.replaceFirst(";.*", ""))
                .collect(Collectors.joining("; "));
    }

    private static String token(Forward provider) throws IOException, InterruptedException {
        var answer =
                send(
                        provider,
                        "POST",
                        "/realms/team/protocol/openid-connect/token",
                        "grant_type=password&client_id=todo-cli&username=aniket&password=aniket-secret");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        try (var reader = Json.createReader(new StringReader(answer.body()))) {
            return reader.readObject().getString("access_token");
        }
    }

    private static void startProvider() {
        long begin = System.nanoTime();
        Kubectl.apply(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: keycloak}
                spec:
                  selector: {app.kubernetes.io/name: keycloak}
                  ports: [{port: 8080}]
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: keycloak}
                spec:
                  podSelector: {matchLabels: {app.kubernetes.io/name: keycloak}}
                  ingress: [{ports: [{port: 8080}]}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: keycloak, labels: {app.kubernetes.io/name: keycloak}}
                spec:
                  automountServiceAccountToken: false
                  terminationGracePeriodSeconds: 0
                  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: keycloak
                      image: %s
                      args: [start, --optimized, --import-realm, --http-enabled=true, '--hostname=http://keycloak:8080']
                      env: [{name: JAVA_OPTS, value: -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1}]
                      readinessProbe: {httpGet: {path: /realms/team, port: 8080}, periodSeconds: 1, timeoutSeconds: 10}
                      resources: {requests: {cpu: 25m}, limits: {memory: 1Gi}}
                      securityContext:
                        allowPrivilegeEscalation: false
                        capabilities: {drop: [ALL]}
                """
                        .formatted(image),
                "--namespace=" + NAMESPACE);
        overlay.kubectl("wait", "--for=condition=ready", "pod/keycloak", Kubectl.TIMEOUT);
        System.out.printf("Sign-in: Keycloak is ready after %.1f s%n", seconds(begin));
    }

    private static String secretKey() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
