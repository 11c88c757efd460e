package todomanager.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.regex.Pattern;

/// Bytes to a port of this machine, and the bytes that come back, which a client library would
/// hide.
public record Wire(int port) {
    private static final int PATIENCE = 10_000; // milliseconds; a test that waits longer has failed
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    private static final String LAST = "Connection: close\r\n";

    public static String request(String method, String path, String headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
    }

    /// A request that is the last of its connection.
    public static String lastRequest(String method, String path) {
        return request(method, path, LAST);
    }

    public String exchange(String method, String path) {
        return send(lastRequest(method, path));
    }

    public String exchange(String method, String path, String headers) {
        return send(request(method, path, headers + LAST));
    }

    /// Sends bytes, a character each, and reads until the other side hangs up.
    public String send(String requests) {
        return send(requests, false);
    }

    /// The same for what may be no whole request: the end of the bytes is sent, too.
    public String sendAll(String bytes) {
        return send(bytes, true);
    }

    private String send(String bytes, boolean isAll) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE);
            socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
            if (isAll) {
                socket.shutdownOutput();
            }
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The bytes of a text in UTF-8, a character each, as they are sent.
    public static String utf8(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    public static List<String> statuses(String answers) {
        return STATUS_LINE.matcher(answers).results().map(line -> line.group(1)).toList();
    }

    public static String header(String name, String answer) {
        return answer.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElseThrow();
    }

    public static String withoutDate(String answer) {
        return answer.replaceFirst("\r\nDate: [^\r]+", "");
    }

    /// The problem details that an answer has.
    public static JsonObject problem(String answer) {
        String body = answer.substring(answer.lastIndexOf("\r\n\r\n") + 4);
        try (var reader = Json.createReader(new StringReader(body))) {
            return reader.readObject();
        }
    }
}
