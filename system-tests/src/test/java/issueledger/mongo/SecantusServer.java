package issueledger.mongo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
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
        return PythonEnvironment.isPossible();
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
        PythonEnvironment.run(List.of("kill", "-" + name, Long.toString(running.pid())));
    }

    @Override
    public void close() {
        kill();
    }

    private static Path program() {
        return PythonEnvironment.with("secantus", "SecantusDB==" + VERSION).program("secantusd-py");
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
