package issueledger.mongo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * SecantusDB, a separate durable server that speaks MongoDB's protocol as a replica set of one, in a virtual environment under target/
 * that is made once. It stands in for MongoDB where none can be installed; unlike one it has no members to fail over to.
 */
public final class SecantusServer implements AutoCloseable {
    private static final String VERSION = "0.7.0b3";
    private static final Duration START = Duration.ofSeconds(30);

    private final Path storage;
    private final List<String> flags;
    private final int port;
    private @Nullable Process process;

    private SecantusServer(Path storage, int port, List<String> flags) {
        this.storage = storage;
        this.flags = flags;
        this.port = port;
    }

    /** Whether this machine can run it; otherwise skip with a printed reason. */
    public static boolean isPossible() {
        try {
            return new ProcessBuilder("python3", "-c", "import venv, ensurepip")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Starts it on a free port, with an fsync for each commit. */
    public static SecantusServer start(Path storage, String... flags) {
        SecantusServer server = new SecantusServer(storage, freePort(), List.of(flags));
        server.startAgain();
        return server;
    }

    public int port() {
        return port;
    }

    /** On the same port and storage. */
    public void startAgain() {
        List<String> command = new ArrayList<>(List.of(
                program().toString(),
                "--port",
                Integer.toString(port),
                "--storage-path",
                storage.toString(),
                "--sync-on-commit",
                "--enable-test-commands",
                "--log-level",
                "ERROR"));
        command.addAll(flags);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        storage.resolveSibling("secantus.log").toFile()));
        try {
            Process started = builder.start();
            process = started;
            long end = System.nanoTime() + START.toNanos();
            while (!answers()) {
                if (!started.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException(
                            "SecantusDB does not start: " + Files.readString(storage.resolveSibling("secantus.log")));
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** SIGKILL. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
        }
    }

    /** SIGSTOP, until {@link #resume}. */
    public void suspend() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        run(List.of("kill", "-" + name, Long.toString(running.pid())));
    }

    @Override
    public void close() {
        kill();
    }

    /** Made at the first call; parallel modules of Maven wait for one another. */
    private static Path program() {
        Path target =
                Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target");
        Path program = target.resolve("secantus/bin/secantusd-py");
        Path done = target.resolve("secantus/installed-" + VERSION);
        try {
            Files.createDirectories(target);
            try (FileChannel channel = FileChannel.open(
                            target.resolve("secantus.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.exists(done)) {
                    run(List.of(
                            "python3", "-m", "venv", target.resolve("secantus").toString()));
                    run(List.of(
                            target.resolve("secantus/bin/pip").toString(),
                            "install",
                            "--quiet",
                            "--disable-pip-version-check",
                            "SecantusDB==" + VERSION));
                    Files.createFile(done);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return program;
    }

    private static void run(List<String> command) {
        try {
            Process running =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(running.getInputStream().readAllBytes(), UTF_8);
            if (running.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
