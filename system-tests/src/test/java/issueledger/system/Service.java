package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One of the two services in a process of its own, started with the command line that {@code ./run} gave it. */
final class Service implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    enum Kind {
        COMMAND("command-service"),
        QUERY("query-service");

        private final String jar;

        Kind(String jar) {
            this.jar = jar;
        }

        String jar() {
            return jar;
        }
    }

    private final List<String> commandLine;
    private final Map<String, String> environment = new HashMap<>();
    private final Path data;
    private final int port;
    private final Path log;
    private @Nullable Process process;

    Service(Kind kind, List<String> commandLine, Path data, int commandPort, int queryPort) {
        this.commandLine = new ArrayList<>(commandLine);
        this.data = data;
        this.port = kind == Kind.COMMAND ? commandPort : queryPort;
        this.log = data.resolveSibling(data.getFileName() + "-" + port + "-alone.log");
        environment.put("ISSUE_LEDGER_DATA_DIR", data.toString());
        environment.put("ISSUE_LEDGER_COMMAND_PORT", Integer.toString(commandPort));
        environment.put("ISSUE_LEDGER_QUERY_PORT", Integer.toString(queryPort));
    }

    Service with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** On this processor alone. */
    Service onCore(int core) {
        commandLine.add(1, "-XX:ActiveProcessorCount=1");
        commandLine.addAll(0, List.of("taskset", "-c", Integer.toString(core)));
        return this;
    }

    /** @param most as Java's {@code -Xmx} takes it */
    Service withHeap(String most) {
        commandLine.replaceAll(argument -> argument.startsWith("-Xmx") ? "-Xmx" + most : argument);
        return this;
    }

    Path data() {
        return data;
    }

    Service start() {
        launch();
        awaitReady();
        return this;
    }

    /** Starts the process without waiting for anything. */
    void launch() {
        ProcessBuilder builder = new ProcessBuilder(commandLine)
                .directory(Ledger.home().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitReady() {
        long end = System.nanoTime() + START.toNanos();
        while (!isReady()) {
            assertThat(process().isAlive() && System.nanoTime() < end)
                    .as("the service gets ready; it said: %s", output())
                    .isTrue();
            pause();
        }
    }

    private boolean isReady() {
        try {
            return Ledger.get(port, "/actuator/health/readiness").status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** SIGKILL, and the wait for its end. */
    void kill() {
        process().destroyForcibly().onExit().join();
    }

    boolean isAlive() {
        return process().isAlive();
    }

    Optional<ProcessHandle> handle() {
        return Optional.ofNullable(process).map(Process::toHandle);
    }

    int port() {
        return port;
    }

    String output() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
