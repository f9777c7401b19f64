package issueledger.analytics;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Whole numbers in ascending order, and what they come to. Figures are exact until they are rounded half up; of no values they are null. */
final class Distribution {
    private final long[] sorted;
    private final int shift;
    private final int places;

    /**
     * @param shift the decimal places of the values themselves: 3 for milliseconds that are answered as seconds
     * @param places at most so many in a figure
     */
    private Distribution(long[] sorted, int shift, int places) {
        this.sorted = sorted;
        this.shift = shift;
        this.places = places;
    }

    /** Milliseconds, answered as seconds. */
    static Distribution seconds(LongStream milliseconds) {
        long[] values = milliseconds.toArray();
        Arrays.parallelSort(values);
        return new Distribution(values, 3, 3);
    }

    static Distribution days(LongStream days) {
        long[] values = days.toArray();
        Arrays.sort(values);
        return new Distribution(values, 0, 4);
    }

    int count() {
        return sorted.length;
    }

    BigDecimal total() {
        return rounded(sum());
    }

    private BigDecimal sum() {
        return BigDecimal.valueOf(Arrays.stream(sorted).sum());
    }

    @Nullable
    BigDecimal mean() {
        return count() == 0
                ? null
                : plain(sum().scaleByPowerOfTen(-shift)
                        .divide(BigDecimal.valueOf(count()), places, RoundingMode.HALF_UP));
    }

    @Nullable
    BigDecimal max() {
        return count() == 0 ? null : rounded(BigDecimal.valueOf(sorted[count() - 1]));
    }

    /** Interpolated linearly between the closest ranks: rank (n − 1) · p / 100, counted from 0. */
    @Nullable
    BigDecimal percentile(int p) {
        if (count() == 0) {
            return null;
        }
        long hundredths = (count() - 1L) * p;
        int rank = (int) (hundredths / 100);
        long rest = hundredths % 100;
        long next = sorted[Math.min(rank + 1, count() - 1)];
        return rounded(BigDecimal.valueOf(sorted[rank])
                .multiply(BigDecimal.valueOf(100 - rest))
                .add(BigDecimal.valueOf(next).multiply(BigDecimal.valueOf(rest)))
                .movePointLeft(2));
    }

    private BigDecimal rounded(BigDecimal value) {
        return plain(value.scaleByPowerOfTen(-shift).setScale(places, RoundingMode.HALF_UP));
    }

    /** A duration in seconds. */
    static BigDecimal seconds(long milliseconds) {
        return plain(BigDecimal.valueOf(milliseconds, 3));
    }

    /** A part of a whole, to 4 places; null of nothing. */
    static @Nullable BigDecimal fraction(long part, long whole) {
        return whole == 0
                ? null
                : plain(BigDecimal.valueOf(part).divide(BigDecimal.valueOf(whole), 4, RoundingMode.HALF_UP));
    }

    /** Without trailing zeros, and without an exponent. */
    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
