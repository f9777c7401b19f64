package issueledger.template;

import issueledger.events.Better;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.MetricKind;
import issueledger.events.MetricSeries;
import issueledger.events.Statistic;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A series before and after on one line: {@code p95 latency (production): 5200 ms -> 340 ms}. */
public record MetricLine(
        String name, Statistic statistic, String environment, String unit, BigDecimal baseline, BigDecimal measured) {
    private static final Pattern VALUE =
            Pattern.compile("([+-]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?) *(\\D.*|)", Pattern.DOTALL);
    private static final Pattern ARROW = Pattern.compile(" *(?:->|→) *");
    private static final Pattern STATISTIC = Pattern.compile("(?i)(?<![\\p{L}\\p{N}])(P99\\.9|"
            + Arrays.stream(Statistic.values()).map(Enum::name).collect(Collectors.joining("|"))
            + ")(?![\\p{L}\\p{N}]|\\.\\d)");
    private static final Pattern ENVIRONMENT = Pattern.compile("(.*?) *\\(([^()]*)\\)");

    private static final Set<String> LOWER = Set.of(
            "ns",
            "us",
            "µs",
            "μs",
            "ms",
            "s",
            "sec",
            "secs",
            "second",
            "seconds",
            "millisecond",
            "milliseconds",
            "microsecond",
            "microseconds",
            "nanosecond",
            "nanoseconds",
            "min",
            "mins",
            "minute",
            "minutes",
            "h",
            "hr",
            "hrs",
            "hour",
            "hours",
            "d",
            "day",
            "days",
            "b",
            "byte",
            "bytes",
            "kb",
            "kib",
            "mb",
            "mib",
            "gb",
            "gib",
            "tb",
            "tib");
    private static final Set<String> RATES = Set.of("rps", "qps", "tps", "iops", "bps", "kbps", "mbps", "gbps");
    private static final Pattern PER_TIME =
            Pattern.compile(".*(/ ?(s|sec|second|min|minute|h|hour)| per (second|minute|hour))");

    /** The direction that is good, null where nobody can tell. */
    static @Nullable Better better(String unit) {
        String known = unit.toLowerCase(Locale.ROOT);
        if (RATES.contains(known) || PER_TIME.matcher(known).matches()) {
            return Better.HIGHER;
        }
        return LOWER.contains(known) ? Better.LOWER : null;
    }

    /** Null for a line that is none, or that lacks what a series needs. */
    static @Nullable MetricLine of(String line) {
        Matcher statistic = STATISTIC.matcher(line);
        Escaped wrapped;
        if (statistic.lookingAt()
                && line.startsWith(" \\", statistic.end())
                && (wrapped = Escaped.at(line.substring(statistic.end() + 1))) != null) {
            return ofWrapped(statistic.group(1), wrapped);
        }
        int colon = line.lastIndexOf(':');
        return colon < 0
                ? null
                : of(line.substring(0, colon), line.substring(colon + 1).strip());
    }

    private static @Nullable MetricLine of(String left, String right) {
        Matcher statistic = STATISTIC.matcher(left);
        if (!statistic.find()) {
            return null;
        }
        String name = (left.substring(0, statistic.start()) + " " + left.substring(statistic.end()))
                .strip()
                .replaceAll(" +", " ");
        String environment = MetricRecorded.DEFAULT_ENVIRONMENT;
        Matcher bracketed = ENVIRONMENT.matcher(name);
        if (bracketed.matches()) {
            name = bracketed.group(1);
            environment = tidy(bracketed.group(2));
        }
        name = tidy(name);
        environment = environment.isEmpty() ? MetricRecorded.DEFAULT_ENVIRONMENT : environment;
        String[] values = ARROW.split(right, -1);
        if (values.length != 2) {
            return null;
        }
        Matcher before = VALUE.matcher(values[0].strip());
        Matcher after = VALUE.matcher(values[1].strip());
        if (!before.matches() || !after.matches() || !before.group(2).equals(after.group(2))) {
            return null;
        }
        return of(name, statistic.group(1), environment, before.group(2).strip(), before.group(1), after.group(1));
    }

    /** Without what stood around a statistic that was taken out. */
    private static String tidy(String words) {
        return words.replaceAll("([`*_]+) *\\1", " ")
                .replaceAll("^[ ,;]+|[ ,;]+$", "")
                .replaceAll(" +", " ");
    }

    private static @Nullable MetricLine ofWrapped(String statistic, Escaped name) {
        if (!name.rest().startsWith(" (")) {
            return null;
        }
        Escaped environment = Escaped.at(name.rest().substring(2));
        if (environment == null || !environment.rest().startsWith("): ")) {
            return null;
        }
        String values = environment.rest().substring(3);
        int blank = values.indexOf(' ');
        Escaped unit = blank < 0 ? null : Escaped.at(values.substring(blank + 1));
        if (unit == null || !unit.rest().startsWith(" -> ")) {
            return null;
        }
        return of(
                name.value(),
                statistic,
                environment.value(),
                unit.value(),
                values.substring(0, blank),
                unit.rest().substring(4));
    }

    private static @Nullable MetricLine of(
            String name, String statistic, String environment, String unit, String before, String after) {
        try {
            MetricLine line = new MetricLine(
                    name,
                    Statistic.valueOf(statistic.toUpperCase(Locale.ROOT).replace(".", "")),
                    environment,
                    unit,
                    new BigDecimal(before.replace(",", "")),
                    new BigDecimal(after.replace(",", "")));
            line.records(Better.LOWER); // Which checks the values.
            return line;
        } catch (IllegalArgumentException e) {
            return null; // A value that no metric can have is words.
        }
    }

    /** Null for a series without a value before and after. */
    public static @Nullable MetricLine of(MetricSeries series) {
        BigDecimal before = series.baseline();
        BigDecimal after = series.measured();
        return before == null || after == null
                ? null
                : new MetricLine(series.name(), series.statistic(), series.environment(), series.unit(), before, after);
    }

    /** Whether the line says by its unit which direction is good. */
    public boolean isReadAs(Better better) {
        return better(unit) == better;
    }

    public List<MetricRecorded> records(Better better) {
        return List.of(record(MetricKind.BASELINE, baseline, better), record(MetricKind.MEASURED, measured, better));
    }

    private MetricRecorded record(MetricKind kind, BigDecimal value, Better better) {
        return new MetricRecorded(kind, name, statistic, unit, value, environment, better, null, null);
    }

    /** For people; a name or unit may make it another line for a reader. */
    public String plain() {
        return "%s %s (%s): %s %s -> %s %s"
                .formatted(
                        statistic.name().toLowerCase(Locale.ROOT),
                        name,
                        environment,
                        baseline.toPlainString(),
                        unit,
                        measured.toPlainString(),
                        unit);
    }

    /** Escapes it, so that reading gives the same value. */
    String written() {
        String plain = plain();
        return this.equals(of(plain)) && Markdown.isParagraph(plain)
                ? plain
                : "%s %s (%s): %s %s -> %s"
                        .formatted(
                                statistic.name(),
                                Escaped.wrap(name),
                                Escaped.wrap(environment),
                                baseline.toPlainString(),
                                Escaped.wrap(unit),
                                measured.toPlainString());
    }
}
