package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** The shell script and the workflow of docs/ci.md, run as they stand there against a server that really gets slower. */
@Tag("full")
class EvidenceTest {
    /** Counts to a number for each request. */
    private static final String SERVER = """
        #!/usr/bin/env python3
        import sys
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_GET(self):
                body = str(sum(range(%d))).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *arguments):
                pass

        Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
        """;

    private static final int FAST = 30_000;
    private static final int SLOW = 600_000;

    /** The last command of the script by itself. */
    private static final String[] JUDGED_AGAIN = {"bash", "-c", """
        "$LEDGER" evidence slow-orders --url "$LEDGER_URL" --environment ci --metric 'latency P50' --metric 'requests RATE' \\
          --commit "$HEAD_COMMIT" --baseline runs/base-*.txt --measured runs/head-*.txt
        """};

    @TempDir
    private static Path folder;

    private static Ledger ledger;

    @BeforeAll
    static void startALedgerOfItsOwn() throws Exception {
        boolean canMeasure = hasProgram("wrk") && hasProgram("python3") && hasProgram("curl");
        assumeThat(canMeasure || "true".equals(System.getenv("CI")))
                .as("wrk, curl or Python is not installed, so that nothing is measured")
                .isTrue();
        ledger = Ledger.start(folder.resolve("data"));
        Writer.open(ledger.commandPort(), "slow-orders");
    }

    @AfterAll
    static void stop() {
        if (ledger != null) {
            ledger.close();
        }
    }

    private static boolean hasProgram(String name) throws Exception {
        return new ProcessBuilder("sh", "-c", "command -v " + name)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static String block(String language) throws IOException {
        Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Ledger.home().resolve("docs/ci.md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    /** A version of the server, as a checkout has it. */
    private static Path version(String name, int work) throws IOException {
        Path version = Files.createDirectories(folder.resolve(name));
        Path serve = version.resolve("serve");
        Files.writeString(serve, SERVER.formatted(work));
        assertThat(serve.toFile().setExecutable(true)).isTrue();
        Path script = Files.createDirectories(version.resolve(".github")).resolve("evidence.sh");
        Files.writeString(script, block("bash"));
        return version;
    }

    private record Ended(int code, String output) {}

    private static Ended run(Map<String, String> environment, String... command) throws Exception {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        try (ServerSocket free = new ServerSocket(0)) {
            builder.environment().put("PORT", Integer.toString(free.getLocalPort()));
        }
        builder.environment().put("RUNS", "6");
        builder.environment().put("SECONDS_A_RUN", "1");
        builder.environment().put("LEDGER_URL", "http://127.0.0.1:" + ledger.commandPort());
        builder.environment().putAll(environment);
        builder.environment().put("LEDGER", Ledger.home().resolve("ledger").toString());
        Process process = builder.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS))
                .as(Files.readString(output))
                .isTrue();
        return new Ended(process.exitValue(), Files.readString(output));
    }

    private static List<String> verdicts() {
        JsonNode items = ledger.get("/issues/slow-orders/metrics").json().path("items");
        return items.valueStream()
                .map(series -> series.path("name").asString() + " "
                        + series.path("statistic").asString() + " "
                        + series.path("verdict").path("verdict").asString())
                .toList();
    }

    private static int records() {
        return ledger.get("/issues/slow-orders/metrics")
                .json()
                .path("items")
                .valueStream()
                .mapToInt(series -> series.path("records").size())
                .sum();
    }

    @Test
    void a_regression_is_caught_by_the_script_and_its_fix_is_judged_better_by_the_workflow() throws Exception {
        Path script = version("base", FAST).resolve(".github/evidence.sh");
        version("head", SLOW);

        Ended caught = run(
                Map.of(
                        "ISSUE",
                        "slow-orders",
                        "HEAD_COMMIT",
                        "9f2c1e7",
                        "OUT",
                        folder.resolve("runs").toString()),
                "bash",
                script.toString(),
                "base",
                "head");

        assertThat(caught.code()).as(caught.output()).isEqualTo(1);
        assertThat(caught.output()).contains("latency P50 is worse.", "requests RATE is worse.");
        assertThat(verdicts()).containsExactly("latency P50 WORSE", "requests RATE WORSE");
        Ended again = run(Map.of("HEAD_COMMIT", "9f2c1e7"), JUDGED_AGAIN);
        assertThat(again.code()).as(again.output()).isEqualTo(1);
        assertThat(records())
                .as("what was recorded with the same files and build is recorded once")
                .isEqualTo(4);

        version("base", SLOW);
        version("head", FAST);
        Ended fixed = workflow();

        assertThat(fixed.code()).as(fixed.output()).isZero();
        assertThat(verdicts()).as(fixed.output()).containsExactly("latency P50 BETTER", "requests RATE BETTER");
        JsonNode run = ledger.get("/issues/slow-orders/metrics").json().at("/items/0/records/2/run");
        assertThat(run.path("commit").asString()).isEqualTo("b".repeat(40));
        assertThat(run.path("tool").asString()).isEqualTo("wrk");
        assertThat(run.path("machine").asString()).contains(" cores, ", " GiB, ");
    }

    /** The steps of the workflow that run something, as GitHub runs them: with their variables, and its expressions filled in. */
    @SuppressWarnings("unchecked") // It is a map of maps.
    private static Ended workflow() throws Exception {
        Map<String, Object> workflow = new Yaml().load(block("yaml"));
        Map<String, Object> job = (Map<String, Object>) ((Map<String, Object>) workflow.get("jobs")).get("evidence");
        Ended ended = new Ended(0, "");
        for (Map<String, Object> step : (List<Map<String, Object>>) job.get("steps")) {
            if (step.get("run") instanceof String commands && ended.code() == 0) {
                Map<String, String> environment = new HashMap<>(Map.of("RUNNER_TEMP", folder.toString()));
                ((Map<String, String>) step.getOrDefault("env", Map.of()))
                        .forEach((name, value) -> environment.put(name, filledIn(value)));
                ended = run(environment, "bash", "-e", "-c", commands);
            }
        }
        return ended;
    }

    private static String filledIn(String value) {
        return value.replace("${{ vars.LEDGER_URL }}", "http://127.0.0.1:" + ledger.commandPort())
                .replace("${{ secrets.LEDGER_TOKEN }}", "")
                .replace("${{ github.event.pull_request.base.sha }}", "b".repeat(40))
                .replace("${{ github.event.pull_request.head.sha }}", "c".repeat(40));
    }
}
