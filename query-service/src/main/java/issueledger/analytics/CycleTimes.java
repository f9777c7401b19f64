package issueledger.analytics;

import issueledger.analytics.facts.Change;
import issueledger.analytics.facts.IssueFacts;
import issueledger.http.Page;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Lead and cycle times of the issues that stand closed as confirmed at the window's end and were last closed in the window. */
record CycleTimes(List<Closed> closed, int doubtful) implements Answer<CycleTimes.CycleTimesItem> {

    public record CycleTimesItem(
            String issueId,
            BigDecimal leadSeconds,
            @Nullable BigDecimal cycleSeconds,
            Instant closedAt) {}

    public record CycleTimesPage(
            DurationFigures lead,
            DurationFigures cycle,
            List<CycleTimesItem> items,
            @Nullable String nextCursor,
            int doubtful) {}

    /** In seconds. */
    public record DurationFigures(
            int count,
            @Nullable BigDecimal mean,
            @Nullable BigDecimal p50,
            @Nullable BigDecimal p85,
            @Nullable BigDecimal p95,
            @Nullable BigDecimal max) {
        static DurationFigures of(LongStream milliseconds) {
            Distribution times = Distribution.seconds(milliseconds);
            return new DurationFigures(
                    times.count(),
                    times.mean(),
                    times.percentile(50),
                    times.percentile(85),
                    times.percentile(95),
                    times.max());
        }
    }

    /**
     * An issue that counts, with times in milliseconds.
     *
     * @param lead from its opening to its last closing
     * @param cycle from the first start of work to the last fix; null if the window ends before one of them
     */
    record Closed(
            IssueFacts issue,
            long closedAt,
            long lead,
            @Nullable Long cycle) {
        CycleTimesItem item() {
            return new CycleTimesItem(
                    issue.id(),
                    Distribution.seconds(lead),
                    cycle == null ? null : Distribution.seconds(cycle),
                    Window.instant(closedAt));
        }
    }

    static CycleTimes of(List<IssueFacts> issues, Window window) {
        List<Closed> closed = new ArrayList<>();
        for (IssueFacts issue : issues) {
            int last = issue.lastChangeBefore(window.to());
            if (last >= 0 && issue.change(last) == Change.CLOSED_CONFIRMED && window.contains(issue.changedAt(last))) {
                closed.add(closed(issue, last));
            }
        }
        return new CycleTimes(
                closed, Doubts.among(closed.stream().map(Closed::issue).toList(), window));
    }

    private static Closed closed(IssueFacts issue, int last) {
        long at = issue.changedAt(last);
        Long started = null;
        Long fixed = null;
        for (int i = 0; i <= last; i++) {
            if (started == null && issue.change(i) == Change.WORK_STARTED) {
                started = issue.changedAt(i);
            } else if (issue.change(i) == Change.FIXED) {
                fixed = issue.changedAt(i);
            }
        }
        return new Closed(
                issue,
                at,
                Math.max(0, at - issue.openedAt()),
                started == null || fixed == null ? null : Long.valueOf(Math.max(0, fixed - started)));
    }

    @Override
    public Class<CycleTimesItem> itemType() {
        return CycleTimesItem.class;
    }

    @Override
    public Listing<?, CycleTimesItem> listing() {
        return Listing.of(
                closed, one -> Listing.Key.of(one.closedAt(), one.issue().id()), Closed::item);
    }

    @Override
    public Object json(Page<CycleTimesItem> page) {
        return new CycleTimesPage(
                DurationFigures.of(closed.stream().mapToLong(Closed::lead)),
                DurationFigures.of(closed.stream()
                        .map(Closed::cycle)
                        .filter(Objects::nonNull)
                        .mapToLong(Long::longValue)),
                page.items(),
                page.nextCursor(),
                doubtful);
    }
}
