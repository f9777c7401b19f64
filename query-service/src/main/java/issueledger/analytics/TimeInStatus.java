package issueledger.analytics;

import issueledger.analytics.facts.IssueFacts;
import issueledger.events.Status;
import issueledger.http.Page;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long issues stood in each status within the window; of each issue the sum of its stays. Closed issues are left out. */
@SuppressWarnings("EnumOrdinal") // An array has an element a status.
record TimeInStatus(List<TimeInStatusItem> rows, int doubtful) implements Answer<TimeInStatus.TimeInStatusItem> {

    /** @param issues those with any time there */
    public record TimeInStatusItem(
            Status status,
            int issues,
            BigDecimal totalSeconds,
            @Nullable BigDecimal meanSeconds,
            @Nullable BigDecimal p50Seconds,
            @Nullable BigDecimal p85Seconds,
            @Nullable BigDecimal p95Seconds) {}

    public record TimeInStatusPage(
            List<TimeInStatusItem> items, @Nullable String nextCursor, int doubtful) {}

    static TimeInStatus of(List<IssueFacts> issues, Window window) {
        long[][] stays = new long[Status.values().length][issues.size()];
        List<IssueFacts> counted = new ArrayList<>();
        for (int n = 0; n < issues.size(); n++) {
            IssueFacts issue = issues.get(n);
            long before = 0;
            for (int i = 0; i < issue.changeCount(); i++) {
                Status status = issue.change(i).status();
                if (status != Status.CLOSED) {
                    long stay = stay(issue, i, window);
                    stays[status.ordinal()][n] += stay;
                    before += stay;
                }
            }
            if (before > 0) {
                counted.add(issue);
            }
        }
        List<TimeInStatusItem> rows = new ArrayList<>();
        for (Status status : Status.values()) {
            if (status != Status.CLOSED) {
                rows.add(item(status, stays[status.ordinal()]));
            }
        }
        return new TimeInStatus(rows, Doubts.among(counted, window));
    }

    /** The milliseconds from a change to the next one that are in the window; 0 if the next one is earlier. */
    private static long stay(IssueFacts issue, int change, Window window) {
        long end = change == issue.lastChange() ? window.at() : issue.changedAt(change + 1);
        return Math.max(0, Math.min(end, window.at()) - Math.max(issue.changedAt(change), window.from()));
    }

    private static TimeInStatusItem item(Status status, long[] stays) {
        Distribution times = Distribution.seconds(Arrays.stream(stays).filter(stay -> stay > 0));
        return new TimeInStatusItem(
                status,
                times.count(),
                times.total(),
                times.mean(),
                times.percentile(50),
                times.percentile(85),
                times.percentile(95));
    }

    @Override
    public Class<TimeInStatusItem> itemType() {
        return TimeInStatusItem.class;
    }

    @Override
    public Listing<?, TimeInStatusItem> listing() {
        return Listing.ofRows(rows);
    }

    @Override
    public Object json(Page<TimeInStatusItem> page) {
        return new TimeInStatusPage(page.items(), page.nextCursor(), doubtful);
    }
}
