package issueledger.bench;

import issueledger.bench.stock.StockService;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process that is measured: a service alone, with the flags and the heap that {@code ./run} gives it, or all that {@code ./run} starts. */
final class Service implements AutoCloseable {
    /** The share of each service in the default heap of {@code ./run}, 1152 MB. */
    private static final int COMMAND_HEAP = 384;

    private static final int QUERY_HEAP = 768;

    /** A line of {@code jcmd GC.heap_info}: the whole of G1, or a generation of the serial collector. */
    private static final Pattern USED = Pattern.compile(
            "(?mi)^ *(?:garbage-first heap|DefNew|def new generation|tenured|tenured generation)\\b.*?used (\\d+)K");

    private static final Map<String, String> MAIN = Map.of(
            "command-service", "issueledger.command.CommandService", "query-service", "issueledger.query.QueryService");

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String name;
    private final int port;
    private final String readiness;
    private final Path log;
    private final Process process;
    private final long began = System.nanoTime();

    private Service(
            String name, Path data, int port, String readiness, List<String> command, Map<String, String> variables) {
        this.name = name;
        this.port = port;
        this.readiness = readiness;
        this.log = data.resolveSibling(name + "-" + port + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(home().toFile()).redirectErrorStream(true);
        builder.environment().put("ISSUE_LEDGER_DATA_DIR", data.toString());
        builder.environment().putAll(variables);
        try {
            process = builder.redirectOutput(log.toFile()).start();
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be started", e);
        }
        RUNNING.add(process);
    }

    static Service command(Path data) {
        int port = freePort();
        return service(
                "command-service", COMMAND_HEAP, "Serial", data, port, Map.of("ISSUE_LEDGER_COMMAND_PORT", "" + port));
    }

    /** With one processor, and on ports of the caller's. */
    static Service onCore(
            int core, boolean queries, Path data, int commandPort, int queryPort, Map<String, String> more) {
        Map<String, String> ports = new HashMap<>(more);
        ports.put("ISSUE_LEDGER_COMMAND_PORT", "" + commandPort);
        ports.put("ISSUE_LEDGER_QUERY_PORT", "" + queryPort);
        List<String> prefix = List.of("taskset", "-c", "" + core);
        return queries
                ? service(prefix, "query-service", QUERY_HEAP, "G1", data, queryPort, ports)
                : service(prefix, "command-service", COMMAND_HEAP, "Serial", data, commandPort, ports);
    }

    static Service query(Path data, Map<String, String> more) {
        int port = freePort();
        Map<String, String> variables = new HashMap<>(more);
        variables.put("ISSUE_LEDGER_QUERY_PORT", "" + port);
        return service("query-service", QUERY_HEAP, "G1", data, port, variables);
    }

    private static Service service(
            String name, int heap, String collector, Path data, int port, Map<String, String> more) {
        return service(List.of(), name, heap, collector, data, port, more);
    }

    private static Service service(
            List<String> prefix,
            String name,
            int heap,
            String collector,
            Path data,
            int port,
            Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(more);
        variables.put("SPRING_MAIN_SOURCES", "issueledger.bench.constant.Constant");
        Path target = home().resolve(name).resolve("target");
        List<String> command = new ArrayList<>(prefix);
        command.addAll(java(heap));
        if (!prefix.isEmpty()) {
            command.add("-XX:ActiveProcessorCount=1");
        }
        command.add("-XX:MetaspaceSize=128m");
        command.add("-XX:+Use" + collector + "GC");
        Path cache = target.resolve(name + ".aot");
        if (Files.exists(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.addAll(List.of("-cp", jar(target.resolve(name + ".unpacked"), "") + ":" + constant(), MAIN.get(name)));
        return new Service(name, data, port, "/actuator/health/readiness", command, variables);
    }

    /** A service with a constant answer, not part of the product. */
    private static Path constant() {
        return jar(home().resolve("system-tests/target"), "-constant");
    }

    private static Path jar(Path folder, String classifier) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(classifier + ".jar"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The stock Axon application, with the heap of the command service. */
    static Service stock(Path data) {
        int port = freePort();
        List<String> command = new ArrayList<>(java(COMMAND_HEAP));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StockService.class.getName()));
        command.addAll(List.of("" + port, "jdbc:h2:file:" + data.resolve("stock")));
        return new Service("stock", data, port, "/actuator/health", command, Map.of());
    }

    /** Both services, by {@code ./run}; ready when it says so. */
    static Service ledger(Path data, Map<String, String> more) {
        int port = freePort();
        Map<String, String> variables = new HashMap<>(more);
        variables.put("ISSUE_LEDGER_COMMAND_PORT", "" + port);
        variables.put("ISSUE_LEDGER_QUERY_PORT", "" + freePort());
        return new Service("run", data, port, "", List.of("./run"), variables);
    }

    private static List<String> java(int heap) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED"));
        if (Runtime.version().feature() >= 24) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        return command;
    }

    /** Runs another program to its end, with a folder for its files, and answers the lines that it printed. */
    static List<String> run(String main, Path folder) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(java(1024));
        command.add("-Djava.io.tmpdir=" + folder);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        RUNNING.add(process);
        List<String> lines = process.inputReader().lines().toList();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(main + " failed: " + String.join("\n", lines));
        }
        return lines;
    }

    /** The project's folder. */
    static Path home() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("run")) ? here : here.getParent();
    }

    int port() {
        return port;
    }

    boolean isRunning() {
        return process.isAlive();
    }

    String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers how many seconds it took from the start of the process. */
    double awaitReady() throws InterruptedException {
        long end = began + Duration.ofMinutes(10).toNanos();
        while (readiness.isEmpty() ? !said().contains("Issue Ledger is ready") : !answers(readiness)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException(name + " did not get ready: " + lastLine());
            }
            Thread.sleep(20);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private String lastLine() {
        return said().lines().reduce("", (before, line) -> line.isBlank() ? before : line);
    }

    private boolean answers(String path) throws InterruptedException {
        try {
            return CLIENT.send(request(path), BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // Nobody listens yet.
        }
    }

    String get(String path) throws IOException, InterruptedException {
        return CLIENT.send(request(path), BodyHandlers.ofString()).body();
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofMinutes(3))
                .build();
    }

    @Override
    public void close() {
        end(process);
    }

    double processorSeconds() {
        return process.info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    }

    /** Kills the process and those that it started, at once. */
    void kill() {
        process.descendants().toList().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    static void endAll() {
        RUNNING.forEach(Service::end);
    }

    private static void end(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        RUNNING.remove(process);
    }

    /** Heap in use after a collection, in MiB; asked of the JVM, since an overloaded service refuses HTTP. */
    double aliveMegabytes() throws IOException, InterruptedException {
        jcmd("GC.run");
        return USED.matcher(jcmd("GC.heap_info"))
                        .results()
                        .mapToLong(used -> Long.parseLong(used.group(1)))
                        .sum()
                / 1024.0;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process asked = new ProcessBuilder(jcmd, Long.toString(process.pid()), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        asked.waitFor();
        return said;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
