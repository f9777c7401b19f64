package issueledger.issues;

import issueledger.axon.EventReader;
import issueledger.issues.Issues.Found;
import issueledger.issues.Issues.Stored;
import issueledger.log.RecordedEvent;
import issueledger.projections.AuditedViews;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The issue views of a generation, as they are compared with the log. */
final class IssuesAudit implements AuditedViews<Found> {
    private final Issues issues;
    private final EventReader reader;

    IssuesAudit(Issues issues, EventReader reader) {
        this.issues = issues;
        this.reader = reader;
    }

    @Override
    public String id(Found stored) {
        return stored.id();
    }

    @Override
    public long seen(Found stored) {
        return stored.seen();
    }

    @Override
    public List<Found> after(@Nullable Found last) {
        return issues.after(last);
    }

    @Override
    public Optional<Found> found(String id) {
        return issues.found(id);
    }

    @Override
    public Fold<Found> fold(String id) {
        return new Fold<>() {
            private IssueView view = IssueView.of(id);
            private long position;

            @Override
            public void apply(RecordedEvent event) {
                view = Replay.apply(reader, view, event);
                position = event.position();
            }

            @Override
            public @Nullable String difference(Found stored) {
                return stored.difference(new Stored(id, position, view));
            }
        };
    }
}
