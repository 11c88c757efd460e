package todomanager.service;

import io.helidon.common.tls.Tls;
import io.helidon.config.Config;
import io.helidon.webserver.ErrorHandling;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import todomanager.http.ProblemDetails;
import todomanager.wire.NoContentLength;
import todomanager.wire.RequestHeaders;
import todomanager.wire.SlowConnections;

/// What both ports of a service have in common, and must have to be of use.
final class Ports {
    /// The most connections of the admin port.
    static final int MOST_ADMIN = 128;

    private static final int MOST = 4_096;
    private static final int BYTES_OF_A_CONNECTION = 48 << 10; // twice what one in use takes

    private Ports() {}

    /// As many slow clients as the heap holds, the next ones wait; one too many would end the
    /// listener, and so would one too many for the process.
    static int mostConnections() {
        return (int) Math.min(Runtime.getRuntime().maxMemory() / BYTES_OF_A_CONNECTION, MOST);
    }

    /// Sets a port up by its block of the configuration, to speak HTTP/1.1.
    ///
    /// @param most connections that it takes, where the configuration does not say
    /// @param grace how long requests in progress may take at the stop
    /// @param open counts the connections
    static void configure(
            ListenerConfig.BuilderBase<?, ?> listener,
            Config config,
            int most,
            Duration grace,
            AtomicInteger open) {
        listener.maxTcpConnections(most)
                .config(config)
                .shutdownGracePeriod(grace)
                .directHandlers(ProblemDetails.beforeRouting())
                .errorHandling(
                        ErrorHandling.builder()
                                .config(config.get("error-handling"))
                                .includeEntity(true) // its words
                                .build())
                .protocolsDiscoverServices(false) // or HTTP/1.1 is there twice
                .protocols(List.of())
                .addConnectionSelector(http1(config, open));
    }

    private static ServerConnectionSelector http1(Config listener, AtomicInteger open) {
        return new SlowConnections(
                Http1ConnectionSelector.builder()
                        .config(
                                Http1Config.builder()
                                        .config(listener.get("protocols.http_1_1"))
                                        .sendKeepAliveHeader(false) // as HTTP/1.1 has it anyway
                                        // or a body that it answers without is the next request
                                        .continueImmediately(true)
                                        .validateRequestHeaders(false) // as RequestHeaders does it
                                        .addReceiveListener(new RequestHeaders())
                                        .addSendListener(new NoContentLength())
                                        .build())
                        .build(),
                open);
    }

    /// Helidon logs a port in use with a stack trace, and goes on without the server. Without a key
    /// for TLS it goes on as well, and no client gets an answer.
    static void requireUsable(WebServerConfig server) throws StartFailure {
        var listeners = new LinkedHashMap<String, ListenerConfig>(); // by block
        listeners.put("server", server);
        server.sockets().forEach((name, socket) -> listeners.put("server.sockets." + name, socket));
        var probes = new ArrayList<ServerSocket>();
        try {
            for (var listener : listeners.entrySet()) {
                requireKey(listener.getKey(), listener.getValue());
                probes.add(listen(listener.getKey(), listener.getValue()));
            }
        } finally {
            probes.forEach(Ports::close);
        }
    }

    private static void requireKey(String block, ListenerConfig listener) throws StartFailure {
        Optional<Tls> tls = listener.tls().filter(Tls::enabled);
        if (tls.isPresent() && tls.get().prototype().privateKey().isEmpty()) {
            throw new StartFailure(
                    StartFailure.CONFIG,
                    "%1$s.tls: found no private key; set %1$s.tls.private-key, with the key's alias if it is in a keystore"
                            .formatted(block));
        }
    }

    private static ServerSocket listen(String block, ListenerConfig listener) throws StartFailure {
        try {
            return new ServerSocket(listener.port(), 1, listener.address());
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            throw new StartFailure(
                    StartFailure.CONFIG,
                    "%s.port = %d: can't listen there (%s); %s"
                            .formatted(block, listener.port(), why, remedy(why, block)));
        }
    }

    private static String remedy(String why, String block) {
        if (why.contains("in use")) {
            String variable = Setting.port(block + ".port").environmentVariable();
            return "stop what does, or set another with " + variable;
        }
        return why.contains("assign")
                ? "set " + block + ".host to an address of this machine"
                : "set a port that this user may listen on";
    }

    private static void close(ServerSocket probe) {
        try {
            probe.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
