package todomanager.user.signin;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import todomanager.http.Representation;

/// Who somebody is, and until when that holds without another look. A browser keeps it, sealed, as
/// a cookie: there is no store of sessions.
record Session(String username, boolean isAdmin, Instant end) {
    static final String COOKIE = "__Host-session";
    static final String PURPOSE = "session 1"; // another number for another shape
    static final Duration LONGEST = Duration.ofHours(8);

    String json() {
        return Json.createObjectBuilder()
                .add("username", username)
                .add("admin", isAdmin)
                .add("end", end.getEpochSecond())
                .build()
                .toString();
    }

    static Session of(String json) {
        JsonObject session = Json.createReader(new StringReader(json)).readObject();
        return new Session(
                session.getString("username"),
                session.getBoolean("admin"),
                Instant.ofEpochSecond(session.getJsonNumber("end").longValue()));
    }

    /// What the page is told of it.
    Representation representation() {
        return Representation.json(out ->
                out.writeStartObject()
                        .write("username", username)
                        .write("admin", isAdmin)
                        .write("until", end.toString())
                        .writeEnd());
    }
}
