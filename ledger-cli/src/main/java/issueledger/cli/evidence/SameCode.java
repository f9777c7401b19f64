package issueledger.cli.evidence;

import issueledger.events.Better;
import issueledger.evidence.Comparison;
import issueledger.evidence.Holm;
import issueledger.evidence.MetricVerdict;
import issueledger.evidence.MetricVerdict.Outcome;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Runs of the same code, split into two halves at random, again and again: how often a verdict would be false, and the smallest change that
 * would be shown.
 */
final class SameCode {
    static final int SPLITS = 1_000;
    static final int FEWEST_RUNS = 2 * MetricVerdict.FEWEST_SAMPLES;

    /** Tried in steps of 0.5 %, up to 100 %. */
    private static final BigDecimal STEP = new BigDecimal("0.005");

    private static final int STEPS = 200;

    /** The share of the splits in which a change must be shown. */
    private static final double POWER = 0.8;

    private final List<Runs.Series> series;
    private final BigDecimal effect;
    private final List<List<Integer>> orders;

    /** @param series of as many samples each, at least 10 */
    SameCode(List<Runs.Series> series, BigDecimal effect, long seed) {
        this.series = series;
        this.effect = effect;
        Random random = new Random(seed);
        int runs = series.get(0).figure().samples().size();
        this.orders = IntStream.range(0, SPLITS)
                .mapToObj(split -> {
                    List<Integer> order =
                            new ArrayList<>(IntStream.range(0, runs).boxed().toList());
                    Collections.shuffle(order, random);
                    return order;
                })
                .toList();
    }

    /**
     * How often the splits had a verdict, which is false.
     *
     * @param verdicts of each series by itself
     * @param gates of all series judged together: splits in which any was false
     */
    record False(List<Integer> verdicts, int gates) {}

    False falseVerdicts() {
        int[] verdicts = new int[series.size()];
        int gates = 0;
        for (List<Integer> order : orders) {
            List<Comparison> halves = series.stream()
                    .map(one -> split(one, order, BigDecimal.ONE))
                    .toList();
            double[] corrected =
                    Holm.corrected(halves.stream().mapToDouble(Comparison::p).toArray());
            boolean any = false;
            for (int i = 0; i < verdicts.length; i++) {
                Better better = series.get(i).figure().better();
                verdicts[i] += isShown(halves.get(i)
                                .outcome(better, effect, halves.get(i).p()))
                        ? 1
                        : 0;
                any |= isShown(halves.get(i).outcome(better, effect, corrected[i]));
            }
            gates += any ? 1 : 0;
        }
        return new False(IntStream.of(verdicts).boxed().toList(), gates);
    }

    private static boolean isShown(Outcome outcome) {
        return outcome == Outcome.BETTER || outcome == Outcome.WORSE;
    }

    private static Comparison split(Runs.Series one, List<Integer> order, BigDecimal factor) {
        List<BigDecimal> samples = one.figure().samples();
        int half = samples.size() / 2;
        return Comparison.of(
                order.subList(0, half).stream().map(samples::get).toList(),
                order.subList(half, order.size()).stream()
                        .map(i -> samples.get(i).multiply(factor))
                        .toList());
    }

    /**
     * The smallest change for the worse that 80 % of the splits would show, if no other series changed; as a text like {@code +8.5 %}.
     */
    String smallestChange(int index) {
        Runs.Series one = series.get(index);
        boolean up = one.figure().better() == Better.LOWER;
        int low = 0;
        int high = up ? STEPS : STEPS - 1; // Not down to 0.
        if (!isShown(one, up, high)) {
            return "none up to 100 %";
        }
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (isShown(one, up, middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        BigDecimal percent = STEP.multiply(BigDecimal.valueOf(high)).movePointRight(2);
        return (up ? "+" : "-") + percent.setScale(1, RoundingMode.HALF_UP).toPlainString() + " %";
    }

    private boolean isShown(Runs.Series one, boolean up, int steps) {
        BigDecimal change = STEP.multiply(BigDecimal.valueOf(steps));
        BigDecimal factor = up ? BigDecimal.ONE.add(change) : BigDecimal.ONE.subtract(change);
        long shown = orders.stream()
                .map(order -> split(one, order, factor))
                // Holm's correction for the only series that changed.
                .filter(halves -> halves.outcome(one.figure().better(), effect, Math.min(1, halves.p() * series.size()))
                        == Outcome.WORSE)
                .count();
        return shown >= POWER * SPLITS;
    }
}
