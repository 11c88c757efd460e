package todomanager.service;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import todomanager.database.Address;
import todomanager.text.FileNames;
import todomanager.text.SafeText;

/// A key of the configuration and what its value must be.
///
/// @param parser makes a value of the text, or throws IllegalArgumentException saying what the text
///   is and what to give instead
public record Setting<T>(String key, Function<String, T> parser) {

    private static final String TRACES = "/v1/traces";
    private static final Duration SHORTEST = Duration.ofMillis(1); // but for none
    private static final Duration LONGEST = Duration.ofDays(1);

    static Setting<Integer> port(String key) {
        return new Setting<>(key, Setting::parsePort);
    }

    public static Setting<Path> path(String key) {
        return new Setting<>(key, Setting::parsePath);
    }

    /// A length of time in ISO 8601, `PT1S`; `0` is zero too.
    static Setting<Duration> duration(String key) {
        return new Setting<>(key, Setting::parseDuration);
    }

    /// The address of another service: `http://HOST[:PORT][/PATH]`.
    public static Setting<URI> httpUri(String key) {
        return new Setting<>(key, Setting::parseHttpUri);
    }

    /// `http[s]://HOST[:PORT][/PATH]`, as it is, with a slash at its end or without.
    public static Setting<URI> uri(String key) {
        return new Setting<>(key, Setting::parseAnyUri);
    }

    /// What people call a service by, behind a proxy: `http[s]://HOST[:PORT][/PATH]`. The value has
    /// no slash at its end.
    public static Setting<URI> publicUri(String key) {
        return new Setting<>(key, Setting::parsePublicUri);
    }

    /// A text of one line.
    public static Setting<String> text(String key) {
        return new Setting<>(key, Setting::parseText);
    }

    /// The address of a collector that takes more than traces, and those at `/v1/traces` below it.
    /// The value is where it takes traces.
    static Setting<URI> collector(String key) {
        return new Setting<>(key, Setting::parseCollector);
    }

    /// The URL of a database, without user and password.
    static Setting<String> databaseUrl(String key) {
        return new Setting<>(key, Setting::parseDatabaseUrl);
    }

    /// A whole number from 1 to 1,000.
    static Setting<Integer> count(String key) {
        return new Setting<>(key, Setting::parseCount);
    }

    /// One of some values, in lower case.
    public static <T> Setting<T> oneOf(String key, List<T> values) {
        return new Setting<>(key, text -> parseOneOf(text, values));
    }

    /// The same, which may be empty.
    public Setting<Optional<T>> optional() {
        return new Setting<>(
                key, text -> text.isEmpty() ? Optional.empty() : Optional.of(parser.apply(text)));
    }

    /// The environment variable that sets it.
    String environmentVariable() {
        return key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static <T> T parseOneOf(String text, List<T> values) {
        return values.stream()
                .filter(value -> text.equals(lowerCase(value)))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "not one of the values; give "
                                        + values.stream()
                                                .map(Setting::lowerCase)
                                                .collect(Collectors.joining(" or "))));
    }

    private static String lowerCase(Object value) {
        return value.toString().toLowerCase(Locale.ROOT);
    }

    private static String parseText(String text) {
        if (text.isBlank() || !text.equals(text.strip()) || !text.equals(SafeText.oneLine(text))) {
            throw new IllegalArgumentException(
                    "not a text of one line; leave out what can't be seen");
        }
        return text;
    }

    private static int parsePort(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "not a port; give a number from 0 (any free one) to 65535");
    }

    private static int parseCount(String text) {
        if (text.matches("[1-9]\\d{0,2}|1000")) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("not a whole number from 1 to 1000");
    }

    private static String parseDatabaseUrl(String text) {
        Address.fault(text)
                .ifPresent(fault -> {
                    throw new IllegalArgumentException(fault);
                });
        return text;
    }

    static Path parsePath(String text) {
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "not a path" + FileNames.remedy(text, "give that of a file"));
    }

    private static Duration parseDuration(String text) {
        try {
            Duration duration = text.equals("0") ? Duration.ZERO : Duration.parse(text);
            if (duration.isZero()
                    || (duration.compareTo(SHORTEST) >= 0 && duration.compareTo(LONGEST) <= 0)) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // said below
        }
        throw new IllegalArgumentException("not a duration; give 0, or one from PT0.001S to PT24H");
    }

    private static URI parseHttpUri(String text) {
        return parseUri(
                text, Set.of("http"), "not the address of a service; give http://HOST:PORT");
    }

    private static URI parsePublicUri(String text) {
        return parseAnyUri(text.replaceFirst("/+$", ""));
    }

    private static URI parseAnyUri(String text) {
        return parseUri(
                text,
                Set.of("http", "https"),
                "not the address of a service; give http://HOST:PORT or https://HOST/PATH");
    }

    private static URI parseUri(String text, Set<String> schemes, String otherwise) {
        try {
            URI uri = new URI(text);
            if (uri.getScheme() != null
                    && schemes.contains(uri.getScheme().toLowerCase(Locale.ROOT))
                    && uri.getHost() != null
                    && uri.getPort() != 0
                    && uri.getPort() <= 65_535
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new IllegalArgumentException(otherwise);
    }

    private static URI parseCollector(String text) {
        String base = parseHttpUri(text).toString().replaceFirst("/+$", "");
        if (base.endsWith(TRACES)) {
            throw new IllegalArgumentException(
                    "the address of the traces alone; leave out /v1/traces, which is added, or give"
                            + " it as otel.exporter.otlp.traces.endpoint");
        }
        return URI.create(base + TRACES);
    }
}
