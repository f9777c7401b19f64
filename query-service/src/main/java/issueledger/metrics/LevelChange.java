package issueledger.metrics;

import issueledger.events.MetricKind;
import issueledger.events.MetricSeries;
import issueledger.evidence.ChangePoints;
import issueledger.evidence.ChangePoints.ChangePoint;
import issueledger.evidence.Fractions;
import issueledger.issues.IssueView;
import issueledger.issues.IssueView.MetricRecord;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change within a series of measured values.
 *
 * @param record the number of the first record after the change
 * @param release of the fix that stands, if it was deployed after the measurement before the change and not after this one
 * @param commit of that record's run
 * @param before the mean of the values since the change before this one
 * @param after the mean of the values up to the next change
 * @param change (after − before) / before; null if {@code before} is 0
 */
record LevelChange(
        long record,
        Instant measuredAt,
        @Nullable String release,
        @Nullable String commit,
        BigDecimal before,
        BigDecimal after,
        @Nullable BigDecimal change) {

    private static final MathContext DIGITS = new MathContext(18, RoundingMode.HALF_UP);

    /** The changes within a series of an issue, in the order of the measurements. Withdrawn records do not count. */
    static List<LevelChange> of(IssueView issue, MetricSeries.Key series) {
        List<MetricRecord> measured = issue.metricRecords().stream()
                .filter(record -> record.metric().kind() == MetricKind.MEASURED
                        && !record.withdrawn()
                        && MetricSeries.Key.of(record.metric()).equals(series))
                .sorted(Comparator.comparing(MetricRecord::measuredAt)) // Stable: then by position.
                .toList();
        double[] values = measured.stream()
                .mapToDouble(record -> record.metric().value().doubleValue())
                .toArray();
        return ChangePoints.of(values).stream()
                .map(point -> of(issue, measured, point))
                .toList();
    }

    private static LevelChange of(IssueView issue, List<MetricRecord> measured, ChangePoint point) {
        MetricRecord first = measured.get(point.index());
        BigDecimal before = mean(measured.subList(point.from(), point.index()));
        BigDecimal after = mean(measured.subList(point.index(), point.to()));
        return new LevelChange(
                first.number(),
                first.measuredAt(),
                release(issue, measured.get(point.index() - 1).measuredAt(), first.measuredAt()),
                first.metric().run() == null ? null : first.metric().run().commit(),
                before,
                after,
                before.signum() == 0 ? null : Fractions.rounded(after.subtract(before), before));
    }

    private static BigDecimal mean(List<MetricRecord> records) {
        BigDecimal sum =
                records.stream().map(record -> record.metric().value()).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal mean = sum.divide(BigDecimal.valueOf(records.size()), DIGITS);
        return mean.signum() == 0 ? BigDecimal.ZERO : mean.stripTrailingZeros();
    }

    private static @Nullable String release(IssueView issue, Instant before, Instant after) {
        Instant deployed = issue.deployedAt() == null ? issue.fixedAt() : issue.deployedAt();
        return deployed == null || !deployed.isAfter(before) || deployed.isAfter(after) ? null : issue.release();
    }
}
