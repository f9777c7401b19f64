package issueledger.events;

import issueledger.events.IssueEvent.MetricRecorded;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A metric series: the latest baseline, target and measured value that is not withdrawn, by the time of measurement and then by position.
 *
 * @param improvement (baseline − measured) / baseline for LOWER, (measured − baseline) / baseline for HIGHER, as a fraction rounded half
 *     up to 4 places; null when the baseline is 0 or a part is missing
 * @param targetMet null without a target or a measured value
 */
public record MetricSeries(
        String name,
        Statistic statistic,
        String environment,
        String unit,
        Better better,
        @Nullable BigDecimal baseline,
        @Nullable BigDecimal target,
        @Nullable BigDecimal measured,
        @Nullable BigDecimal improvement,
        @Nullable Boolean targetMet) {

    /** The identity of a series within its issue. */
    public record Key(String name, Statistic statistic, String environment) {
        public static Key of(MetricRecorded metric) {
            return new Key(metric.name(), metric.statistic(), metric.environment());
        }
    }

    /** One record of a series and its time of measurement. */
    public interface Measurement {
        MetricRecorded metric();

        Instant measuredAt();

        /** True if the record counts only for its series' unit and direction. */
        boolean withdrawn();
    }

    public Key key() {
        return new Key(name, statistic, environment);
    }

    /** The series of these measurements, which are in the order of their positions. Series are in the order of their first record. */
    public static List<MetricSeries> of(List<? extends Measurement> measurements) {
        Map<Key, List<Measurement>> byKey = new LinkedHashMap<>();
        for (Measurement measurement : measurements) {
            byKey.computeIfAbsent(Key.of(measurement.metric()), k -> new ArrayList<>())
                    .add(measurement);
        }
        return byKey.values().stream().map(MetricSeries::ofOne).toList();
    }

    private static MetricSeries ofOne(List<Measurement> series) {
        MetricRecorded first = series.get(0).metric();
        Better better = first.better() == null ? Better.LOWER : first.better();
        BigDecimal baseline = latestValue(series, MetricKind.BASELINE);
        BigDecimal target = latestValue(series, MetricKind.TARGET);
        BigDecimal measured = latestValue(series, MetricKind.MEASURED);
        return new MetricSeries(
                first.name(),
                first.statistic(),
                first.environment(),
                first.unit(),
                better,
                baseline,
                target,
                measured,
                improvement(better, baseline, measured, 0),
                (target == null || measured == null) ? null : met(better, target, measured));
    }

    /** The improvement in percent, rounded half up to 2 places. */
    public @Nullable BigDecimal improvementPercent() {
        return improvement(better, baseline, measured, 2);
    }

    private static boolean met(Better better, BigDecimal target, BigDecimal measured) {
        return better == Better.LOWER ? measured.compareTo(target) <= 0 : measured.compareTo(target) >= 0;
    }

    private static @Nullable BigDecimal improvement(
            Better better, @Nullable BigDecimal baseline, @Nullable BigDecimal measured, int shift) {
        if (baseline == null || measured == null || baseline.signum() == 0) {
            return null;
        }
        BigDecimal gain = better == Better.LOWER ? baseline.subtract(measured) : measured.subtract(baseline);
        // HALF_UP rounds half away from zero.
        BigDecimal fraction = gain.scaleByPowerOfTen(shift).divide(baseline, 4 - shift, RoundingMode.HALF_UP);
        return fraction.signum() == 0 ? BigDecimal.ZERO : fraction.stripTrailingZeros();
    }

    private static @Nullable BigDecimal latestValue(List<Measurement> series, MetricKind kind) {
        Measurement latest = latest(series, kind);
        return latest == null ? null : latest.metric().value();
    }

    /** The record of a series that counts as one of this kind; null if it has none. */
    public static @Nullable Measurement latest(List<? extends Measurement> series, MetricKind kind) {
        Measurement latest = null;
        for (Measurement m : series) {
            if (m.metric().kind() == kind
                    && !m.withdrawn()
                    && (latest == null || !m.measuredAt().isBefore(latest.measuredAt()))) {
                latest = m;
            }
        }
        return latest;
    }
}
