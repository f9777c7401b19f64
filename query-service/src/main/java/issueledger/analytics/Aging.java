package issueledger.analytics;

import issueledger.analytics.facts.IssueFacts;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.http.Page;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The issues that stand not closed at the window's end, oldest first. */
record Aging(List<IssueFacts> open, Window window) implements Answer<Aging.AgingItem> {

    /** Title, severity and assignee are today's. */
    public record AgingItem(
            String issueId,
            String title,
            Status status,
            @Nullable Severity severity,
            @Nullable String assignee,
            BigDecimal ageSeconds,
            BigDecimal inStatusSeconds) {}

    public record AgingPage(List<AgingItem> items, @Nullable String nextCursor, int doubtful) {}

    static Aging of(List<IssueFacts> issues, Window window) {
        return new Aging(issues.stream().filter(issue -> isOpen(issue, window)).toList(), window);
    }

    static boolean isOpen(IssueFacts issue, Window window) {
        int last = issue.lastChangeBefore(window.to());
        return last >= 0 && !issue.change(last).isClosing();
    }

    private AgingItem item(IssueFacts issue) {
        int last = issue.lastChangeBefore(window.to());
        return new AgingItem(
                issue.id(),
                issue.unpackedDetails().title(),
                issue.change(last).status(),
                issue.severity(),
                issue.assignee(),
                secondsSince(issue.openedAt()),
                secondsSince(issue.changedAt(last)));
    }

    private BigDecimal secondsSince(long time) {
        return Distribution.seconds(Math.max(0, window.at() - time));
    }

    @Override
    public Class<AgingItem> itemType() {
        return AgingItem.class;
    }

    @Override
    public Listing<?, AgingItem> listing() {
        return Listing.of(open, issue -> Listing.Key.of(issue.openedAt(), issue.id()), this::item);
    }

    @Override
    public Object json(Page<AgingItem> page) {
        return new AgingPage(page.items(), page.nextCursor(), Doubts.among(open, window));
    }
}
