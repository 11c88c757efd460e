package todomanager.http;

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
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
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
    public static final JsonGeneratorFactory GENERATORS = Json.createGeneratorFactory(Map.of());

    private static final int LARGEST_COPY = 8 << 10; // bytes
    private static final int FIRST_WRITE = 1 << 10; // bytes

    private final Header contentType;
    private final Header entityTag;
    private final List<ByteBuffer> parts;
    private final @Nullable Header revision;

    private Representation(Header contentType, byte[] bytes) {
        this(contentType, entityTag(tagOf(bytes)), List.of(ByteBuffer.wrap(bytes)), null);
    }

    private Representation(
            Header contentType,
            Header entityTag,
            List<ByteBuffer> parts,
            @Nullable Header revision) {
        this.contentType = contentType;
        this.entityTag = entityTag;
        this.parts = parts;
        this.revision = revision;
    }

    public static Representation text(String text) {
        return new Representation(HeaderValues.CONTENT_TYPE_TEXT_PLAIN, utf8(text));
    }

    /// Compact JSON in UTF-8, and a line end for those who read it at a terminal.
    public static Representation json(Consumer<JsonGenerator> writer) {
        return new Representation(HeaderValues.CONTENT_TYPE_JSON, jsonLine(writer));
    }

    /// JSON that is rendered already, in parts that are joined where they are sent.
    ///
    /// @param tag what [#tagOf] gives for all of them
    public static Representation json(long tag, ByteBuffer... parts) {
        return new Representation(
                HeaderValues.CONTENT_TYPE_JSON, entityTag(tag), List.of(parts), null);
    }

    /// A file that is packaged with the service, as it is.
    public static Representation packaged(String name, String mediaType) {
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
        return new Representation(contentType, entityTag, parts, document.header());
    }

    /// Whether it has these bytes, made of this document.
    public boolean is(byte[] content, Revision document) {
        return revision != null
                && revision.get().equals(document.value())
                && parts.equals(List.of(ByteBuffer.wrap(content)));
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
    public void send(ServerRequest request, ServerResponse response) {
        response.header(NOSNIFF).header(NO_CACHE).header(entityTag);
        if (revision != null) {
            response.header(revision);
        }
        if (isHeldBy(request.headers())) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        response.header(contentType);
        send(request, response, parts);
    }

    /// Sends a body, or to a HEAD its length alone; Helidon would send it all the same.
    static void send(ServerRequest request, ServerResponse response, List<ByteBuffer> body) {
        if (request.prologue().method().equals(Method.HEAD)) {
            response.contentLength(length(body));
            response.send();
        } else if (length(body) > LARGEST_COPY) {
            response.contentLength(length(body));
            stream(response, body);
        } else if (body.size() == 1) {
            ByteBuffer whole = body.getFirst();
            response.send(whole.array(), whole.arrayOffset() + whole.position(), whole.remaining());
        } else {
            response.send(joined(body));
        }
    }

    /// Sends without a copy of the whole for each client that takes its time. Helidon joins the
    /// first write with the head, so that one is small; of the rest it copies 8 KiB at a time.
    private static void stream(ServerResponse response, List<ByteBuffer> body) {
        try (OutputStream out = response.outputStream()) {
            int first = FIRST_WRITE;
            for (ByteBuffer part : body) {
                int begin = part.arrayOffset() + part.position();
                int now = Math.min(first, part.remaining());
                out.write(part.array(), begin, now);
                out.write(part.array(), begin + now, part.remaining() - now);
                first = 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return new String(joined(parts), StandardCharsets.UTF_8);
    }

    private static int length(List<ByteBuffer> parts) {
        int length = 0;
        for (ByteBuffer part : parts) {
            length += part.remaining();
        }
        return length;
    }

    private static byte[] joined(List<ByteBuffer> parts) {
        ByteBuffer whole = ByteBuffer.allocate(length(parts));
        parts.forEach(part -> whole.put(part.duplicate()));
        return whole.array();
    }

    /// `If-None-Match` is `*`, or a list of tags to compare weakly (RFC 9110, section 13.1.2). A
    /// tag of ours has no comma, so parts of a foreign one that has are never equal to it.
    private boolean isHeldBy(ServerRequestHeaders request) {
        if (!request.contains(HeaderNames.IF_NONE_MATCH)) {
            return false;
        }
        List<String> lines = request.all(HeaderNames.IF_NONE_MATCH, List::of);
        String ours = entityTag.get();
        return lines.equals(List.of("*"))
                || lines.stream()
                        .flatMap(line -> Arrays.stream(line.split(",")))
                        .map(String::strip)
                        .anyMatch(tag -> tag.equals(ours) || tag.equals("W/" + ours));
    }

    /// What the entity tag of the content is made of: how its SHA-256 begins.
    public static long tagOf(byte... content) {
        return tagOf(Revision.sha256(), content);
    }

    public static long tagOf(MessageDigest sha256, byte... rest) {
        return ByteBuffer.wrap(sha256.digest(rest)).getLong();
    }

    /// As bytes that are ready to be sent, of which Helidon makes no copy.
    private static Header entityTag(long tag) {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(tag).array();
        String quoted = '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + '"';
        return HeaderValues.createCached(HeaderNames.ETAG, quoted);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
