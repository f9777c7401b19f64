package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.http.Http;
import issueledger.log.Verifier;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A running Issue Ledger, started by {@code ./run} on free ports and a data directory of the test's; once that is done, its two
 * services can also be started without {@code ./run}, as it starts them.
 */
final class Ledger implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(120);

    /** With the soft limit of open files that most machines have, whatever this one has. */
    private static final String AS_MOST_MACHINES_DO = "ulimit -Sn 1024; exec ./run \"$@\"";

    private static final JsonMapper JSON = new JsonMapper();

    private final Path data;
    private final int commandPort;
    private final int queryPort;
    private final Path log;
    private final Map<String, String> environment;
    private final Map<Service.Kind, List<String>> lines = new EnumMap<>(Service.Kind.class);
    private List<Service> services = List.of();
    private @Nullable Process process;

    /** An answer; {@code json} is the body where it is JSON, else a missing node. */
    record Answer(int status, java.net.http.HttpHeaders headers, String text) {
        JsonNode json() {
            return JSON.readTree(text);
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    private Ledger(Path data, int commandPort, int queryPort, Map<String, String> environment) {
        this.data = data;
        this.commandPort = commandPort;
        this.queryPort = queryPort;
        this.log = data.resolveSibling(data.getFileName() + "-" + commandPort + ".log");
        this.environment = environment;
    }

    static Ledger start(Path data, String... arguments) {
        return startWith(Map.of(), data, arguments);
    }

    /** With environment variables of the test's. */
    static Ledger startWith(Map<String, String> environment, Path data, String... arguments) {
        Ledger ledger = new Ledger(data, freePort(), freePort(), environment);
        ledger.run(arguments);
        try {
            ledger.awaitReady();
        } catch (AssertionError e) {
            ledger.close();
            throw e;
        }
        return ledger;
    }

    /** The project's folder. */
    static Path home() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("run")) ? here : here.getParent();
    }

    /** Starts {@code ./run} without waiting for anything. */
    static Ledger launch(Path data, int commandPort, int queryPort, String... arguments) {
        Ledger ledger = new Ledger(data, commandPort, queryPort, Map.of());
        ledger.run(arguments);
        return ledger;
    }

    private void run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("bash", "-c", AS_MOST_MACHINES_DO, "run"));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // A test is over before the other compiler has paid.
        builder.environment().put("ISSUE_LEDGER_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        builder.environment().putAll(environment);
        builder.environment().put("ISSUE_LEDGER_DATA_DIR", data.toString());
        builder.environment().put("ISSUE_LEDGER_COMMAND_PORT", Integer.toString(commandPort));
        builder.environment().put("ISSUE_LEDGER_QUERY_PORT", Integer.toString(queryPort));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IllegalStateException("./run cannot be started", e);
        }
    }

    private void awaitReady() {
        long end = System.nanoTime() + START.toNanos();
        while (!output().contains("Issue Ledger is ready")) {
            assertThat(process().isAlive() && System.nanoTime() < end)
                    .as("./run gets ready; it said: %s", output())
                    .isTrue();
            pause();
        }
    }

    /** Waits for the end of {@code ./run} and answers its exit code. */
    int awaitExit() throws InterruptedException {
        assertThat(process().waitFor(60, TimeUnit.SECONDS))
                .as("./run ends by itself")
                .isTrue();
        return process().exitValue();
    }

    String output() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Path data() {
        return data;
    }

    int commandPort() {
        return commandPort;
    }

    int queryPort() {
        return queryPort;
    }

    Answer post(String path, String body, String... headers) {
        return post(commandPort, path, body, headers);
    }

    static Answer post(int port, String path, String body, String... headers) {
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = "application/json";
        return send(port, "POST", path, body, all);
    }

    Answer get(String path, String... headers) {
        return get(queryPort, path, headers);
    }

    static Answer get(int port, String path, String... headers) {
        return send(port, "GET", path, "", headers);
    }

    /** With just these headers; without a body where it is empty. */
    static Answer send(int port, String method, String path, String body, String... headers) {
        HttpResponse<String> response = Http.send(
                port, method, path, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body), headers);
        Answer answer = new Answer(response.statusCode(), response.headers(), response.body());
        Contract.check(response.request(), body, answer);
        return answer;
    }

    /** From now on whatever a test sends and gets is held against the OpenAPI documents of both services. */
    Ledger heldToItsDocuments() {
        Contract.hold(commandPort);
        Contract.hold(queryPort);
        return this;
    }

    Answer getFromCommandService(String path) {
        return get(commandPort, path);
    }

    void terminate() {
        process().destroy();
    }

    /** SIGTERM, and the wait for both services to end. */
    void stop() {
        terminate();
        Process running = process();
        try {
            assertThat(running.waitFor(40, TimeUnit.SECONDS))
                    .as("SIGTERM ends ./run")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same ports and data directory again. */
    void startAgain(String... arguments) {
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        run(arguments);
        awaitReady();
    }

    /** The services that {@code ./run} started, to be started again by themselves. */
    void learnServices() {
        services = List.of(service(Service.Kind.COMMAND), service(Service.Kind.QUERY));
    }

    /** One service like this ledger's, on ports and data of the test's. */
    Service serviceLikeMine(Service.Kind kind, Path itsData, int itsCommandPort, int itsQueryPort) {
        Service service = new Service(kind, commandLine(kind), itsData, itsCommandPort, itsQueryPort);
        environment.forEach(service::with);
        return service;
    }

    private Service service(Service.Kind kind) {
        return serviceLikeMine(kind, data, commandPort, queryPort);
    }

    /** As it was learnt, or as it is now. */
    private List<String> commandLine(Service.Kind kind) {
        return lines.computeIfAbsent(kind, k -> {
            ProcessHandle.Info info = process(k).info();
            List<String> line = new ArrayList<>(List.of(info.command().orElseThrow()));
            line.addAll(List.of(info.arguments().orElseThrow()));
            line.removeIf(argument -> argument.startsWith("-Dissue-ledger.started-by="));
            return line;
        });
    }

    /** A service that {@code ./run} started. */
    ProcessHandle process(Service.Kind kind) {
        return process()
                .children()
                .filter(child -> Arrays.stream(child.info().arguments().orElse(new String[0]))
                        .anyMatch(argument -> argument.contains(kind.jar())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("./run has no " + kind.jar() + " among its children"));
    }

    Service commandService() {
        return services.get(0);
    }

    Service queryService() {
        return services.get(1);
    }

    /** SIGKILL to {@code ./run}, where it runs, and to both services. */
    void kill() {
        List<ProcessHandle> all = new ArrayList<>();
        if (process != null) {
            all.add(process.toHandle());
            all.addAll(process.descendants().toList());
        }
        services.forEach(service -> service.handle().ifPresent(all::add));
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(killed -> killed.onExit().join());
        process = null;
    }

    /** SIGKILL to {@code ./run} alone. */
    void killRun() {
        process().destroyForcibly().onExit().join();
        process = null;
    }

    /** Both services without {@code ./run}, on the same ports and data directory. */
    void startServices() {
        services.forEach(Service::launch);
        services.forEach(Service::awaitReady);
    }

    /**
     * Reads the data file with the verifier that is given to strangers.
     *
     * @return the verifier's line for a valid log
     */
    static String verify(Path data) {
        Verifier.Verdict verdict = Verifier.verify(data.resolve("events.db"));
        assertThat(verdict.accepted()).as(verdict.sentence()).isTrue();
        return verdict.sentence();
    }

    @Override
    public void close() {
        services.forEach(Service::close);
        if (process == null) {
            return;
        }
        Process running = process();
        List<ProcessHandle> all = new ArrayList<>(running.descendants().toList());
        running.destroy();
        try {
            if (!running.waitFor(40, TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }

    private Process process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
