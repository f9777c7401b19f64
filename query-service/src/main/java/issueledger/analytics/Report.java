package issueledger.analytics;

import static java.util.stream.Collectors.joining;

import issueledger.analytics.Aging.AgingItem;
import issueledger.analytics.CycleTimes.DurationFigures;
import issueledger.analytics.Flow.FlowItem;
import issueledger.analytics.Improvements.ImprovementsItem;
import issueledger.analytics.Phases.PhasesItem;
import issueledger.analytics.Throughput.ThroughputItem;
import issueledger.analytics.facts.Change;
import issueledger.analytics.facts.Details;
import issueledger.analytics.facts.IssueFacts;
import issueledger.events.Better;
import issueledger.events.Rfc3339;
import issueledger.events.Status;
import issueledger.evidence.MetricVerdict;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One window for people, as Markdown: the answers of the other questions, most important first. */
final class Report {
    /** Maximum rows of a list; how many there are more is said. */
    private static final int ROWS = 20;

    private static final int OLDEST = 10;

    /** The last rows of the flow. */
    private static final int FLOW = 12;

    private static final long DAY = Duration.ofDays(1).toSeconds();

    private final List<IssueFacts> issues;
    private final Window window;
    private final StringBuilder text = new StringBuilder();

    private Report(List<IssueFacts> issues, Window window) {
        this.issues = issues;
        this.window = window;
    }

    static String of(List<IssueFacts> issues, Window window) {
        Report report = new Report(issues, window);
        report.write();
        return report.text.toString();
    }

    private void write() {
        line("# Performance issues, " + day(window.from()) + " to " + day(window.to()));
        line("From " + time(window.from()) + " to " + time(window.to())
                + ", UTC, by the times at which things happened.");
        if (window.from() >= window.to()) {
            line("The window is empty.");
            return;
        }
        figures();
        changed("Opened", change -> change == Change.OPENED);
        changed("Closed", Change::isClosing);
        changed("Reopened", change -> change == Change.REOPENED);
        measured();
        late();
        oldest();
        flow();
    }

    private void figures() {
        Summary summary = Summary.of(issues, window);
        Throughput throughput = Throughput.of(issues, window);
        CycleTimes times = CycleTimes.of(issues, window);
        DurationFigures lead = DurationFigures.of(times.closed().stream().mapToLong(CycleTimes.Closed::lead));
        heading("In short");
        item(sum(throughput, ThroughputItem::opened) + " opened, " + sum(throughput, ThroughputItem::fixed) + " fixed, "
                + sum(throughput, ThroughputItem::closed) + " closed, " + sum(throughput, ThroughputItem::reopened)
                + " reopened");
        item(summary.open() + " of " + summary.issues() + " issues open at the end: "
                + summary.byStatus().entrySet().stream()
                        .filter(status -> status.getKey() != Status.CLOSED)
                        .map(status -> status.getValue() + " " + words(status.getKey()))
                        .collect(joining(", ")));
        item(
                lead.count() == 0
                        ? "no confirmed closing, so no lead time"
                        : "lead time of the " + lead.count() + " closed as confirmed: median " + days(lead.p50())
                                + ", 85 % within " + days(lead.p85()));
        item(
                summary.doubtful() == 0
                        ? "nothing to doubt in these issues"
                        : summary.doubtful()
                                + " issues have a figure to doubt: `/analytics/quality` with the same filters says"
                                + " why");
        text.append('\n');
    }

    private static int sum(Throughput throughput, java.util.function.ToIntFunction<ThroughputItem> column) {
        return throughput.rows().stream().mapToInt(column).sum();
    }

    private record Event(IssueFacts issue, Change change, long at) {}

    private void changed(String title, Predicate<Change> wanted) {
        List<Event> events = new ArrayList<>();
        for (IssueFacts issue : issues) {
            for (int i = 0; i < issue.changeCount(); i++) {
                if (wanted.test(issue.change(i)) && window.contains(issue.changedAt(i))) {
                    events.add(new Event(issue, issue.change(i), issue.changedAt(i)));
                }
            }
        }
        events.sort(java.util.Comparator.comparingLong(Event::at)
                .thenComparing(event -> event.issue().id()));
        list(
                title,
                events,
                event -> day(event.at()) + " " + link(event.issue())
                        + (event.issue().severity() == null
                                ? ""
                                : ", "
                                        + words(Objects.requireNonNull(
                                                event.issue().severity())))
                        + (event.change().resolution() == null
                                ? ""
                                : ", "
                                        + words(Objects.requireNonNull(
                                                event.change().resolution()))));
    }

    /** A series with a baseline and a measured value. */
    private record Compared(ImprovementsItem item, Details.Series series) {}

    /** The series whose latest measured value was measured in the window. */
    private void measured() {
        List<Compared> faster = new ArrayList<>();
        List<Compared> slower = new ArrayList<>();
        for (IssueFacts issue : issues) {
            List<Details.Series> series =
                    issue.hasComparableMetrics() ? issue.unpackedDetails().series() : List.of();
            for (int i = 0; i < series.size(); i++) {
                Details.Series one = series.get(i);
                if (one.isComparable()
                        && one.measuredAt() != null
                        && window.contains(one.measuredAt().toEpochMilli())) {
                    ImprovementsItem item = new Improvements.Row(issue, i, one.metric()).item();
                    int gain = Integer.signum(item.measured().compareTo(item.baseline()))
                            * (item.better() == Better.LOWER ? -1 : 1);
                    if (gain != 0) {
                        (gain > 0 ? faster : slower).add(new Compared(item, one));
                    }
                }
            }
        }
        list("Got better", faster, Report::measured);
        list("Got worse", slower, Report::measured);
    }

    private static String measured(Compared compared) {
        ImprovementsItem item = compared.item();
        BigDecimal percent = item.improvementPercent();
        return link(item.issueId(), item.issueId()) + ": "
                + item.statistic().name().toLowerCase(Locale.ROOT) + " "
                + escaped(item.name()) + " in " + escaped(item.environment()) + " from "
                + item.baseline().toPlainString()
                + " to " + item.measured().toPlainString() + " " + escaped(item.unit())
                + (percent == null ? "" : " (" + percent.toPlainString() + " % better)")
                + (Boolean.TRUE.equals(item.targetMet()) ? ", target met" : "")
                + (Boolean.FALSE.equals(item.targetMet()) ? ", target missed" : "")
                + "; " + verdict(Objects.requireNonNull(compared.series().verdict()));
    }

    private static String verdict(MetricVerdict verdict) {
        if (verdict.why() != null) {
            return "verdict: " + words(verdict.verdict()) + " (" + words(verdict.why()) + ")";
        }
        MetricVerdict.Change change = Objects.requireNonNull(verdict.change());
        return "verdict: " + words(verdict.verdict()) + " (p "
                + Objects.requireNonNull(verdict.p()).toPlainString()
                + ", change " + percent(change.estimate()) + ", between " + percent(change.low()) + " and "
                + percent(change.high()) + ")";
    }

    private static String percent(BigDecimal fraction) {
        return (fraction.signum() > 0 ? "+" : "")
                + fraction.movePointRight(2).stripTrailingZeros().toPlainString() + " %";
    }

    private record Running(IssueFacts issue, int number, Details.Phase phase) {}

    /** Phases completed late in the window, and those that run beyond their planned end at the window's end. */
    private void late() {
        List<PhasesItem> completed = Phases.of(issues, window).rows().stream()
                .filter(phase -> phase.slippageDays() != null && phase.slippageDays() > 0)
                .toList();
        list(
                "Phases completed late",
                completed,
                phase -> link(phase.issueId(), phase.issueId()) + ", phase " + phase.phase() + ", "
                        + escaped(phase.name())
                        + ": " + phase.slippageDays() + (Objects.equals(phase.slippageDays(), 1L) ? " day" : " days")
                        + " after " + phase.plannedEnd());
        List<Running> running = new ArrayList<>();
        for (IssueFacts issue : issues) {
            List<Details.Phase> phases = issue.hasPhases() && Aging.isOpen(issue, window) ? issue.phases() : List.of();
            for (int i = 0; i < phases.size(); i++) {
                if (isOverdue(phases.get(i))) {
                    running.add(new Running(issue, i + 1, phases.get(i)));
                }
            }
        }
        list(
                "Phases that are late",
                running,
                late -> link(late.issue()) + ", phase " + late.number() + ", "
                        + escaped(late.phase().name()) + ": planned to end on "
                        + late.phase().plannedEnd());
    }

    /** True if it runs at the window's end, and should not. */
    private boolean isOverdue(Details.Phase phase) {
        return phase.plannedEnd() != null
                && phase.startedAt() != null
                && phase.startedAt().toEpochMilli() < window.to()
                && (phase.completedAt() == null || phase.completedAt().toEpochMilli() >= window.to())
                && Window.day(window.at()).isAfter(phase.plannedEnd());
    }

    private void oldest() {
        Aging aging = Aging.of(issues, window);
        heading("Oldest open issues");
        if (aging.open().isEmpty()) {
            line("None is open.");
            return;
        }
        line("| issue | status | severity | assignee | age | in this status |\n|---|---|---|---|---|---|\n"
                + aging.listing().stream().limit(OLDEST).map(Report::row).collect(joining("\n")));
    }

    private static String row(AgingItem item) {
        return "| " + link(item.issueId(), item.title()) + " | " + words(item.status()) + " | "
                + (item.severity() == null ? "none" : words(item.severity())) + " | "
                + (item.assignee() == null ? "nobody" : escaped(item.assignee())) + " | " + days(item.ageSeconds())
                + " | "
                + days(item.inStatusSeconds()) + " |";
    }

    private void flow() {
        List<FlowItem> rows = Flow.of(issues, window).rows();
        heading("Flow");
        if (rows.size() > FLOW) {
            line("The last " + FLOW + " of " + rows.size() + ".");
        }
        line("| " + window.bucket().word() + " of | "
                + Arrays.stream(Status.values()).map(Report::words).collect(joining(" | ")) + " |\n|---"
                + "|---".repeat(Status.values().length) + "|\n"
                + rows.subList(Math.max(0, rows.size() - FLOW), rows.size()).stream()
                        .map(row -> "| " + row.bucket() + " | "
                                + row.byStatus().values().stream()
                                        .map(String::valueOf)
                                        .collect(joining(" | ")) + " |")
                        .collect(joining("\n")));
    }

    private interface Line<T> {
        String of(T item);
    }

    private <T> void list(String title, List<T> items, Line<T> line) {
        heading(title);
        if (items.isEmpty()) {
            line("None.");
            return;
        }
        items.stream().limit(ROWS).forEach(item -> item(line.of(item)));
        if (items.size() > ROWS) {
            item("and " + (items.size() - ROWS) + " more");
        }
        text.append('\n');
    }

    private void heading(String title) {
        line("## " + title);
    }

    private void line(String line) {
        text.append(line).append("\n\n");
    }

    private void item(String item) {
        text.append("- ").append(item).append('\n');
    }

    private static String link(IssueFacts issue) {
        return link(issue.id(), issue.unpackedDetails().title());
    }

    /** An issue's id is letters, digits, dots, hyphens and underscores. */
    private static String link(String id, String title) {
        return "[" + escaped(title) + "](../issues/" + id + ")";
    }

    /** A line as text: no character of it is Markdown. */
    private static String escaped(String line) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < 128 && !Character.isLetterOrDigit(c) && c > ' ') {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String time(long time) {
        return Rfc3339.format(Window.instant(time));
    }

    private static String day(long time) {
        return Window.day(time).toString();
    }

    private static String days(@Nullable BigDecimal seconds) {
        BigDecimal days = Objects.requireNonNull(seconds)
                .divide(BigDecimal.valueOf(DAY), 1, RoundingMode.HALF_UP)
                .stripTrailingZeros();
        return days.toPlainString() + (days.compareTo(BigDecimal.ONE) == 0 ? " day" : " days");
    }
}
