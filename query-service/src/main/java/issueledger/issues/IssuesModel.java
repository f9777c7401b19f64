package issueledger.issues;

import static java.util.stream.Collectors.toList;

import issueledger.axon.EventReader;
import issueledger.issues.Issues.Stored;
import issueledger.log.EventLog;
import issueledger.log.LogDamaged;
import issueledger.log.RecordedEvent;
import issueledger.projections.Generation;
import issueledger.projections.ReadModel;
import issueledger.projections.ViewAudit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Folds batches into issue views: loads those that a batch touches, folds, writes each once. */
final class IssuesModel implements ReadModel {
    /** Batches of at least this size are folded in parallel; for smaller ones it does not pay. */
    private static final int MANY = 2_000;

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

    /** An issue after a fold. */
    private record Folded(@Nullable Stored stored, @Nullable Failure failure) {}

    @Override
    public Changes fold(List<RecordedEvent> events) {
        Map<String, List<RecordedEvent>> byIssue =
                events.stream().collect(Collectors.groupingBy(RecordedEvent::stream, LinkedHashMap::new, toList()));
        Map<String, Stored> known = issues.load(byIssue.keySet());
        var folds = byIssue.entrySet().stream();
        List<Folded> folded = (events.size() < MANY ? folds : folds.parallel())
                .map(issue -> fold(known.get(issue.getKey()), issue.getValue()))
                .toList();
        return new IssueChanges(
                folded.stream()
                        .map(Folded::stored)
                        .filter(Objects::nonNull)
                        .map(Objects::requireNonNull)
                        .toList(),
                folded.stream()
                        .map(Folded::failure)
                        .filter(Objects::nonNull)
                        .map(Objects::requireNonNull)
                        .toList());
    }

    private final class IssueChanges implements Changes {
        private final List<Stored> changed;
        private final List<Failure> failures;

        IssueChanges(List<Stored> changed, List<Failure> failures) {
            this.changed = changed;
            this.failures = failures;
        }

        @Override
        public Collection<Failure> failures() {
            return failures;
        }

        @Override
        public void write() {
            issues.save(changed);
        }

        @Override
        public void committed() {
            issues.committed(changed);
        }
    }

    private Folded fold(@Nullable Stored known, List<RecordedEvent> events) {
        List<RecordedEvent> unseen = new ArrayList<>(events.stream()
                .filter(event -> known == null || event.position() > known.seen())
                .toList()); // Skips events that are delivered a second time.
        if (unseen.isEmpty()) {
            return new Folded(null, null);
        }
        unseen.addAll(0, missing(known, unseen.getFirst()));
        IssueView view = known == null ? IssueView.of(unseen.getFirst().stream()) : known.view();
        Stored after = null;
        for (RecordedEvent event : unseen) {
            try {
                view = Replay.apply(reader, view, event);
                after = new Stored(event.stream(), event.position(), view);
            } catch (RuntimeException e) {
                return new Folded(after, new Failure(event, String.valueOf(e.getMessage())));
            }
        }
        return new Folded(after, null);
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
    public void verify(Generation generation, ViewAudit audit) {
        new IssuesAudit(issues, generation, reader, log, audit).run();
    }

    @Override
    public void prepareForReaders() {
        issues.prepareForReaders();
    }
}
