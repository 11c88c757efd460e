package todomanager.user.signin;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import todomanager.http.Revision;

/// A sign-in that has begun, which the browser keeps, sealed, until the provider sends it back.
///
/// @param state that the provider gives back
/// @param nonce that is to be in its token
/// @param verifier that proves to it who has begun (PKCE, RFC 7636)
/// @param back the path to go on at
record Transaction(String state, String nonce, String verifier, String back, Instant end) {
    static final String COOKIE = "__Host-sign-in";
    static final String PURPOSE = "sign-in 1"; // another number for another shape
    static final Duration LONGEST = Duration.ofMinutes(5);

    static Transaction begin(String back, Instant now) {
        return new Transaction(
                Seal.secret(), Seal.secret(), Seal.secret(), back, now.plus(LONGEST));
    }

    String challenge() {
        byte[] sum = Revision.sha256().digest(verifier.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sum);
    }

    boolean hasState(String given) {
        return MessageDigest.isEqual(
                state.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    String json() {
        return Json.createObjectBuilder()
                .add("state", state)
                .add("nonce", nonce)
                .add("verifier", verifier)
                .add("back", back)
                .add("end", end.getEpochSecond())
                .build()
                .toString();
    }

    static Transaction of(String json) {
        JsonObject begun = Json.createReader(new StringReader(json)).readObject();
        return new Transaction(
                begun.getString("state"),
                begun.getString("nonce"),
                begun.getString("verifier"),
                begun.getString("back"),
                Instant.ofEpochSecond(begun.getJsonNumber("end").longValue()));
    }
}
