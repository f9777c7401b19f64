package issueledger.metricsimport;

import issueledger.events.InvalidValue;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.MetricKind;
import issueledger.events.MetricSeries;
import issueledger.template.Reading.Remark;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A tool's figures as metrics of an issue.
 *
 * @param errors figures that the issue's rules for values do not allow, in the order of the lines
 * @param warnings one for each figure skipped or rounded, in the order of the lines
 */
public record ImportedMetrics(List<MetricRecorded> metrics, List<Remark> errors, List<Remark> warnings) {

    /** What the request says of all figures. */
    public record Circumstances(
            MetricKind kind,
            String environment,
            @Nullable Instant measuredAt,
            @Nullable String source) {}

    /** @param unitOf the unit of a series that the issue has */
    public static ImportedMetrics of(
            Figures figures, Circumstances circumstances, Function<MetricSeries.Key, Optional<String>> unitOf) {
        List<MetricRecorded> metrics = new ArrayList<>();
        List<Remark> errors = new ArrayList<>();
        List<Remark> warnings = new ArrayList<>(figures.warnings());
        for (Figure figure : figures.figures()) {
            String name = figure.name();
            String unit = unitOf.apply(new MetricSeries.Key(name, figure.statistic(), circumstances.environment()))
                    .orElse(figure.unit());
            boolean convertible = Units.convert(figure.value(), figure.unit(), unit) != null;
            String written = convertible ? unit : figure.unit();
            BigDecimal exact = in(written, figure.value(), figure);
            BigDecimal value = Numbers.fit(exact);
            if (value.compareTo(exact) != 0) {
                warnings.add(new Remark(
                        figure.line(), figure.statistic() + " of " + name + " is rounded to " + value.toPlainString()));
            }
            try {
                metrics.add(new MetricRecorded(
                        circumstances.kind(),
                        name,
                        figure.statistic(),
                        written,
                        value,
                        circumstances.environment(),
                        figure.better(),
                        circumstances.measuredAt(),
                        circumstances.source(),
                        figure.samples().stream()
                                .map(sample -> Numbers.fit(in(written, sample, figure)))
                                .toList(),
                        null));
            } catch (InvalidValue e) {
                // Where the value offends, its samples do too.
                boolean whole = e.offences().stream()
                        .anyMatch(offence -> offence.pointer().equals("/value"));
                e.offences().stream()
                        .filter(offence -> !whole || !offence.pointer().startsWith("/samples"))
                        .forEach(offence -> errors.add(new Remark(
                                figure.line(), "its " + offence.pointer().substring(1) + " " + offence.detail())));
            }
        }
        warnings.sort(Comparator.comparingInt(Remark::line));
        return new ImportedMetrics(metrics, errors, warnings);
    }

    /** A value of a figure in this unit, if it can be converted. */
    private static BigDecimal in(String unit, BigDecimal value, Figure figure) {
        BigDecimal converted = Units.convert(value, figure.unit(), unit);
        return converted == null ? value : converted;
    }
}
