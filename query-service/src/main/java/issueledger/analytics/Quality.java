package issueledger.analytics;

import static java.util.stream.Collectors.joining;

import issueledger.analytics.facts.Check;
import issueledger.analytics.facts.Details.Late;
import issueledger.analytics.facts.Details.Phase;
import issueledger.analytics.facts.Details.Series;
import issueledger.analytics.facts.IssueFacts;
import issueledger.events.MetricSeries;
import issueledger.events.Requirement;
import issueledger.events.Rfc3339;
import issueledger.evidence.MetricVerdict;
import issueledger.http.Page;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The reasons to doubt the figures of issues: at most one row for an issue and a check. */
record Quality(List<Finding> findings, int doubtful) implements Answer<Quality.QualityItem> {

    public record QualityItem(String issueId, Check check, String detail) {}

    public record QualityPage(
            List<QualityItem> items, @Nullable String nextCursor, int doubtful) {}

    record Finding(IssueFacts issue, Check check) {
        QualityItem item() {
            return new QualityItem(issue.id(), check, detail());
        }

        private String detail() {
            return switch (check) {
                case LATE_FACT ->
                    late(Objects.requireNonNull(issue.unpackedDetails().late()));
                case NEGATIVE_DURATION -> negative();
                case WAIVED -> issue.waivers().stream().map(Requirement::name).collect(joining(", "));
                case PHASE_RUNNING_ON_CLOSED -> phases(Phase::isRunning, "is running");
                case NO_BASELINE -> series(Series::lacksABaseline, series -> "has a measured value and no baseline");
                case MEASURED_BEFORE_FIX ->
                    series(
                            series -> series.isMeasuredBefore(fix()),
                            series -> "was measured at " + series.measuredAt() + ", and fixed at " + fix());
                case IDLE_IN_PROGRESS -> "no event since " + Rfc3339.format(Window.instant(issue.lastAt()));
                case START_ASSUMED -> "the import had no date of the start of work and took its own day";
                case WORSE_AFTER_FIX ->
                    series(
                            series -> series.hasWorseVerdict() || isWorseAfterFix(series),
                            series -> series.hasWorseVerdict() ? verdict(series) : values(series));
            };
        }

        private boolean isWorseAfterFix(Series series) {
            Instant fix = issue.fixedAt();
            return fix != null && series.isWorseAfter(fix);
        }

        private static String values(Series series) {
            return "went from " + plain(series.metric().baseline()) + " to "
                    + plain(series.metric().measured()) + " " + series.metric().unit();
        }

        private static String verdict(Series series) {
            MetricVerdict verdict = Objects.requireNonNull(series.verdict());
            MetricVerdict.Change change = Objects.requireNonNull(verdict.change());
            return "has the verdict WORSE: p " + plain(verdict.p()) + ", change " + plain(change.estimate()) + " (from "
                    + plain(change.low()) + " to " + plain(change.high()) + ")";
        }

        private static String plain(@Nullable BigDecimal value) {
            return value == null ? "" : value.toPlainString();
        }

        private Instant fix() {
            return Objects.requireNonNull(issue.fixedAt());
        }

        private static String late(Late late) {
            return "version " + late.version() + " was recorded "
                    + Duration.ofMillis(late.milliseconds()).toDays() + " days after it happened";
        }

        private String negative() {
            List<String> found = new ArrayList<>();
            for (int i = 1; i < issue.changeCount(); i++) {
                if (issue.changedAt(i) < issue.changedAt(i - 1)) {
                    found.add(issue.change(i) + " at " + Rfc3339.format(Window.instant(issue.changedAt(i)))
                            + " is before " + issue.change(i - 1) + " at "
                            + Rfc3339.format(Window.instant(issue.changedAt(i - 1))));
                }
            }
            String phases = phases(Phase::isNegative, "was completed before it was started");
            if (!phases.isEmpty()) {
                found.add(phases);
            }
            return String.join("; ", found);
        }

        private String phases(Predicate<Phase> which, String what) {
            List<Phase> phases = issue.phases();
            List<String> found = new ArrayList<>();
            for (int i = 0; i < phases.size(); i++) {
                if (which.test(phases.get(i))) {
                    found.add("phase " + (i + 1) + " (" + phases.get(i).name() + ") " + what);
                }
            }
            return String.join("; ", found);
        }

        private interface Words {
            String of(Series series);
        }

        private String series(Predicate<Series> which, Words what) {
            return issue.unpackedDetails().series().stream()
                    .filter(which)
                    .map(series -> name(series.metric()) + " " + what.of(series))
                    .collect(joining("; "));
        }

        private static String name(MetricSeries series) {
            return series.name() + " " + series.statistic() + " (" + series.environment() + ")";
        }
    }

    static Quality of(List<IssueFacts> issues, Window window) {
        List<IssueFacts> doubtful =
                issues.stream().filter(issue -> issue.isDoubtful(window.now())).toList();
        List<Finding> findings = new ArrayList<>();
        for (IssueFacts issue : doubtful) {
            for (Check check : Check.values()) {
                if (issue.has(check, window.now())) {
                    findings.add(new Finding(issue, check));
                }
            }
        }
        return new Quality(findings, doubtful.size());
    }

    @Override
    public Class<QualityItem> itemType() {
        return QualityItem.class;
    }

    @Override
    @SuppressWarnings("EnumOrdinal")
    public Listing<?, QualityItem> listing() {
        return Listing.of(
                findings,
                finding ->
                        new Listing.Key(0, finding.issue().id(), finding.check().ordinal()),
                Finding::item);
    }

    @Override
    public Object json(Page<QualityItem> page) {
        return new QualityPage(page.items(), page.nextCursor(), doubtful);
    }
}
