package issueledger.evidence;

import issueledger.events.Better;
import issueledger.evidence.MetricVerdict.Change;
import issueledger.evidence.MetricVerdict.Outcome;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Two samples of positive numbers, compared by their order and by their ratios. Samples are decimals, and every decision but that on p is
 * exact.
 */
public final class Comparison {
    /** Largest p of a difference that is shown. */
    public static final double ALPHA = 0.01;

    private final List<BigDecimal> baseline;
    private final List<BigDecimal> measured;

    /** Twice the number of pairs in which the measured sample is the greater one, with ties half. */
    private final long greater;

    private final double p;

    private Comparison(List<BigDecimal> baseline, List<BigDecimal> measured) {
        this.baseline = baseline;
        this.measured = measured;
        long twice = 0;
        for (BigDecimal after : measured) {
            for (BigDecimal before : baseline) {
                twice += 1 + Integer.signum(after.compareTo(before));
            }
        }
        this.greater = twice;
        List<BigDecimal> all = new ArrayList<>(baseline);
        all.addAll(measured);
        Collections.sort(all);
        this.p = hasTies(all)
                ? MannWhitney.approximateP(ranks(baseline, all), ranks(measured, all))
                : MannWhitney.exactP(greater / 2, baseline.size(), measured.size());
    }

    /** @param baseline and measured: at least one sample each, all positive */
    public static Comparison of(List<BigDecimal> baseline, List<BigDecimal> measured) {
        return new Comparison(baseline, measured);
    }

    private static boolean hasTies(List<BigDecimal> sorted) {
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).compareTo(sorted.get(i - 1)) == 0) {
                return true;
            }
        }
        return false;
    }

    /** Numbers in the order of the samples and tied where they are; doubles of the samples might be tied where they are not. */
    private static double[] ranks(List<BigDecimal> samples, List<BigDecimal> sorted) {
        List<BigDecimal> distinct = new ArrayList<>();
        for (BigDecimal sample : sorted) {
            if (distinct.isEmpty() || distinct.get(distinct.size() - 1).compareTo(sample) != 0) {
                distinct.add(sample);
            }
        }
        return samples.stream()
                .mapToDouble(sample -> Collections.binarySearch(distinct, sample))
                .toArray();
    }

    public int baselineSamples() {
        return baseline.size();
    }

    public int measuredSamples() {
        return measured.size();
    }

    private long pairs() {
        return (long) baseline.size() * measured.size();
    }

    /** The p of the two-sided Mann-Whitney test; exact without ties. */
    public double p() {
        return p;
    }

    /** Twice the number of pairs in which the measured sample is the better one, with ties half. */
    private long better(Better better) {
        return better == Better.LOWER ? 2 * pairs() - greater : greater;
    }

    /** The share of pairs in which the measured sample is better, ties half. */
    public BigDecimal superiority(Better better) {
        return Fractions.rounded(BigDecimal.valueOf(better(better)), BigDecimal.valueOf(2 * pairs()));
    }

    /**
     * The outcome with this p, which is {@link #p} or, where several comparisons are judged together, a corrected one.
     *
     * @param effect the smallest change that matters, a fraction from 0 to 1
     */
    public Outcome outcome(Better better, BigDecimal effect, double p) {
        if (p >= ALPHA) {
            return Outcome.NO_DIFFERENCE_SHOWN;
        }
        long wins = better(better);
        Better worse = better == Better.LOWER ? Better.HIGHER : Better.LOWER;
        // Superiority is wins / (2 pairs): compared with 4/5 and 1/5.
        if (5 * wins >= 8 * pairs() && isWhollyBeyond(better, effect)) {
            return Outcome.BETTER;
        }
        return 5 * wins <= 2 * pairs() && isWhollyBeyond(worse, effect) ? Outcome.WORSE : Outcome.NO_DIFFERENCE_SHOWN;
    }

    boolean isWorse(Better better, BigDecimal effect) {
        return 5 * better(better) <= 2 * pairs() && outcome(better, effect, p) == Outcome.WORSE;
    }

    /** True if the whole interval of the change is below −effect (LOWER) or above effect (HIGHER). */
    private boolean isWhollyBeyond(Better direction, BigDecimal effect) {
        boolean up = direction == Better.HIGHER;
        BigDecimal bound = up ? BigDecimal.ONE.add(effect) : BigDecimal.ONE.subtract(effect);
        // The interval's end is the k-th ratio from this side: it is beyond the bound if fewer than k ratios are not.
        long notBeyond = 0;
        for (BigDecimal before : baseline) {
            BigDecimal limit = before.multiply(bound);
            for (BigDecimal after : measured) {
                int side = after.compareTo(limit);
                notBeyond += (up ? side <= 0 : side >= 0) ? 1 : 0;
            }
        }
        return notBeyond < MannWhitney.intervalRank(baseline.size(), measured.size());
    }

    /** The Hodges-Lehmann estimate of the ratio measured / baseline, minus 1, with its 99 % interval. */
    public Change change() {
        return HodgesLehmann.change(baseline, measured);
    }
}
