package issueledger.analytics;

import issueledger.analytics.facts.IssueFacts;
import issueledger.http.Page;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many issues were opened, fixed, closed and reopened in each bucket; an issue closed twice counts twice. */
record Throughput(List<ThroughputItem> rows, int doubtful) implements Answer<Throughput.ThroughputItem> {

    /** @param bucket its first day */
    public record ThroughputItem(LocalDate bucket, int opened, int fixed, int closed, int reopened) {}

    public record ThroughputPage(
            List<ThroughputItem> items, @Nullable String nextCursor, int doubtful) {}

    static Throughput of(List<IssueFacts> issues, Window window) {
        int buckets = window.buckets();
        int[] opened = new int[buckets];
        int[] fixed = new int[buckets];
        int[] closed = new int[buckets];
        int[] reopened = new int[buckets];
        List<IssueFacts> counted = new ArrayList<>();
        for (IssueFacts issue : issues) {
            boolean counts = false;
            for (int i = 0; i < issue.changeCount(); i++) {
                int[] column = switch (issue.change(i)) {
                    case OPENED -> opened;
                    case FIXED -> fixed;
                    case REOPENED -> reopened;
                    case CLOSED_CONFIRMED, CLOSED_DUPLICATE, CLOSED_WONT_FIX, CLOSED_NOT_REPRODUCIBLE -> closed;
                    case WORK_STARTED, TESTING_STARTED, WORK_RESUMED -> null;
                };
                if (column != null && window.contains(issue.changedAt(i))) {
                    column[window.indexOf(issue.changedAt(i))]++;
                    counts = true;
                }
            }
            if (counts) {
                counted.add(issue);
            }
        }
        List<ThroughputItem> rows = new ArrayList<>(buckets);
        for (int b = 0; b < buckets; b++) {
            rows.add(new ThroughputItem(window.firstDayOf(b), opened[b], fixed[b], closed[b], reopened[b]));
        }
        return new Throughput(rows, Doubts.among(counted, window));
    }

    @Override
    public Class<ThroughputItem> itemType() {
        return ThroughputItem.class;
    }

    @Override
    public Listing<?, ThroughputItem> listing() {
        return Listing.of(rows, row -> Listing.Key.of(row.bucket().toEpochDay()), row -> row);
    }

    @Override
    public Object json(Page<ThroughputItem> page) {
        return new ThroughputPage(page.items(), page.nextCursor(), doubtful);
    }
}
