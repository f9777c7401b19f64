package issueledger.system;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The metrics that both services expose, the table of docs/operations.md, and the alert rules of docs/alerts.yml. */
@ExtendWith(SharedLedger.class)
class MetricsTest {
    private static final Path DOCS = Ledger.home().resolve("docs");

    /** Prometheus' own. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up");

    private static final Pattern NAME = Pattern.compile("\\b(?:ledger|jvm|http|process|system)_[a-z0-9_]+\\b|\\bup\\b");

    private String commands = "";
    private String queries = "";

    @BeforeEach
    void play(Ledger ledger) {
        ledger.post("/issues", "{\"id\":\"measured\",\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}");
        ledger.post("/issues/measured/start-testing", "{}");
        ledger.post("/issues/measured/record-note?dry-run=true", "{\"kind\":\"PROGRESS\",\"text\":\"x\"}");
        ledger.post("/issues/measured/make-coffee", "{}");
        Ledger.send(
                ledger.commandPort(),
                "POST",
                "/commands",
                "{\"command\":\"record-note\",\"issueId\":\"measured\",\"body\":{\"kind\":\"PROGRESS\",\"text\":\"x\"}}",
                "Content-Type",
                "application/x-ndjson");
        ledger.get("/issues");
        commands = Ledger.get(ledger.commandPort(), "/actuator/prometheus").text();
        queries = Ledger.get(ledger.queryPort(), "/actuator/prometheus").text();
    }

    @Test
    void commands_are_counted_by_name_and_outcome_and_refusals_by_reason() {
        assertThat(commands)
                .contains("ledger_commands_seconds_count{command=\"start-testing\",outcome=\"rejected\"}")
                .contains("ledger_commands_seconds_count{command=\"record-note\",outcome=\"accepted\"}")
                .contains("ledger_commands_seconds_count{command=\"record-note\",outcome=\"dry-run\"}")
                .contains("ledger_commands_seconds_bucket{command=\"record-note\",outcome=\"accepted\",le=\"0.25\"}")
                .contains("ledger_refusals_total{reason=\"WRONG_STATUS\"}")
                .doesNotContain("make-coffee")
                .doesNotContain("measured\"");
    }

    @Test
    void requests_have_the_name_of_the_command_and_buckets() {
        assertThat(commands.lines())
                .anyMatch(line -> line.startsWith("http_server_requests_seconds_bucket{command=\"start-testing\"")
                        && line.contains("uri=\"/issues/{id}/start-testing\""))
                .noneMatch(line -> line.contains("status=\"409\"") && line.contains("uri=\"/issues/{id}/{command}\""));
        assertThat(queries.lines())
                .anyMatch(line ->
                        line.startsWith("http_server_requests_seconds_bucket{") && line.contains("uri=\"/issues\""));
    }

    @Test
    void projections_and_the_log_are_measured() {
        assertThat(queries)
                .contains("ledger_projection_lag{projection=\"issues\"}")
                .contains("ledger_projection_rebuilds_total{projection=\"issues\"}");
        assertThat(value(queries, "ledger_log_head")).isGreaterThanOrEqualTo(1);
        assertThat(value(commands, "ledger_log_append_seconds_count")).isGreaterThanOrEqualTo(1);
        assertThat(value(commands, "ledger_log_group_commits_sum")).isGreaterThanOrEqualTo(1);
        assertThat(value(queries, "ledger_verification_fault_position")).isZero();
        assertThat(value(queries, "ledger_disk_threshold_bytes")).isEqualTo(1024.0 * 1024 * 1024);
        assertThat(value(queries, "ledger_disk_free_bytes")).isPositive();
    }

    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name));
    }

    @Test
    void the_table_of_operations_has_exactly_the_metrics_of_the_product() throws IOException {
        String section = Files.readString(DOCS.resolve("operations.md"))
                .split("\n## Metrics\n")[1]
                .split("\n## ")[0];
        Set<String> documented = section.lines()
                .filter(line -> line.startsWith("| `"))
                .flatMap(line -> names(line.split(" \\| ")[0]))
                .collect(toCollection(TreeSet::new));
        Set<String> exposed = Stream.of(commands, queries)
                .flatMap(String::lines)
                .filter(line -> line.startsWith("# TYPE ledger_"))
                .map(line -> line.split(" ")[2].replaceFirst("_max$", ""))
                .collect(toCollection(TreeSet::new));
        assertThat(exposed).isEqualTo(documented);
    }

    @Test
    void the_alert_rules_name_metrics_that_are_exposed() throws IOException {
        String rules = Files.readString(DOCS.resolve("alerts.yml"));
        List<String> expressions = Pattern.compile("expr: (>-\\n(?: {10}.*\\n)+|.*\\n)")
                .matcher(rules)
                .results()
                .map(result -> result.group(1))
                .toList();
        assertThat(expressions).hasSize(10);
        Set<String> exposed = Stream.of(commands, queries)
                .flatMap(String::lines)
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]")[0])
                .collect(toCollection(TreeSet::new));
        exposed.addAll(OF_PROMETHEUS);
        for (String expression : expressions) {
            Set<String> named = names(expression).collect(toCollection(TreeSet::new));
            assertThat(named).as(expression).isNotEmpty();
            assertThat(exposed).as(expression).containsAll(named);
        }
    }

    private static Stream<String> names(String text) {
        return NAME.matcher(text).results().map(MatchResult::group);
    }

    @Test
    void promtool_finds_no_fault_in_rules_and_metrics(@TempDir Path folder) throws Exception {
        if (Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .noneMatch(entry -> Files.isExecutable(Path.of(entry, "promtool")))) {
            System.out.println("The alert rules were not checked by promtool, which is not on the path.");
            return;
        }
        assertThat(promtool(
                        folder, "", "check", "rules", DOCS.resolve("alerts.yml").toString()))
                .contains("10 rules found");
        assertThat(promtool(folder, commands, "check", "metrics")).doesNotContain("error while");
        assertThat(promtool(folder, queries, "check", "metrics")).doesNotContain("error while");
    }

    /** What it says, of the product's own metrics; it is to end with success where it reads no input. */
    private static String promtool(Path folder, String input, String... arguments) throws Exception {
        Path in = Files.writeString(folder.resolve("in"), input);
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(Stream.concat(Stream.of("promtool"), Arrays.stream(arguments))
                        .toList())
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(out);
        if (input.isEmpty()) {
            assertThat(process.exitValue()).as(said).isZero();
        }
        return said;
    }
}
