package todomanager.user.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An OpenID provider of a test's own, which tells the truth until it is told to lie, as no real
/// one does.
final class LyingProvider implements AutoCloseable {
    static final String CLIENT = "todo-manager";
    static final String SECRET = "the client's secret: +&=%";

    private static final RSAKey RSA = rsaKey("rsa");
    private static final ECKey EC = ecKey("ec");

    private final CountDownLatch silence = new CountDownLatch(1);
    private final AtomicInteger fetches = new AtomicInteger();
    private final int port;
    private HttpServer server;
    private volatile boolean isSilent;
    private volatile List<JWK> keys;
    private volatile UnaryOperator<Map<String, Object>> description = UnaryOperator.identity();
    private volatile UnaryOperator<Answer> tokens = UnaryOperator.identity();
    private volatile @Nullable String nonce;
    private volatile Consumer<JWTClaimsSet.Builder> identity = _ -> {};
    private volatile Map<String, String> form = Map.of();
    private volatile @Nullable String authorization;

    record Answer(int status, String body) {}

    LyingProvider() {
        this.keys = List.of(RSA, EC);
        this.server = listen(0);
        this.port = server.getAddress().getPort();
    }

    static RSAKey rsaKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static ECKey ecKey(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private HttpServer listen(int port) {
        try {
            var listening =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
            listening.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            listening.createContext("/", this::answer);
            listening.start();
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String issuer() {
        return "http://localhost:" + port + "/team";
    }

    void comesBack() {
        server = listen(port);
    }

    void goesAway() {
        server.stop(0);
    }

    /// Takes requests, and answers none.
    void fallsSilent() {
        isSilent = true;
    }

    void describesItself(UnaryOperator<Map<String, Object>> lie) {
        description = lie;
    }

    void answersCodes(UnaryOperator<Answer> lie) {
        tokens = lie;
    }

    /// As at first.
    void tellsTheTruth() {
        tokens = UnaryOperator.identity();
        identity = _ -> {};
        nonce = null;
        form = Map.of();
        authorization = null;
    }

    /// Says in the next token who somebody is.
    void signsIn(@Nullable String withNonce, Consumer<JWTClaimsSet.Builder> claims) {
        nonce = withNonce;
        identity = claims;
    }

    void rollsItsKeys(JWK... now) {
        keys = List.of(now);
    }

    RSAKey rsa() {
        return keys.getFirst().toRSAKey();
    }

    ECKey ec() {
        return keys.getLast().toECKey();
    }

    /// How often its keys were fetched.
    int fetches() {
        return fetches.get();
    }

    /// What was sent with the last code.
    Map<String, String> form() {
        return form;
    }

    @Nullable String authorization() {
        return authorization;
    }

    /// An access token for ana, which the changes make a lie.
    String token(JWK key, Consumer<JWSHeader.Builder> header, Consumer<JWTClaimsSet.Builder> lie) {
        var algorithm = key instanceof RSAKey ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256;
        var head =
                new JWSHeader.Builder(algorithm)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(key.getKeyID());
        header.accept(head);
        return sign(key, head.build(), claims(lie));
    }

    /// The same token by another key, so to say: its signature is that of the one it names no more.
    static String renamed(String token, String key) {
        String header = "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"" + key + "\"}";
        return Base64URL.encode(header) + token.substring(token.indexOf('.'));
    }

    String token() {
        return token(rsa(), _ -> {}, _ -> {});
    }

    String token(Consumer<JWTClaimsSet.Builder> lie) {
        return token(rsa(), _ -> {}, lie);
    }

    JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> lie) {
        var claims =
                new JWTClaimsSet.Builder()
                        .issuer(issuer())
                        .audience(CLIENT)
                        .subject("1-2-3")
                        .claim("preferred_username", "ana")
                        .issueTime(at(0))
                        .expirationTime(at(300));
        lie.accept(claims);
        return claims.build();
    }

    static Date at(long seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }

    static String sign(JWK key, JWSHeader header, JWTClaimsSet claims) {
        try {
            var jwt = new SignedJWT(header, claims);
            jwt.sign(
                    key instanceof RSAKey rsa
                            ? new RSASSASigner(rsa)
                            : new ECDSASigner(key.toECKey()));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (isSilent) {
            await();
        }
        Answer answer =
                switch (exchange.getRequestURI().getPath()) {
                    case "/team/.well-known/openid-configuration" -> new Answer(200, described());
                    case "/keys" -> {
                        fetches.incrementAndGet();
                        yield new Answer(200, new JWKSet(keys).toString(true));
                    }
                    case "/token" -> tokens.apply(exchanged(exchange));
                    default -> new Answer(404, "");
                };
        byte[] body = answer.body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void await() {
        try {
            silence.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String described() {
        String at = "http://localhost:" + port;
        var found = new TreeMap<String, Object>();
        found.put("issuer", issuer());
        found.put("authorization_endpoint", at + "/authorize?a=b");
        found.put("token_endpoint", at + "/token");
        found.put("jwks_uri", at + "/keys");
        found.put("end_session_endpoint", at + "/end");
        found.put("authorization_response_iss_parameter_supported", true);
        return JSONObjectUtils.toJSONString(description.apply(found));
    }

    private Answer exchanged(HttpExchange exchange) throws IOException {
        var read = new TreeMap<String, String>();
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        Stream.of(body.split("&", -1))
                .map(pair -> pair.split("=", 2))
                .forEach(pair -> read.put(pair[0], URLDecoder.decode(pair[1], UTF_8)));
        form = read;
        authorization = exchange.getRequestHeaders().getFirst("Authorization");
        var header =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(JOSEObjectType.JWT)
                        .keyID(keys.getFirst().getKeyID())
                        .build();
        String token =
                sign(
                        keys.getFirst(),
                        header,
                        claims(claims -> {
                            claims.claim("nonce", nonce);
                            identity.accept(claims);
                        }));
        return new Answer(
                200, "{\"id_token\":\"" + token + "\",\"access_token\":\"x\",\"expires_in\":60}");
    }

    URI endpoint(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    @Override
    public void close() {
        silence.countDown();
        server.stop(0);
    }
}
