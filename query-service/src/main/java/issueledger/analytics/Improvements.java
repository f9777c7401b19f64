package issueledger.analytics;

import issueledger.analytics.facts.Details.Series;
import issueledger.analytics.facts.IssueFacts;
import issueledger.events.Better;
import issueledger.events.MetricSeries;
import issueledger.events.Statistic;
import issueledger.http.Page;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The metric series that have a baseline and a measured value. */
record Improvements(List<Row> rows, int doubtful) implements Answer<Improvements.ImprovementsItem> {

    public record ImprovementsItem(
            String issueId,
            String name,
            Statistic statistic,
            String environment,
            String unit,
            Better better,
            BigDecimal baseline,
            @Nullable BigDecimal target,
            BigDecimal measured,
            @Nullable BigDecimal improvementPercent,
            @Nullable Boolean targetMet) {}

    public record ImprovementsPage(
            List<ImprovementsItem> items, @Nullable String nextCursor, int doubtful) {}

    /** @param number of the series in its issue */
    record Row(IssueFacts issue, int number, MetricSeries series) {
        ImprovementsItem item() {
            return new ImprovementsItem(
                    issue.id(),
                    series.name(),
                    series.statistic(),
                    series.environment(),
                    series.unit(),
                    series.better(),
                    Objects.requireNonNull(series.baseline()),
                    series.target(),
                    Objects.requireNonNull(series.measured()),
                    series.improvementPercent(),
                    series.targetMet());
        }
    }

    static Improvements of(List<IssueFacts> issues, Window window) {
        List<IssueFacts> counted =
                issues.stream().filter(IssueFacts::hasComparableMetrics).toList();
        List<Row> rows = new ArrayList<>();
        for (IssueFacts issue : counted) {
            List<Series> series = issue.unpackedDetails().series();
            for (int i = 0; i < series.size(); i++) {
                if (series.get(i).isComparable()) {
                    rows.add(new Row(issue, i, series.get(i).metric()));
                }
            }
        }
        return new Improvements(rows, Doubts.among(counted, window));
    }

    @Override
    public Class<ImprovementsItem> itemType() {
        return ImprovementsItem.class;
    }

    @Override
    public Listing<?, ImprovementsItem> listing() {
        return Listing.of(rows, row -> new Listing.Key(0, row.issue().id(), row.number()), Row::item);
    }

    @Override
    public Object json(Page<ImprovementsItem> page) {
        return new ImprovementsPage(page.items(), page.nextCursor(), doubtful);
    }
}
