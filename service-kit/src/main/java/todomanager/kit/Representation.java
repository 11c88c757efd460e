package todomanager.kit;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import jakarta.json.Json;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonGeneratorFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a resource answers: bytes that were rendered once, with their type and the strong entity
/// tag that follows from them (RFC 9110, sections 3.2 and 8.8.3).
public final class Representation {
    static final Header NOSNIFF = HeaderValues.X_CONTENT_TYPE_OPTIONS_NOSNIFF;

    static final Header NO_CACHE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-cache");
    private static final JsonGeneratorFactory GENERATORS = Json.createGeneratorFactory(Map.of());
    private static final int TAG_BYTES = 16;

    private final Header contentType;
    private final String entityTag;
    private final byte[] bytes;
    private final @Nullable Header revision;

    private Representation(Header contentType, byte[] bytes) {
        this(contentType, bytes, tagOf(bytes), null);
    }

    private Representation(
            Header contentType, byte[] bytes, String entityTag, @Nullable Header revision) {
        this.contentType = contentType;
        this.bytes = bytes;
        this.entityTag = entityTag;
        this.revision = revision;
    }

    public static Representation text(String text) {
        return new Representation(HeaderValues.CONTENT_TYPE_TEXT_PLAIN, utf8(text));
    }

    /// Compact JSON in UTF-8, and a line end for those who read it at a terminal.
    public static Representation json(Consumer<JsonGenerator> writer) {
        return new Representation(HeaderValues.CONTENT_TYPE_JSON, jsonLine(writer));
    }

    /// A JSON object of members that are rendered already.
    public static Representation object(Map<String, Representation> members) {
        var object = new ByteArrayOutputStream();
        int separator = '{';
        for (var member : members.entrySet()) {
            object.write(separator);
            object.writeBytes(utf8(Json.createValue(member.getKey()).toString()));
            object.write(':');
            byte[] line = member.getValue().bytes;
            object.write(line, 0, line.length - 1);
            separator = ',';
        }
        object.writeBytes(utf8(members.isEmpty() ? "{}\n" : "}\n"));
        return new Representation(HeaderValues.CONTENT_TYPE_JSON, object.toByteArray());
    }

    /// A file that is packaged with the service, as it is.
    static Representation packaged(String name, String mediaType) {
        try (InputStream file = Representation.class.getResourceAsStream(name)) {
            byte[] bytes = Objects.requireNonNull(file, name).readAllBytes();
            return new Representation(
                    HeaderValues.create(HeaderNames.CONTENT_TYPE, mediaType), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same, made of another document than that of the service that answers with it.
    public Representation of(Revision document) {
        return new Representation(contentType, bytes, entityTag, document.header());
    }

    static byte[] jsonLine(Consumer<JsonGenerator> writer) {
        var line = new ByteArrayOutputStream();
        try (JsonGenerator json = GENERATORS.createGenerator(line)) {
            writer.accept(json);
        }
        line.write('\n');
        return line.toByteArray();
    }

    /// Answers a GET or HEAD, with 304 where the client has these very bytes.
    void send(ServerRequest request, ServerResponse response) {
        response.header(NOSNIFF).header(NO_CACHE);
        response.header(HeaderNames.ETAG, entityTag);
        if (revision != null) {
            response.header(revision);
        }
        if (isHeldBy(request.headers())) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        response.header(contentType);
        send(request, response, bytes);
    }

    /// Sends a body, or to a HEAD its length alone; Helidon would send it all the same.
    static void send(ServerRequest request, ServerResponse response, byte[] body) {
        if (request.prologue().method().equals(Method.HEAD)) {
            response.contentLength(body.length);
            response.send();
        } else {
            response.send(body);
        }
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// `If-None-Match` is `*`, or a list of tags to compare weakly (RFC 9110, section 13.1.2). A
    /// tag of ours has no comma, so parts of a foreign one that has are never equal to it.
    private boolean isHeldBy(ServerRequestHeaders request) {
        List<String> lines = request.all(HeaderNames.IF_NONE_MATCH, List::of);
        return lines.equals(List.of("*"))
                || lines.stream()
                        .flatMap(line -> Arrays.stream(line.split(",")))
                        .map(String::strip)
                        .anyMatch(tag -> tag.equals(entityTag) || tag.equals("W/" + entityTag));
    }

    private static String tagOf(byte[] bytes) {
        byte[] tag = Arrays.copyOf(Revision.sha256().digest(bytes), TAG_BYTES);
        return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(tag) + '"';
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
