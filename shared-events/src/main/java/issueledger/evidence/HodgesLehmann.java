package issueledger.evidence;

import issueledger.evidence.MetricVerdict.Change;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The estimate of J. L. Hodges and E. L. Lehmann, "Estimates of location based on rank tests", Annals of Mathematical Statistics 34 (1963),
 * 598–611, on logarithms: the median of the n · m ratios measured / baseline, which are dimensionless. Its interval has the k-th smallest
 * and the k-th largest of them, by the exact distribution of U without ties.
 *
 * <p>The ratios are sorted as doubles, and those next to a wanted one exactly.
 */
final class HodgesLehmann {
    /** More than the relative error of a ratio of doubles. */
    private static final double NEXT = 1e-12;

    private final List<BigDecimal> baseline;
    private final List<BigDecimal> measured;
    private final double[] divisors;
    private final double[] dividends;
    private final double[] sorted;

    private HodgesLehmann(List<BigDecimal> baseline, List<BigDecimal> measured) {
        this.baseline = baseline;
        this.measured = measured;
        this.divisors = doubles(baseline);
        this.dividends = doubles(measured);
        this.sorted = new double[divisors.length * dividends.length];
        int i = 0;
        for (double divisor : divisors) {
            for (double dividend : dividends) {
                sorted[i] = dividend / divisor;
                i++;
            }
        }
        Arrays.sort(sorted);
    }

    private static double[] doubles(List<BigDecimal> samples) {
        return samples.stream().mapToDouble(BigDecimal::doubleValue).toArray();
    }

    private record Ratio(BigDecimal measured, BigDecimal baseline) {
        int compareTo(Ratio other) {
            return measured.multiply(other.baseline).compareTo(other.measured.multiply(baseline));
        }

        BigDecimal change() {
            return Fractions.rounded(measured.subtract(baseline), baseline);
        }

        /** The change of the mean of two ratios. */
        BigDecimal changeWith(Ratio other) {
            BigDecimal sum = measured.multiply(other.baseline).add(other.measured.multiply(baseline));
            BigDecimal two = baseline.multiply(other.baseline).multiply(BigDecimal.TWO);
            return Fractions.rounded(sum.subtract(two), two);
        }
    }

    /** @param baseline and measured: at least 5 samples each, all positive */
    static Change change(List<BigDecimal> baseline, List<BigDecimal> measured) {
        HodgesLehmann ratios = new HodgesLehmann(baseline, measured);
        int k = MannWhitney.intervalRank(baseline.size(), measured.size());
        int count = ratios.sorted.length;
        return new Change(
                ratios.at(k - 1).change(),
                ratios.at((count - 1) / 2).changeWith(ratios.at(count / 2)),
                ratios.at(count - k).change());
    }

    /** The ratio of a rank from 0. */
    private Ratio at(int rank) {
        double low = sorted[rank] * (1 - NEXT);
        double high = sorted[rank] * (1 + NEXT);
        int below = 0;
        while (sorted[below] < low) {
            below++;
        }
        List<Ratio> near = new ArrayList<>();
        for (int i = 0; i < divisors.length; i++) {
            for (int j = 0; j < dividends.length; j++) {
                double ratio = dividends[j] / divisors[i];
                if (low <= ratio && ratio <= high) {
                    near.add(new Ratio(measured.get(j), baseline.get(i)));
                }
            }
        }
        near.sort(Ratio::compareTo);
        return near.get(rank - below);
    }
}
