package issueledger.metricsimport;

import issueledger.events.Better;
import issueledger.events.MetricSeries;
import issueledger.events.Statistic;
import issueledger.template.Reading.Remark;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the figures of one file. */
final class Report {
    static final String MILLISECONDS = "ms";
    static final String BYTES = "B";
    static final String BYTES_PER_SECOND = "B/s";
    static final String REQUESTS = "req";
    static final String REQUESTS_PER_SECOND = "req/s";
    static final String ONE = "1";

    private static final int MOST_WARNINGS = 100;

    private static final Map<String, Statistic> PERCENTILES = Map.of(
            "0", Statistic.MIN,
            "50", Statistic.P50,
            "75", Statistic.P75,
            "90", Statistic.P90,
            "95", Statistic.P95,
            "99", Statistic.P99,
            "99.9", Statistic.P999,
            "100", Statistic.MAX);

    private final List<Figure> figures = new ArrayList<>();
    private final List<Remark> warnings = new ArrayList<>();
    private final Set<MetricSeries.Key> seen = new HashSet<>();

    /** The statistic of a percentile such as {@code 99.90}; null if there is none. */
    static @Nullable Statistic percentile(String percent) {
        BigDecimal number = Numbers.read(percent);
        return number == null
                ? null
                : PERCENTILES.get(
                        number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString());
    }

    /** A figure of one run, or a warning where the file has one of its series already. */
    void add(int line, String name, Statistic statistic, String unit, BigDecimal value, Better better) {
        add(line, name, statistic, unit, value, better, List.of(value));
    }

    void add(
            int line,
            String name,
            Statistic statistic,
            String unit,
            BigDecimal value,
            Better better,
            List<BigDecimal> samples) {
        if (seen.add(new MetricSeries.Key(name, statistic, ""))) {
            figures.add(new Figure(line, name, statistic, unit, value, better, samples));
        } else {
            warn(line, "a second " + statistic + " of " + name + " is skipped");
        }
    }

    void lower(int line, String name, Statistic statistic, String unit, BigDecimal value) {
        add(line, name, statistic, unit, value, Better.LOWER);
    }

    void higher(int line, String name, Statistic statistic, String unit, BigDecimal value) {
        add(line, name, statistic, unit, value, Better.HIGHER);
    }

    void warn(int line, String detail) {
        if (warnings.size() < MOST_WARNINGS) {
            warnings.add(new Remark(line, detail));
        }
    }

    boolean isEmpty() {
        return figures.isEmpty();
    }

    Figures done() {
        warnings.sort(Comparator.comparingInt(Remark::line));
        return new Figures(List.copyOf(figures), List.copyOf(warnings));
    }
}
