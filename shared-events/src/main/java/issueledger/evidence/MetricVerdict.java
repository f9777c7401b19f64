package issueledger.evidence;

import issueledger.events.Better;
import issueledger.events.MetricKind;
import issueledger.events.MetricRun;
import issueledger.events.MetricSeries;
import issueledger.events.MetricSeries.Measurement;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the measured record of a series differs from its baseline by more than the noise of their samples. All but the verdict and the
 * two counts are null where it is {@link Outcome#CANNOT_TELL}, and {@code why} elsewhere.
 *
 * @param p of the two-sided Mann-Whitney test
 * @param superiority the share of pairs (a baseline sample, a measured one) in which the measured one is better, ties half
 * @param change of the measured samples relative to the baseline's
 */
public record MetricVerdict(
        Outcome verdict,
        @Nullable Why why,
        @Nullable BigDecimal p,
        @Nullable BigDecimal superiority,
        @Nullable Change change,
        int baselineSamples,
        int measuredSamples) {

    /** The smallest change that matters, unless another one is asked for. */
    public static final BigDecimal DEFAULT_EFFECT = new BigDecimal("0.05");

    public static final int FEWEST_SAMPLES = 5;

    public enum Outcome {
        BETTER,
        WORSE,
        NO_DIFFERENCE_SHOWN,
        CANNOT_TELL
    }

    /** The reason of {@link Outcome#CANNOT_TELL}; the first one that holds. */
    public enum Why {
        TOO_FEW_SAMPLES,
        OTHER_MACHINE,
        NOT_POSITIVE
    }

    /** The ratio measured / baseline, minus 1: its Hodges-Lehmann estimate and its 99 % interval, as fractions with 4 places. */
    public record Change(BigDecimal low, BigDecimal estimate, BigDecimal high) {}

    /**
     * The verdict on a series; null unless it has a baseline and a measured value.
     *
     * @param records of the series, in the order of their positions
     * @param effect the smallest change that matters, a fraction from 0 to 1
     */
    public static @Nullable MetricVerdict of(Better better, List<? extends Measurement> records, BigDecimal effect) {
        Measurement baseline = MetricSeries.latest(records, MetricKind.BASELINE);
        Measurement measured = MetricSeries.latest(records, MetricKind.MEASURED);
        if (baseline == null || measured == null) {
            return null;
        }
        List<BigDecimal> before = baseline.metric().samples();
        List<BigDecimal> after = measured.metric().samples();
        Why why = why(
                before, after, differ(baseline.metric().run(), measured.metric().run()));
        return why == null ? of(Comparison.of(before, after), better, effect) : cannotTell(why, before, after);
    }

    /** True if {@link #of} gives {@link Outcome#WORSE} with the default effect; much cheaper where it does not. */
    public static boolean isWorse(Better better, List<? extends Measurement> records) {
        Measurement baseline = MetricSeries.latest(records, MetricKind.BASELINE);
        Measurement measured = MetricSeries.latest(records, MetricKind.MEASURED);
        if (baseline == null || measured == null) {
            return false;
        }
        List<BigDecimal> before = baseline.metric().samples();
        List<BigDecimal> after = measured.metric().samples();
        return why(
                                before,
                                after,
                                differ(
                                        baseline.metric().run(),
                                        measured.metric().run()))
                        == null
                && Comparison.of(before, after).isWorse(better, DEFAULT_EFFECT);
    }

    /** The verdict on samples of one machine; null for {@code why} if there is one. */
    public static @Nullable Why why(List<BigDecimal> baseline, List<BigDecimal> measured, boolean otherMachine) {
        if (Math.min(baseline.size(), measured.size()) < FEWEST_SAMPLES) {
            return Why.TOO_FEW_SAMPLES;
        }
        if (otherMachine) {
            return Why.OTHER_MACHINE;
        }
        boolean positive = baseline.stream().allMatch(sample -> sample.signum() > 0)
                && measured.stream().allMatch(sample -> sample.signum() > 0);
        return positive ? null : Why.NOT_POSITIVE;
    }

    private static boolean differ(@Nullable MetricRun one, @Nullable MetricRun other) {
        return one != null
                && other != null
                && one.machine() != null
                && other.machine() != null
                && !one.machine().equals(other.machine());
    }

    private static MetricVerdict cannotTell(Why why, List<BigDecimal> baseline, List<BigDecimal> measured) {
        return new MetricVerdict(Outcome.CANNOT_TELL, why, null, null, null, baseline.size(), measured.size());
    }

    private static MetricVerdict of(Comparison comparison, Better better, BigDecimal effect) {
        return new MetricVerdict(
                comparison.outcome(better, effect, comparison.p()),
                null,
                Fractions.rounded(comparison.p()),
                comparison.superiority(better),
                comparison.change(),
                comparison.baselineSamples(),
                comparison.measuredSamples());
    }
}
