package issueledger.bench;

import java.util.Collection;

/** The median and the 99th percentile of times in milliseconds. */
record Percentiles(double p50, double p99) {
    static Percentiles of(Collection<Double> millis) {
        double[] sorted = millis.stream().mapToDouble(m -> m).sorted().toArray();
        return new Percentiles(sorted[sorted.length / 2], sorted[sorted.length * 99 / 100]);
    }

    @Override
    public String toString() {
        return "p50 " + Report.millis(p50) + ", p99 " + Report.millis(p99);
    }
}
