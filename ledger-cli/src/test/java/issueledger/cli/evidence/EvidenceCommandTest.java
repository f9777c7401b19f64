package issueledger.cli.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.Better;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.MetricKind;
import issueledger.events.Statistic;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** {@code ./ledger evidence}: what it records, prints and exits with. */
class EvidenceCommandTest {
    private static final String[] SLOW = {"20", "20.1", "20.2", "20.3", "20.4", "20.5", "20.6"};
    private static final String[] FAST = {"10", "10.1", "10.2", "10.3", "10.4", "10.5", "10.6"};

    @TempDir
    private Path folder;

    private final LedgerDouble ledger = new LedgerDouble();
    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();
    private Map<String, String> variables = Map.of(
            "GITHUB_SHA", "9f2c1e7",
            "GITHUB_RUN_ID", "7",
            "GITHUB_SERVER_URL", "https://github.example",
            "GITHUB_REPOSITORY", "a/b");

    @AfterEach
    void close() {
        ledger.close();
    }

    /** A file of wrk with this latency in milliseconds, and a rate that is the same in all. */
    private String run(String latency) {
        try {
            Path file = Files.createTempFile(folder, "run", ".txt");
            Files.writeString(file, """
                Running 1s test @ http://localhost/
                  2 threads and 10 connections
                    Latency     %sms    2.00ms  %<sms   90.00%%
                Requests/sec:   1000.50
                """.formatted(latency));
            return file.toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> runs(String... latencies) {
        return Arrays.stream(latencies).map(this::run).toList();
    }

    private int evidence(List<String> baseline, List<String> measured, String... more) {
        List<String> arguments = new ArrayList<>(List.of("slow", "--url", ledger.url()));
        arguments.addAll(List.of(more));
        arguments.add("--baseline");
        arguments.addAll(baseline);
        arguments.add("--measured");
        arguments.addAll(measured);
        return execute(arguments.toArray(String[]::new));
    }

    private int execute(String... arguments) {
        output.getBuffer().setLength(0);
        errors.getBuffer().setLength(0);
        return new CommandLine(new EvidenceCommand(variables, Duration.ofMillis(1)))
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }

    @Test
    void a_regression_is_recorded_and_exits_with_1() {
        int code = evidence(runs(FAST), runs(SLOW), "--metric", "latency MEAN", "--baseline-commit", "1111111");

        assertThat(code).as("%s%s", output, errors).isEqualTo(1);
        assertThat(output.toString())
                .contains(
                        "latency MEAN  10.3 ms  20.3 ms  +97.09 % (", "WORSE    WORSE  none", "latency MEAN is worse.");
        JsonNode metrics = ledger.bodies.get(0).path("metrics");
        assertThat(metrics).hasSize(2);
        JsonNode before = metrics.get(0);
        assertThat(before.path("kind").asString()).isEqualTo("BASELINE");
        assertThat(before.path("value").decimalValue()).isEqualByComparingTo("10.3");
        assertThat(before.path("samples")).hasSize(7);
        assertThat(before.path("environment").asString()).isEqualTo("production");
        assertThat(before.path("run").path("commit").asString()).isEqualTo("1111111");
        JsonNode run = metrics.get(1).path("run");
        assertThat(metrics.get(1).path("kind").asString()).isEqualTo("MEASURED");
        assertThat(run.path("commit").asString()).isEqualTo("9f2c1e7");
        assertThat(run.path("tool").asString()).isEqualTo("wrk");
        assertThat(run.path("url").asString()).isEqualTo("https://github.example/a/b/actions/runs/7");
        assertThat(run.path("machine").asString()).matches(".+, \\d+ cores, \\d+ GiB, \\S+ .+");
    }

    @Test
    void an_improvement_and_no_difference_exit_with_0() {
        assertThat(evidence(runs(SLOW), runs(FAST))).isZero();
        assertThat(output.toString()).contains("latency MEAN", "BETTER", "requests RATE");
        assertThat(evidence(runs(FAST), runs(FAST))).isZero();
        assertThat(output.toString()).contains("NO_DIFFERENCE_SHOWN  NO_DIFFERENCE_SHOWN");
    }

    @Test
    void the_same_files_and_build_have_the_same_key_and_others_have_another() {
        List<String> before = runs(FAST);
        List<String> after = runs(SLOW);
        evidence(before, after);
        evidence(before, after);
        evidence(before, after, "--build", "8");
        evidence(before, runs(SLOW[6], SLOW[5], SLOW[4], SLOW[3], SLOW[2], SLOW[1], SLOW[0]));

        assertThat(ledger.keys).hasSize(4);
        assertThat(ledger.keys.get(1)).isEqualTo(ledger.keys.get(0)).startsWith("evidence-");
        assertThat(java.util.Set.copyOf(ledger.keys)).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"worse, 0", "target, 0", "unclear, 2"})
    void too_few_runs_cannot_be_judged(String level, int code) {
        assertThat(evidence(runs("1", "2", "3", "4"), runs(SLOW), "--fail-on", level, "--metric=latency MEAN"))
                .isEqualTo(code);
        assertThat(output.toString())
                .contains("none    CANNOT_TELL (TOO_FEW_SAMPLES)  CANNOT_TELL", "latency MEAN cannot be judged.");
    }

    @ParameterizedTest
    @CsvSource({"worse, 0", "target, 1", "unclear, 1"})
    void a_missed_target_is_told(String level, int code) {
        ledger.has(new MetricRecorded(
                MetricKind.TARGET,
                "latency",
                Statistic.MEAN,
                "s",
                new BigDecimal("0.0102"),
                "ci",
                Better.LOWER,
                null,
                null));

        assertThat(evidence(runs(SLOW), runs(FAST), "--environment", "ci", "--fail-on", level))
                .isEqualTo(code);

        assertThat(output.toString()).contains("0.0203 s", "0.0102 missed", "latency MEAN misses its target.");
        assertThat(ledger.bodies.get(0).at("/metrics/0/unit").asString()).isEqualTo("s");
        assertThat(ledger.bodies.get(0).at("/metrics/0/samples/0").decimalValue())
                .isEqualByComparingTo("0.02");
    }

    @Test
    void metrics_are_judged_together() {
        // 5 against 5 are WORSE by themselves (p = 0.0079), and two of them are not when judged together.
        int code = evidence(runs("10", "10.1", "10.2", "10.3", "10.4"), runs("20", "20.1", "20.2", "20.3", "20.4"));

        assertThat(code).isZero();
        assertThat(output.toString()).containsPattern("latency MEAN .* WORSE +NO_DIFFERENCE_SHOWN");
        assertThat(evidence(
                        runs("10", "10.1", "10.2", "10.3", "10.4"),
                        runs("20", "20.1", "20.2", "20.3", "20.4"),
                        "--metric=latency MEAN"))
                .isEqualTo(1);
    }

    @Test
    void runs_of_two_machines_cannot_be_compared() {
        assertThat(evidence(runs(SLOW), runs(FAST), "--machine", "a", "--baseline-machine", "b"))
                .isEqualTo(2);
        assertThat(output.toString()).contains("CANNOT_TELL (OTHER_MACHINE)");
    }

    @Test
    void an_overloaded_ledger_is_asked_again_with_the_token() throws IOException {
        Path token = folder.resolve("token");
        Files.writeString(token, "abc.def.ghi\n");
        ledger.overloaded = 2;

        assertThat(evidence(runs(SLOW), runs(FAST), "--token-file", token.toString()))
                .isZero();

        assertThat(ledger.tokens).hasSize(6).containsOnly("Bearer abc.def.ghi");
        ledger.overloaded = 5;
        assertThat(evidence(runs(SLOW), runs(FAST))).isEqualTo(2);
        assertThat(errors.toString())
                .startsWith("There is no verdict: GET http://")
                .contains("503: Later.");
    }

    @Test
    void what_is_in_the_way_is_told_and_exits_with_2() throws IOException {
        List<String> good = runs(FAST);
        String url = ledger.url();
        String missing = folder.resolve("none.txt").toString();
        Path diary = folder.resolve("diary.txt");
        Files.writeString(diary, "Dear diary,\n");
        Path jmh = folder.resolve("jmh.json");
        Files.writeString(jmh, """
            [{"benchmark":"b","mode":"avgt","primaryMetric":{"score":1,"scoreUnit":"ms/op","rawData":[[1]]}}]
            """);
        Path token = folder.resolve("bad-token");
        Files.writeString(token, "secret\nwith a line");

        refused("There is no verdict: " + missing + " is not there", List.of(missing), good);
        refused("There is no verdict: " + diary + " is no output of a tool", good, List.of(diary.toString()));
        refused("There is no verdict: the runs before are of WRK, those after of JMH", good, List.of(jmh.toString()));
        refused("give the files of one tool", List.of(good.get(0), jmh.toString()), good);
        refused(
                "no file has a metric heat; there are latency MEAN, latency MAX, requests RATE",
                good,
                good,
                "--metric=heat");
        refused("the token file " + missing + " cannot be read", good, good, "--token-file", missing);
        refused("the token file does not hold a token", good, good, "--token-file", token.toString());
        assertThat(errors.toString()).doesNotContain("secret");
        refused("--effect must be from 0 to 1", good, good, "--effect=1.5");
        refused("must be worse, target or unclear", good, good, "--fail-on=never");
        assertThat(execute("other", "--url", url, "--baseline", good.get(0), "--measured", good.get(1)))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("is answered 404: There is no such issue.");
        assertThat(execute("slow", "--baseline", good.get(0))).isEqualTo(2);
        assertThat(errors.toString()).contains("ISSUE, --url, --baseline and --measured are required");
        assertThat(execute("a b", "--url", url, "--baseline", good.get(0), "--measured", good.get(1)))
                .isEqualTo(2);
        assertThat(execute("slow", "--url", "no url", "--baseline", good.get(0), "--measured", good.get(1)))
                .isEqualTo(2);
        assertThat(errors.toString()).contains("is no address of a service");
        assertThat(ledger.bodies).isEmpty();
        ledger.close();
        refused("does not answer", good, good);
    }

    private void refused(String why, List<String> baseline, List<String> measured, String... more) {
        assertThat(evidence(baseline, measured, more)).as(why).isEqualTo(2);
        assertThat(errors.toString()).contains(why);
    }

    @Test
    void a_metric_that_not_every_file_has_and_one_that_is_0_everywhere_are_left_out() throws IOException {
        List<String> before = new ArrayList<>(runs(FAST));
        Files.writeString(
                Path.of(before.get(3)), "  Non-2xx or 3xx responses: 21\n", java.nio.file.StandardOpenOption.APPEND);

        assertThat(evidence(before, runs(SLOW), "--metric=latency MEAN", "--metric=non_2xx_responses"))
                .isEqualTo(1);

        assertThat(errors.toString()).contains("non_2xx_responses COUNT is left out: not every file has it");
        assertThat(ledger.bodies.get(0).path("metrics")).hasSize(2);
        assertThat(evidence(runs("0", "0"), runs("0", "0"), "--metric=latency")).isEqualTo(2);
        assertThat(errors.toString())
                .contains("latency MEAN is left out: it is 0 in every file", "there is no metric that every file has");
    }

    @Test
    void runs_of_the_same_code_tell_how_far_they_can_be_trusted() {
        String[] noisy = new String[20];
        java.util.Random random = new java.util.Random(1);
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] = String.format(java.util.Locale.ROOT, "%.4f", 10 + 0.2 * random.nextGaussian());
        }
        List<String> arguments = new ArrayList<>(List.of("--metric=latency MEAN", "--aa"));
        arguments.addAll(runs(noisy));

        assertThat(execute(arguments.toArray(String[]::new))).isZero();

        assertThat(output.toString())
                .containsPattern("latency MEAN +20 +\\S+ ms +0 of 1000 +\\+(8|9)\\.\\d %")
                .contains("Judged together, 0 of 1000 splits would have");
        String first = output.toString();
        execute(arguments.toArray(String[]::new));
        assertThat(output).hasToString(first);
        assertThat(ledger.bodies).isEmpty();

        List<String> few = new ArrayList<>(List.of("--aa"));
        few.addAll(runs(FAST));
        assertThat(execute(few.toArray(String[]::new))).isEqualTo(2);
        assertThat(errors.toString()).contains("--aa needs at least 10 runs");
        few.add(0, "slow");
        assertThat(execute(few.toArray(String[]::new))).isEqualTo(2);
        assertThat(errors.toString()).contains("it takes neither ISSUE nor --url");
    }
}
