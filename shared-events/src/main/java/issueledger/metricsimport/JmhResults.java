package issueledger.metricsimport;

import issueledger.events.Better;
import issueledger.events.Statistic;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * JMH's {@code -rf json}: an array of results. A series is named by the benchmark and its parameters, and where the file has the benchmark
 * in two modes, by the mode too.
 */
final class JmhResults {
    private static final Set<String> KNOWN = Set.of(
            "jmhVersion",
            "benchmark",
            "mode",
            "threads",
            "forks",
            "jvm",
            "jvmArgs",
            "jdkVersion",
            "vmName",
            "vmVersion",
            "warmupIterations",
            "warmupTime",
            "warmupBatchSize",
            "measurementIterations",
            "measurementTime",
            "measurementBatchSize",
            "params",
            "primaryMetric",
            "secondaryMetrics");

    private final Report report = new Report();

    private JmhResults() {}

    static Figures read(String text) {
        Located root = Located.parse(text);
        if (!root.isList()) {
            throw new UnreadableReport(root.line(), "is no result of JMH: it is not an array");
        }
        Set<String> once = new HashSet<>();
        Set<String> twice = root.items().stream()
                .map(JmhResults::nameOf)
                .filter(name -> !once.add(name))
                .collect(Collectors.toSet());
        JmhResults results = new JmhResults();
        for (Located result : root.items()) {
            String name = nameOf(result);
            String mode = result.requiredText("mode");
            results.result(twice.contains(name) ? name + " " + mode : name, mode, result);
        }
        return results.report.done();
    }

    private static String nameOf(Located result) {
        String parameters = result.at("params").members().entrySet().stream()
                .map(parameter ->
                        parameter.getKey() + "=" + parameter.getValue().text())
                .collect(Collectors.joining(", "));
        return result.requiredText("benchmark") + (parameters.isEmpty() ? "" : " (" + parameters + ")");
    }

    private void result(String name, String mode, Located result) {
        result.members().forEach((field, value) -> {
            if (!KNOWN.contains(field)) {
                report.warn(value.line(), field + " is unknown and skipped");
            }
        });
        Located primary = result.at("primaryMetric");
        if (!primary.isObject()) {
            throw new UnreadableReport(primary.line(), "is no result of JMH: it has no object primaryMetric");
        }
        Better better = mode.equals("thrpt") ? Better.HIGHER : Better.LOWER;
        Scale scale = Scale.of(primary.requiredText("scoreUnit"));
        figure(name, Statistic.MEAN, primary.at("score"), scale, better);
        for (Map.Entry<String, Located> percentile :
                primary.at("scorePercentiles").members().entrySet()) {
            Statistic statistic = Report.percentile(percentile.getKey());
            if (statistic == null) {
                report.warn(
                        percentile.getValue().line(),
                        "percentile " + percentile.getKey() + " of " + name + " has no statistic and is skipped");
            } else {
                figure(name, statistic, percentile.getValue(), scale, better);
            }
        }
        result.at("secondaryMetrics").members().forEach((label, metric) -> secondary(name, label, metric));
    }

    private void secondary(String name, String label, Located metric) {
        String unit = metric.requiredText("scoreUnit");
        figure(
                name + ":" + label.replaceFirst("^·", ""),
                Statistic.MEAN,
                metric.at("score"),
                Scale.of(unit),
                unit.startsWith("ops/") ? Better.HIGHER : Better.LOWER);
    }

    private void figure(String name, Statistic statistic, Located score, Scale scale, Better better) {
        BigDecimal number = score.number();
        if (number == null) {
            report.warn(score.line(), statistic + " of " + name + " is no number and is skipped");
        } else {
            report.add(score.line(), name, statistic, scale.unit(), scale.of(number), better);
        }
    }

    /** A unit of JMH, and the one that it is written in. */
    private record Scale(String given, String unit) {
        /** A time or a size of an operation is one of time or size. */
        static Scale of(String given) {
            String plain = List.of(given.split("/", 2)).get(0);
            boolean perOperation = given.equals(plain) || given.endsWith("/op");
            if (perOperation && Units.isTime(plain)) {
                return new Scale(plain, Report.MILLISECONDS);
            }
            return perOperation && Units.isSize(plain) ? new Scale(plain, Report.BYTES) : new Scale(given, given);
        }

        BigDecimal of(BigDecimal number) {
            BigDecimal converted = given.equals(unit) ? number : Units.convert(number, given, unit);
            return converted == null ? number : converted;
        }
    }
}
