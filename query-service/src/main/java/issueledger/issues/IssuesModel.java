package issueledger.issues;

import issueledger.axon.EventReader;
import issueledger.issues.Issues.Stored;
import issueledger.log.EventLog;
import issueledger.log.LogDamaged;
import issueledger.log.RecordedEvent;
import issueledger.projections.Generation;
import issueledger.projections.IssueFolds;
import issueledger.projections.IssueFolds.Fold;
import issueledger.projections.ReadModel;
import issueledger.projections.ViewAudit;
import issueledger.projections.ViewsAudit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Folds batches into issue views: loads those that a batch touches, folds, writes each once. */
final class IssuesModel implements ReadModel {
    private static final int PAGE = 1_000;

    private final Issues issues;
    private final EventReader reader;
    private final EventLog log;

    IssuesModel(Issues issues, EventReader reader, EventLog log) {
        this.issues = issues;
        this.reader = reader;
        this.log = log;
    }

    Issues issues() {
        return issues;
    }

    @Override
    public Changes fold(List<RecordedEvent> events) {
        Map<String, List<RecordedEvent>> byIssue = IssueFolds.byIssue(events);
        Map<String, Stored> known = issues.load(byIssue.keySet());
        return new IssueChanges(IssueFolds.of(byIssue, (id, its) -> fold(known.get(id), its)));
    }

    private final class IssueChanges implements Changes {
        private final IssueFolds<Stored> folds;

        IssueChanges(IssueFolds<Stored> folds) {
            this.folds = folds;
        }

        @Override
        public Collection<Failure> failures() {
            return folds.failures();
        }

        @Override
        public void write() {
            issues.save(folds.changed());
        }

        @Override
        public void committed() {
            issues.committed(folds.changed());
        }
    }

    private Fold<Stored> fold(@Nullable Stored known, List<RecordedEvent> events) {
        List<RecordedEvent> unseen = new ArrayList<>(events.stream()
                .filter(event -> known == null || event.position() > known.seen())
                .toList()); // Skips events that are delivered a second time.
        if (unseen.isEmpty()) {
            return new Fold<>(null, null);
        }
        unseen.addAll(0, missing(known, unseen.getFirst()));
        IssueView view = known == null ? IssueView.of(unseen.getFirst().stream()) : known.view();
        Stored after = null;
        for (RecordedEvent event : unseen) {
            try {
                view = Replay.apply(reader, view, event);
                after = new Stored(event.stream(), event.position(), view);
            } catch (RuntimeException e) {
                return new Fold<>(after, new Failure(event, String.valueOf(e.getMessage())));
            }
        }
        return new Fold<>(after, null);
    }

    /**
     * The events between a stored view and the first one to fold. There are some only if the store answered with an older view than it
     * confirmed, or if another process feeds the views too.
     */
    private List<RecordedEvent> missing(@Nullable Stored known, RecordedEvent first) {
        List<RecordedEvent> missing = new ArrayList<>();
        long next = known == null ? 0 : known.view().version();
        while (next < first.sequence()) {
            List<RecordedEvent> page =
                    log.readStream(first.stream(), next, (int) Math.min(PAGE, first.sequence() - next));
            if (page.isEmpty()) {
                throw new LogDamaged("the log does not have event " + next + " of the stream " + first.stream());
            }
            missing.addAll(page);
            next += page.size();
        }
        return missing;
    }

    @Override
    public void verify(Generation generation, EventLog log, ViewAudit audit) {
        new ViewsAudit<>(new IssuesAudit(issues, reader), generation, log, audit).run();
        issues.verifyIndex(audit);
    }

    @Override
    public void prepareForReaders() {
        issues.prepareForReaders();
    }
}
