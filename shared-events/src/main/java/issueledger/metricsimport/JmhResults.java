package issueledger.metricsimport;

import issueledger.events.Better;
import issueledger.events.Checks;
import issueledger.events.Statistic;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
        mean(name, primary, scale, better);
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
        mean(
                name + ":" + label.replaceFirst("^·", ""),
                metric,
                Scale.of(unit),
                unit.startsWith("ops/") ? Better.HIGHER : Better.LOWER);
    }

    /** The score, with the mean of each fork as a sample. JMH's error of the score says nothing of the differences between runs. */
    private void mean(String name, Located metric, Scale scale, Better better) {
        Located score = metric.at("score");
        Located forks = metric.at("rawData");
        if (score.number() == null || forks.items().isEmpty()) {
            figure(name, Statistic.MEAN, score, scale, better);
            return;
        }
        List<BigDecimal> samples = new ArrayList<>();
        for (Located fork : forks.items()) {
            BigDecimal mean = mean(fork);
            if (mean == null) {
                report.warn(fork.line(), "a fork of " + name + " has no number where JMH writes one: it is no sample");
            } else if (samples.size() == Checks.LIST_LENGTH) {
                report.warn(
                        fork.line(), name + " has more than " + Checks.LIST_LENGTH + " forks: the others are skipped");
                break;
            } else {
                samples.add(scale.of(mean));
            }
        }
        report.add(
                score.line(),
                name,
                Statistic.MEAN,
                scale.unit(),
                scale.of(score.number()),
                better,
                List.copyOf(samples));
    }

    /** The mean of a fork's iterations; null if one of them is no number. */
    private static @Nullable BigDecimal mean(Located fork) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Located iteration : fork.items()) {
            BigDecimal number = iteration.number();
            if (number == null) {
                return null;
            }
            sum = sum.add(number);
        }
        int count = fork.items().size();
        return count == 0 ? null : sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128);
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
