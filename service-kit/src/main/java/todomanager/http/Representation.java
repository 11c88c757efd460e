package todomanager.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a resource answers: bytes that were rendered once, with their type and the entity tag that
/// follows from them (RFC 9110, section 3.2).
public final class Representation {
    private static final Logger LOG = System.getLogger("todomanager");

    static final Header NOSNIFF = HeaderValues.X_CONTENT_TYPE_OPTIONS_NOSNIFF;

    static final Header NO_CACHE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-cache");
    public static final JsonGeneratorFactory GENERATORS = Json.createGeneratorFactory(Map.of());

    private static final int LARGEST_COPY = 8 << 10; // bytes
    private static final int FIRST_WRITE = 1 << 10; // bytes

    private static final Representation NONE =
            new Representation(null, null, List.of(), null, Status.NO_CONTENT_204, List.of());

    private final @Nullable Header contentType;
    private final @Nullable EntityTag tag;
    private final List<ByteBuffer> parts;
    private final @Nullable Stream stream;
    private final Status status;
    private final List<Header> headers;

    /// Writes content of which nobody knows the length, part after part.
    public interface Stream {
        void writeTo(OutputStream out) throws IOException;
    }

    private Representation(Header contentType, byte... bytes) {
        this(
                contentType,
                EntityTag.of(bytes),
                List.of(ByteBuffer.wrap(bytes)),
                null,
                Status.OK_200,
                List.of());
    }

    private Representation(
            @Nullable Header contentType,
            @Nullable EntityTag tag,
            List<ByteBuffer> parts,
            @Nullable Stream stream,
            Status status,
            List<Header> headers) {
        this.contentType = contentType;
        this.tag = tag;
        this.parts = parts;
        this.stream = stream;
        this.status = status;
        this.headers = headers;
    }

    public static Representation text(String text) {
        return new Representation(HeaderValues.CONTENT_TYPE_TEXT_PLAIN, utf8(text));
    }

    /// Text of a type that is not plain.
    public static Representation text(String mediaType, String text) {
        return new Representation(type(mediaType), utf8(text));
    }

    /// Compact JSON in UTF-8, and a line end for those who read it at a terminal.
    public static Representation json(Consumer<JsonGenerator> writer) {
        return new Representation(HeaderValues.CONTENT_TYPE_JSON, jsonLine(writer));
    }

    /// JSON that is rendered already, in parts that are joined where they are sent.
    ///
    /// @param tag that of all parts together
    public static Representation json(EntityTag tag, ByteBuffer... parts) {
        return new Representation(
                HeaderValues.CONTENT_TYPE_JSON,
                tag,
                List.of(parts),
                null,
                Status.OK_200,
                List.of());
    }

    /// JSON that is too large to be rendered before it is sent, so that it has no tag.
    public static Representation stream(Stream stream) {
        return new Representation(
                HeaderValues.CONTENT_TYPE_JSON, null, List.of(), stream, Status.OK_200, List.of());
    }

    /// Says that a request was done, and no more (204).
    public static Representation none() {
        return NONE;
    }

    /// Says that the client has the content of this tag already (304).
    public static Representation notModified(EntityTag tag) {
        return new Representation(null, tag, List.of(), null, Status.NOT_MODIFIED_304, List.of());
    }

    /// A file that is packaged with the service, as it is.
    public static Representation packaged(String name, String mediaType) {
        try (InputStream file = Representation.class.getResourceAsStream(name)) {
            return new Representation(
                    type(mediaType), Objects.requireNonNull(file, name).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same, made of another document than that of the service that answers with it.
    public Representation of(Revision document) {
        return with(document.header());
    }

    /// The same with a header more.
    public Representation with(Header header) {
        var more = new ArrayList<>(headers);
        more.add(header);
        return new Representation(contentType, tag, parts, stream, status, List.copyOf(more));
    }

    /// The same by an entity tag that some of the bytes have no part in.
    public Representation with(EntityTag tag) {
        return new Representation(contentType, tag, parts, stream, status, headers);
    }

    /// The entity tag; what has no content has none.
    public Optional<EntityTag> tag() {
        return Optional.ofNullable(tag);
    }

    /// The same as the answer of another status than 200.
    public Representation with(Status status) {
        return new Representation(contentType, tag, parts, stream, status, headers);
    }

    static byte[] jsonLine(Consumer<JsonGenerator> writer) {
        var line = new ByteArrayOutputStream();
        try (JsonGenerator json = GENERATORS.createGenerator(line)) {
            writer.accept(json);
        }
        line.write('\n');
        return line.toByteArray();
    }

    /// Answers with it, or with 304 where the client has these very bytes.
    ///
    /// @throws Problem 412 if the client wants to read other bytes; what is written has had its
    ///   conditions checked before that
    public void send(ServerRequest request, ServerResponse response) {
        if (tag != null || stream != null) {
            response.header(NO_CACHE); // or what the headers say
        }
        headers.forEach(response::header);
        response.header(NOSNIFF).status(status);
        if (tag != null) {
            Header entityTag = tag.header();
            boolean isKnown =
                    status.equals(Status.OK_200)
                            && isRead(request)
                            && Preconditions.isKnown(entityTag, request.headers());
            response.header(entityTag);
            if (isKnown) {
                response.status(Status.NOT_MODIFIED_304).send();
                return;
            }
        }
        if (contentType == null) {
            response.send();
            return;
        }
        response.header(contentType);
        if (stream == null) {
            send(request, response, parts);
            return;
        }
        if (request.prologue().method().equals(Method.HEAD)) {
            response.header(HeaderValues.TRANSFER_ENCODING_CHUNKED).send();
        } else {
            send(response, stream);
        }
    }

    private static boolean isRead(ServerRequest request) {
        Method method = request.prologue().method();
        return method.equals(Method.GET) || method.equals(Method.HEAD);
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

    /// Sends in chunks. Where that fails, the connection ends without the last chunk, so that
    /// nobody takes a part for the whole.
    private static void send(ServerResponse response, Stream stream) {
        try {
            OutputStream out = response.outputStream();
            stream.writeTo(out);
            out.close();
        } catch (Problem | IllegalStateException e) { // the data's; others are the client's
            LOG.log(Level.WARNING, "the rest of an answer could not be read", e);
            throw new CloseConnectionException("the rest of an answer can't be sent", e);
        } catch (IOException | RuntimeException e) {
            throw new CloseConnectionException("the rest of an answer can't be sent", e);
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

    private static Header type(String mediaType) {
        return HeaderValues.create(HeaderNames.CONTENT_TYPE, mediaType);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
