package issueledger.analytics;

import issueledger.analytics.facts.IssueFacts;
import issueledger.events.Status;
import issueledger.http.Page;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cumulative flow: how many issues stand in each status at the end of each bucket. */
@SuppressWarnings("EnumOrdinal") // An array has an element a status.
record Flow(List<FlowItem> rows, int doubtful) implements Answer<Flow.FlowItem> {

    /** @param bucket its first day */
    public record FlowItem(LocalDate bucket, Map<Status, Integer> byStatus) {}

    public record FlowPage(List<FlowItem> items, @Nullable String nextCursor, int doubtful) {}

    static Flow of(List<IssueFacts> issues, Window window) {
        int buckets = window.buckets();
        Status[] statuses = Status.values();
        int[][] entered = new int[statuses.length][buckets + 1]; // Less those that left.
        List<IssueFacts> counted = new ArrayList<>();
        for (IssueFacts issue : issues) {
            if (buckets > 0 && issue.lastChangeBefore(window.to()) >= 0) {
                counted.add(issue);
                count(issue, window, buckets, entered);
            }
        }
        List<FlowItem> rows = new ArrayList<>(buckets);
        int[] standing = new int[statuses.length];
        for (int bucket = 0; bucket < buckets; bucket++) {
            Map<Status, Integer> byStatus = new EnumMap<>(Status.class);
            for (Status status : statuses) {
                standing[status.ordinal()] += entered[status.ordinal()][bucket];
                byStatus.put(status, standing[status.ordinal()]);
            }
            rows.add(new FlowItem(window.firstDayOf(bucket), byStatus));
        }
        return new Flow(rows, Doubts.among(counted, window));
    }

    /** An issue stands in a change's status at the ends after it, up to the first of the later changes. */
    private static void count(IssueFacts issue, Window window, int buckets, int[][] entered) {
        long left = Long.MAX_VALUE;
        for (int i = issue.lastChange(); i >= 0; i--) {
            long at = issue.changedAt(i);
            if (at < left) {
                int status = issue.change(i).status().ordinal();
                entered[status][firstEndAfter(at, window, buckets)]++;
                entered[status][firstEndAfter(left, window, buckets)]--;
                left = at;
            }
        }
    }

    /** The first bucket whose end is after a time; the number of buckets if none is. */
    private static int firstEndAfter(long time, Window window, int buckets) {
        return time >= window.to() ? buckets : window.indexOf(time);
    }

    @Override
    public Class<FlowItem> itemType() {
        return FlowItem.class;
    }

    @Override
    public Listing<?, FlowItem> listing() {
        return Listing.of(rows, row -> Listing.Key.of(row.bucket().toEpochDay()), row -> row);
    }

    @Override
    public Object json(Page<FlowItem> page) {
        return new FlowPage(page.items(), page.nextCursor(), doubtful);
    }
}
