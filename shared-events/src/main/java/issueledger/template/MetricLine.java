package issueledger.template;

import issueledger.events.Better;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.MetricKind;
import issueledger.events.MetricSeries;
import issueledger.events.Statistic;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A series before and after on one line: {@code p95 latency (production): 5200 ms -> 340 ms}. */
public record MetricLine(
        String name, Statistic statistic, String environment, String unit, BigDecimal baseline, BigDecimal measured) {
    private static final String NUMBER = "[1-9]\\d{0,2}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?";
    private static final Pattern VALUE =
            Pattern.compile("([+-]?(?:" + NUMBER + "))(?![\\d.,]) *(\\D.*|)", Pattern.DOTALL);
    private static final Pattern COMMA = Pattern.compile("(?<![\\d.,])\\d+,\\d+(?:[.,]\\d+)*");
    private static final Pattern ARROW = Pattern.compile(" *(?:->|=>|→) *");
    private static final Pattern CHANGE =
            Pattern.compile("[-+−–±~≈]?\\s*\\d+(?:[.,]\\d+)?\\s*(?:%|×|x)?|", Pattern.CASE_INSENSITIVE);
    private static final Pattern CHANGE_BEHIND =
            Pattern.compile("(.*?)\\s*[(（](" + CHANGE.pattern() + ")[)）][*_`]*", Pattern.CASE_INSENSITIVE);
    private static final String BEFORE = "(?<=^|[\\s(\\[,;:])([*_`]*)";
    private static final String BEHIND = "\\1(?=$|[\\s)\\],;:])";
    private static final Pattern PERCENTILE =
            Pattern.compile(BEFORE + "p(\\d+(?:[.,]\\d+)*)" + BEHIND, Pattern.CASE_INSENSITIVE);
    private static final Pattern PERCENTILES =
            Pattern.compile("(?<![\\p{L}\\p{N}])p\\d+(?:\\.\\d+)?\\s*[/+&]\\s*p?\\d", Pattern.CASE_INSENSITIVE);
    private static final Pattern WORD = Pattern.compile(
            BEFORE + "(mean|avg|average|median|max|min|rate|count|ratio)" + BEHIND, Pattern.CASE_INSENSITIVE);
    private static final Pattern WRITTEN = Pattern.compile("(?i)("
            + Arrays.stream(Statistic.values()).map(Enum::name).collect(Collectors.joining("|")) + ") (?=\\\\)");
    private static final Pattern ENVIRONMENT = Pattern.compile("(.*?) *\\(([^()]*)\\)");
    private static final Map<String, Statistic> STATISTICS = Map.ofEntries(
            Map.entry("50", Statistic.P50),
            Map.entry("75", Statistic.P75),
            Map.entry("90", Statistic.P90),
            Map.entry("95", Statistic.P95),
            Map.entry("99", Statistic.P99),
            Map.entry("99.9", Statistic.P999),
            Map.entry("999", Statistic.P999),
            Map.entry("mean", Statistic.MEAN),
            Map.entry("avg", Statistic.MEAN),
            Map.entry("average", Statistic.MEAN),
            Map.entry("median", Statistic.P50),
            Map.entry("max", Statistic.MAX),
            Map.entry("min", Statistic.MIN),
            Map.entry("rate", Statistic.RATE),
            Map.entry("count", Statistic.COUNT),
            Map.entry("ratio", Statistic.RATIO));

    /** The direction that is good, null where nobody can tell. */
    static @Nullable Better better(String unit) {
        return Units.better(unit);
    }

    /** The series of a value; none where not each part of it is one with a known direction. */
    static List<MetricLine> all(String value) {
        List<MetricLine> lines = new ArrayList<>();
        for (String part : WRITTEN.matcher(value).lookingAt() ? List.of(value) : parts(value.strip(), 0)) {
            MetricLine line = of(part);
            if (line == null || better(line.unit()) == null) {
                return List.of();
            }
            lines.add(line);
        }
        return lines;
    }

    private static final List<String> SEPARATORS = List.of("\\s*\\n\\s*", "\\s*;\\s*", ",\\s+");

    /** Of several arrows, each is in a part of its own. */
    private static List<String> parts(String value, int separator) {
        if (ARROW.split(value, -1).length <= 2 || separator == SEPARATORS.size()) {
            return List.of(Values.joined(value));
        }
        return Arrays.stream(value.split(SEPARATORS.get(separator)))
                .flatMap(part -> parts(part, separator + 1).stream())
                .toList();
    }

    /** Whether a value has a number whose comma separates no thousands. */
    static boolean hasDecimalComma(String value) {
        return COMMA.matcher(value).results().anyMatch(number -> !number.group().matches(NUMBER));
    }

    /** Whether words are no more than by how much a value changed. */
    static boolean isChange(String words) {
        return CHANGE.matcher(words.replaceAll("[*_`()]", "").strip()).matches();
    }

    /** Null for a line that is none, or that lacks what a series needs. */
    static @Nullable MetricLine of(String line) {
        Matcher written = WRITTEN.matcher(line);
        Escaped wrapped = written.lookingAt() ? Escaped.at(line.substring(written.end())) : null;
        if (wrapped != null) {
            return ofWrapped(written.group(1), wrapped);
        }
        String plain = line.strip().replace('（', '(').replace('）', ')').replace('：', ':');
        String[] sides = ARROW.split(plain, -1);
        int colon = sides[0].lastIndexOf(':');
        if (sides.length != 2 || colon < 0) {
            return null;
        }
        String left = sides[0].substring(0, colon).strip();
        String before = sides[0].substring(colon + 1).strip();
        String mark = Decoration.mark(left);
        if (!mark.isEmpty() && left.indexOf(mark, mark.length()) < 0) {
            // The emphasis goes on behind the colon: to the values or to the end.
            left = left.substring(mark.length());
            before = before.startsWith(mark) ? before.substring(mark.length()) : before;
        }
        return of(Decoration.withoutEmphasis(left), before, sides[1]);
    }

    private static @Nullable MetricLine of(String left, String before, String after) {
        Matcher statistic = statistic(left);
        if (statistic == null) {
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
        environment = environment.isEmpty() ? MetricRecorded.DEFAULT_ENVIRONMENT : environment;
        Matcher change = CHANGE_BEHIND.matcher(after);
        Matcher from = VALUE.matcher(unmarked(before));
        Matcher to = VALUE.matcher(unmarked(change.matches() ? change.group(1) : after));
        if (!from.matches() || !to.matches()) {
            return null;
        }
        return of(
                tidy(name),
                Objects.requireNonNull(STATISTICS.get(statistic.group(2).toLowerCase(Locale.ROOT))),
                environment,
                new Quantity(number(from.group(1)), from.group(2).strip()),
                new Quantity(number(to.group(1)), to.group(2).strip()));
    }

    private record Quantity(BigDecimal value, String unit) {}

    /** In one unit. */
    private static @Nullable MetricLine of(
            String name, Statistic statistic, String environment, Quantity before, Quantity after) {
        if (before.unit().equals(after.unit())) {
            return of(name, statistic, environment, before.unit(), before.value(), after.value());
        }
        BigDecimal down = Units.factor(before.unit(), after.unit());
        if (down != null) {
            return of(name, statistic, environment, after.unit(), scaled(before, down), after.value());
        }
        BigDecimal up = Units.factor(after.unit(), before.unit());
        return up == null ? null : of(name, statistic, environment, before.unit(), before.value(), scaled(after, up));
    }

    private static BigDecimal scaled(Quantity quantity, BigDecimal factor) {
        BigDecimal exact = quantity.value().multiply(factor);
        return exact.signum() == 0 ? BigDecimal.ZERO : plain(exact.stripTrailingZeros());
    }

    private static BigDecimal plain(BigDecimal value) {
        return value.scale() < 0 ? value.setScale(0) : value;
    }

    private static BigDecimal number(String text) {
        return new BigDecimal(text.replace(",", ""));
    }

    private static String unmarked(String value) {
        return value.strip().replaceAll("^[*_`]+|[*_`]+$", "").strip();
    }

    /** The statistic that is a word of its own, a percentile before any other; null without one, and for two percentiles. */
    private static @Nullable Matcher statistic(String left) {
        if (PERCENTILES.matcher(left).find()) {
            return null;
        }
        Matcher percentile = PERCENTILE.matcher(left);
        if (percentile.find()) {
            Matcher only = PERCENTILE.matcher(left);
            boolean one = only.find() && STATISTICS.containsKey(only.group(2)) && !percentile.find();
            return one ? only : null;
        }
        Matcher word = WORD.matcher(left);
        while (word.find()) {
            boolean unit = word.group(2).equalsIgnoreCase("min")
                    && left.substring(0, word.start()).matches("(?s).*\\d\\s*");
            if (!unit) {
                return word;
            }
        }
        return null;
    }

    /** Without what stood around a statistic that was taken out. */
    private static String tidy(String words) {
        return words.replaceAll("^[ ,;]+|[ ,;]+$", "").replaceAll(" +", " ");
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
        return ofWritten(
                name.value(),
                statistic,
                environment.value(),
                unit.value(),
                values.substring(0, blank),
                unit.rest().substring(4));
    }

    private static @Nullable MetricLine ofWritten(
            String name, String statistic, String environment, String unit, String before, String after) {
        try {
            return of(
                    name,
                    Statistic.valueOf(statistic.toUpperCase(Locale.ROOT)),
                    environment,
                    unit,
                    number(before),
                    number(after));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable MetricLine of(
            String name, Statistic statistic, String environment, String unit, BigDecimal before, BigDecimal after) {
        try {
            MetricLine line = new MetricLine(name, statistic, environment, unit, before, after);
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
        return List.of(this).equals(all(plain)) && plain.matches("\\p{L}[^\\[\\]]*")
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
