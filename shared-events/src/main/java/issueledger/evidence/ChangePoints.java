package issueledger.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * The changes within a series: E-divisive means (D. S. Matteson, N. A. James, "A nonparametric approach for multiple change point analysis
 * of multivariate data", 2014), with Student's t-test in place of permutations, in overlapping windows, weak changes merged (M. Fleming and
 * others, "Hunter: using change point detection to hunt for performance regressions", 2023), as Apache Otava 0.8 computes it.
 *
 * <p>It departs from Otava twice. Otava gives the t-test the deviation of a population (divided by n), which the test takes for that of a
 * sample (divided by n − 1), so that its p is too small for short segments; here it is that of the sample. When Otava merges a weak change,
 * it tests the two changes behind it anew; here it is its two neighbours, whose segments have become longer.
 */
public final class ChangePoints {
    /** The values of a window; the next one begins half a window later, or at the last change. */
    private static final int WINDOW = 30;

    private static final double MOST_P = 0.001;

    /** Largest p of a weak change, which may be merged later. */
    private static final double MOST_P_AT_FIRST = 10 * MOST_P;

    /** Smallest relative change, forwards or backwards, that is kept. */
    private static final double LEAST_CHANGE = 0.05;

    private final double[] series;
    private final boolean asOtava;

    private ChangePoints(double[] series, boolean asOtava) {
        this.series = series;
        this.asOtava = asOtava;
    }

    /**
     * A change.
     *
     * @param index the first value after it; at least 1
     * @param from the first value since the change before it
     * @param to the value behind the last one before the next change
     * @param p of the t-test between the two segments
     */
    public record ChangePoint(int index, int from, int to, double p) {}

    /** A change with the means of its segments. */
    private record Tested(ChangePoint point, double before, double after) {
        int index() {
            return point.index();
        }

        /** The greater one of the relative changes forwards and backwards; relative to 0 there is none. */
        double magnitude() {
            double forwards = before == 0 ? 0 : Math.abs(after / before - 1);
            double backwards = after == 0 ? 0 : Math.abs(before / after - 1);
            return Math.max(forwards, backwards);
        }
    }

    /** The changes of a series of finite numbers, in their order. */
    public static List<ChangePoint> of(double[] series) {
        return new ChangePoints(series, false).changes();
    }

    /** As Otava computes them, with both departures. */
    static List<ChangePoint> asOtava(double[] series) {
        return new ChangePoints(series, true).changes();
    }

    private List<ChangePoint> changes() {
        return merged(weak()).stream().map(Tested::point).toList();
    }

    /** The indexes of the weak changes, each found in a window. */
    private NavigableSet<Integer> weak() {
        NavigableSet<Integer> weak = new TreeSet<>();
        int start = 0;
        while (start < series.length) {
            NavigableSet<Integer> found = weakIn(start, Math.min(start + WINDOW, series.length));
            weak.addAll(found);
            int next = start + WINDOW / 2;
            start = found.isEmpty() ? next : Math.max(found.last(), next);
        }
        return weak;
    }

    /** Splits the window where its segments differ most, as long as that is significant. */
    private NavigableSet<Integer> weakIn(int start, int end) {
        NavigableSet<Integer> found = new TreeSet<>();
        while (true) {
            List<Integer> bounds = bounds(found, start, end);
            Candidate best = null;
            for (int i = 1; i < bounds.size(); i++) {
                Candidate candidate = candidate(bounds.get(i - 1), bounds.get(i));
                if (candidate != null && (best == null || candidate.distance() > best.distance())) {
                    best = candidate;
                }
            }
            if (best == null
                    || !(tested(best.from(), best.index(), best.to()).point().p() <= MOST_P_AT_FIRST)) {
                return found;
            }
            found.add(best.index());
        }
    }

    private static List<Integer> bounds(NavigableSet<Integer> indexes, int start, int end) {
        List<Integer> bounds = new ArrayList<>();
        bounds.add(start);
        bounds.addAll(indexes);
        bounds.add(end);
        return bounds;
    }

    /** Where a segment could be split. */
    private record Candidate(int from, int index, int to, double distance) {}

    /**
     * The split into [from, i) and [i, k), of all i and k in the segment, with the greatest energy distance: 2 nm / (n + m) times the
     * difference between the mean distance of two values of both parts and the half of those within each; null if there is none above 0.
     */
    private @Nullable Candidate candidate(int from, int to) {
        Candidate best = null;
        double withinLeft = 0;
        for (int i = from + 1; i < to; i++) {
            int n = i - from;
            withinLeft += distances(i - 1, from, i - 1);
            double between = 0;
            double withinRight = 0;
            for (int k = i + 1; k <= to; k++) {
                int m = k - i;
                between += distances(k - 1, from, i);
                withinRight += distances(k - 1, i, k - 1);
                double left = n == 1 ? 0 : 2.0 * m / (n + m) / (n - 1) * withinLeft;
                double right = m == 1 ? 0 : 2.0 * n / (n + m) / (m - 1) * withinRight;
                double distance = 2.0 / (n + m) * between - left - right;
                if (distance > (best == null ? 0 : best.distance())) {
                    best = new Candidate(from, i, to, distance);
                }
            }
        }
        return best;
    }

    /** The sum of the distances of a value to those from one index to another. */
    private double distances(int value, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += Math.abs(series[value] - series[i]);
        }
        return sum;
    }

    /** Takes out the weakest change, and tests its neighbours anew, until all are significant and great enough. */
    private List<Tested> merged(NavigableSet<Integer> weak) {
        List<Tested> kept = tested(weak);
        for (Tested weakest = weakest(kept); weakest != null; weakest = weakest(kept)) {
            int place = kept.indexOf(weakest);
            kept.remove(place);
            // Otava tests the two behind it, so that the one before keeps the p of its shorter segment.
            int first = asOtava ? place : place - 1;
            testAnew(kept, first);
            testAnew(kept, first + 1);
        }
        return kept;
    }

    /** The change with the greatest p if that is too great, else the smallest one if it is too small; null if there is none. */
    private static @Nullable Tested weakest(List<Tested> kept) {
        Tested leastSure = null;
        Tested smallest = null;
        for (Tested one : kept) {
            if (leastSure == null || one.point().p() > leastSure.point().p()) {
                leastSure = one;
            }
            if (smallest == null || one.magnitude() < smallest.magnitude()) {
                smallest = one;
            }
        }
        if (leastSure == null || smallest == null || leastSure.point().p() >= MOST_P) {
            return leastSure;
        }
        return smallest.magnitude() > LEAST_CHANGE ? null : smallest;
    }

    private void testAnew(List<Tested> kept, int place) {
        if (place >= 0 && place < kept.size()) {
            int from = place == 0 ? 0 : kept.get(place - 1).index();
            int to = place == kept.size() - 1
                    ? series.length
                    : kept.get(place + 1).index();
            kept.set(place, tested(from, kept.get(place).index(), to));
        }
    }

    private List<Tested> tested(NavigableSet<Integer> indexes) {
        List<Integer> bounds = bounds(indexes, 0, series.length);
        List<Tested> tested = new ArrayList<>();
        for (int i = 1; i < bounds.size() - 1; i++) {
            tested.add(tested(bounds.get(i - 1), bounds.get(i), bounds.get(i + 1)));
        }
        return tested;
    }

    /** Student's two-sided t-test of two segments, which takes their deviations for equal; p is 1 where there is nothing to test. */
    private Tested tested(int from, int index, int to) {
        int n = index - from;
        int m = to - index;
        double before = mean(from, index);
        double after = mean(index, to);
        double p = 1;
        if (n + m > 2 && before != after) {
            double freedom = n + m - 2.0;
            double variance =
                    ((n - 1) * variance(from, index, before) + (m - 1) * variance(index, to, after)) / freedom;
            double t = Math.abs(before - after) / Math.sqrt(variance * (1.0 / n + 1.0 / m));
            p = 2 * TDistribution.of(freedom).survivalProbability(t);
        }
        return new Tested(new ChangePoint(index, from, to, p), before, after);
    }

    private double mean(int from, int to) {
        return Arrays.stream(series, from, to).sum() / (to - from);
    }

    /** 0 for a single value. */
    private double variance(int from, int to, double mean) {
        int count = to - from;
        if (count < 2) {
            return 0;
        }
        double squares = Arrays.stream(series, from, to)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return squares / (asOtava ? count : count - 1);
    }
}
