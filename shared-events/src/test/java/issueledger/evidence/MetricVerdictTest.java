package issueledger.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import issueledger.events.Better;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.MetricKind;
import issueledger.events.MetricRun;
import issueledger.events.MetricSeries;
import issueledger.events.Statistic;
import issueledger.evidence.MetricVerdict.Change;
import issueledger.evidence.MetricVerdict.Outcome;
import issueledger.evidence.MetricVerdict.Why;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The verdict on a series, as docs/api.md defines it. */
class MetricVerdictTest {
    private static final Instant DAY = Instant.parse("2026-02-14T09:30:00Z");

    private record Record(MetricRecorded metric, Instant measuredAt, boolean withdrawn)
            implements MetricSeries.Measurement {}

    private static Record record(MetricKind kind, Instant measuredAt, List<String> samples, String machine) {
        MetricRun run = machine == null ? null : new MetricRun(null, machine, null, null);
        MetricRecorded metric = new MetricRecorded(
                kind,
                "latency",
                Statistic.P95,
                "ms",
                BigDecimal.ONE,
                "production",
                Better.LOWER,
                null,
                null,
                samples.stream().map(BigDecimal::new).toList(),
                run);
        return new Record(metric, measuredAt, false);
    }

    private static MetricVerdict verdict(Better better, String effect, List<String> baseline, List<String> measured) {
        return MetricVerdict.of(
                better,
                List.of(
                        record(MetricKind.BASELINE, DAY, baseline, null),
                        record(MetricKind.MEASURED, DAY, measured, null)),
                new BigDecimal(effect));
    }

    private static List<String> numbers(String... samples) {
        return List.of(samples);
    }

    static Stream<String> verdictsOfSciPy() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(MetricVerdictTest.class.getResourceAsStream("/evidence/verdicts.csv"))) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .toList();
            return lines.stream();
        }
    }

    /** Written by {@code verdicts.py}, which stands beside it. */
    @ParameterizedTest
    @MethodSource("verdictsOfSciPy")
    void a_verdict_is_that_of_scipy_and_exact_fractions(String line) {
        String[] fields = line.split(",");

        MetricVerdict verdict = verdict(
                Better.valueOf(fields[2]), fields[3], List.of(fields[0].split(" ")), List.of(fields[1].split(" ")));

        assertThat(verdict.verdict()).isEqualTo(Outcome.valueOf(fields[4]));
        assertThat(verdict.why()).isNull();
        assertThat(verdict.p()).isEqualByComparingTo(fields[5]);
        assertThat(verdict.superiority()).isEqualByComparingTo(fields[6]);
        Change change = Objects.requireNonNull(verdict.change());
        assertThat(change.low()).isEqualByComparingTo(fields[7]);
        assertThat(change.estimate()).isEqualByComparingTo(fields[8]);
        assertThat(change.high()).isEqualByComparingTo(fields[9]);
    }

    @Test
    void a_series_without_a_baseline_or_a_measured_value_has_no_verdict() {
        Record baseline = record(MetricKind.BASELINE, DAY, List.of(), null);
        Record measured = record(MetricKind.MEASURED, DAY, List.of(), null);

        assertThat(MetricVerdict.of(Better.LOWER, List.of(baseline), BigDecimal.ZERO))
                .isNull();
        assertThat(MetricVerdict.of(Better.LOWER, List.of(measured), BigDecimal.ZERO))
                .isNull();
        assertThat(MetricVerdict.of(Better.LOWER, List.of(), BigDecimal.ZERO)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "4, 5, , , 1, TOO_FEW_SAMPLES",
        "5, 0, a, b, -1, TOO_FEW_SAMPLES",
        "5, 5, a, b, -1, OTHER_MACHINE",
        "5, 5, a, a, 0, NOT_POSITIVE",
        "5, 5, a, , -1, NOT_POSITIVE",
    })
    void the_first_reason_why_a_verdict_cannot_be_told_is_named(
            int before, int after, String machine, String other, String first, Why why) {
        List<String> baseline = IntStream.range(0, before)
                .mapToObj(i -> i == 0 ? first : Integer.toString(i + 100))
                .toList();
        List<String> measured = IntStream.range(0, after).mapToObj(i -> "7").toList();

        assertThat(MetricVerdict.of(
                        Better.LOWER,
                        List.of(
                                record(MetricKind.BASELINE, DAY, baseline, machine),
                                record(MetricKind.MEASURED, DAY, measured, other)),
                        MetricVerdict.DEFAULT_EFFECT))
                .isEqualTo(new MetricVerdict(Outcome.CANNOT_TELL, why, null, null, null, before, after));
    }

    @Test
    void the_records_that_count_are_compared_and_no_other() {
        List<String> slow = numbers("100", "101", "102", "103", "104");
        List<String> fast = numbers("50", "51", "52", "53", "54");
        List<Record> records = new ArrayList<>(List.of(
                record(MetricKind.BASELINE, DAY, slow, null),
                record(MetricKind.MEASURED, DAY.plusSeconds(9), fast, null),
                // Recorded later, measured earlier.
                record(MetricKind.MEASURED, DAY.plusSeconds(8), slow, null)));
        assertThat(MetricVerdict.of(Better.LOWER, records, BigDecimal.ZERO))
                .extracting(MetricVerdict::verdict)
                .isEqualTo(Outcome.BETTER);

        Record fastest = records.get(1);
        records.set(1, new Record(fastest.metric(), fastest.measuredAt(), true));
        assertThat(MetricVerdict.of(Better.LOWER, records, BigDecimal.ZERO))
                .extracting(MetricVerdict::verdict)
                .isEqualTo(Outcome.NO_DIFFERENCE_SHOWN);
    }

    @Test
    void five_against_five_with_a_tie_are_never_better() {
        MetricVerdict verdict = verdict(
                Better.LOWER, "0", numbers("100", "101", "102", "103", "103"), numbers("1", "2", "3", "4", "5"));

        assertThat(verdict.verdict()).isEqualTo(Outcome.NO_DIFFERENCE_SHOWN);
        assertThat(verdict.p()).isEqualByComparingTo("0.0119");
        assertThat(verdict.superiority()).isEqualByComparingTo("1");
    }

    @Test
    void the_exact_p_is_that_of_commons_statistics() {
        Random random = new Random(1);
        MannWhitneyUTest test = MannWhitneyUTest.withDefaults().with(PValueMethod.EXACT);
        for (int i = 0; i < 200; i++) {
            int n = 5 + random.nextInt(20);
            int m = 5 + random.nextInt(20);
            double[] x = random.doubles(n).toArray();
            double[] y = random.doubles(m).map(value -> value + 0.3).toArray();

            double p = test.test(x, y).getPValue();

            assertThat(Comparison.of(decimals(x), decimals(y)).p()).isCloseTo(p, within(1e-12 * p));
        }
    }

    private static List<BigDecimal> decimals(double[] values) {
        return Arrays.stream(values).mapToObj(BigDecimal::new).toList();
    }

    @Test
    void the_counts_of_two_samples_of_100_are_the_exact_ones_but_for_rounding() {
        BigInteger[] exact = new BigInteger[5_001];
        Arrays.fill(exact, BigInteger.ZERO);
        exact[0] = BigInteger.ONE;
        for (int i = 1; i <= 100; i++) {
            for (int u = 5_000; u >= 100 + i; u--) {
                exact[u] = exact[u].subtract(exact[u - 100 - i]);
            }
            for (int u = i; u <= 5_000; u++) {
                exact[u] = exact[u].add(exact[u - i]);
            }
        }
        double[] counts = MannWhitney.counts(100, 100, 5_000);
        for (int u = 0; u <= 5_000; u++) {
            assertThat(counts[u] / exact[u].doubleValue()).isCloseTo(1, within(1e-12));
        }
        assertThat(MannWhitney.intervalRank(100, 100)).isEqualTo(3_949);
        assertThat(MannWhitney.intervalRank(5, 5)).isEqualTo(1);
    }

    @Test
    void two_samples_of_100_are_judged() {
        List<String> baseline =
                IntStream.range(0, 100).mapToObj(i -> "1." + (100 + i)).toList();
        List<String> measured =
                IntStream.range(0, 100).mapToObj(i -> "1." + (100 + i) + "5").toList();

        MetricVerdict verdict = verdict(Better.LOWER, "0.05", baseline, measured);

        assertThat(verdict.verdict()).isEqualTo(Outcome.NO_DIFFERENCE_SHOWN);
        assertThat(verdict.superiority()).isEqualByComparingTo("0.495");
        assertThat(verdict.p()).isBetween(new BigDecimal("0.9"), BigDecimal.ONE);
    }

    @Test
    void a_worse_verdict_is_known_without_its_figures() {
        List<String> slow = numbers("100", "101", "102", "103", "104");
        List<String> fast = numbers("50", "51", "52", "53", "54");

        assertThat(MetricVerdict.isWorse(Better.LOWER, pair(fast, slow))).isTrue();
        assertThat(MetricVerdict.isWorse(Better.HIGHER, pair(fast, slow))).isFalse();
        assertThat(MetricVerdict.isWorse(Better.HIGHER, pair(slow, fast))).isTrue();
        assertThat(MetricVerdict.isWorse(Better.LOWER, pair(fast, fast))).isFalse();
        assertThat(MetricVerdict.isWorse(Better.LOWER, pair(fast, List.of()))).isFalse();
        assertThat(MetricVerdict.isWorse(Better.LOWER, List.of())).isFalse();
    }

    private static List<Record> pair(List<String> baseline, List<String> measured) {
        return List.of(
                record(MetricKind.BASELINE, DAY, baseline, null), record(MetricKind.MEASURED, DAY, measured, null));
    }
}
