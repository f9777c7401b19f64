package issueledger.issues;

import static java.util.stream.Collectors.toList;

import issueledger.axon.EventReader;
import issueledger.issues.Issues.Stored;
import issueledger.log.EventLog;
import issueledger.log.LogDamaged;
import issueledger.log.RecordedEvent;
import issueledger.projections.Projection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Folds batches into the issue views: loads those that a batch touches, folds, writes each once. */
@Component
class IssuesProjection implements Projection {
    /** Batches of at least this size are folded in parallel; for smaller ones it does not pay. */
    private static final int MANY = 2_000;

    private static final int PAGE = 1_000;

    private final Issues issues;
    private final Parked parked;
    private final EventReader reader;
    private final EventLog log;

    IssuesProjection(Issues issues, Parked parked, EventReader reader, EventLog log) {
        this.log = log;
        this.issues = issues;
        this.parked = parked;
        this.reader = reader;
    }

    @Override
    public String name() {
        return "issues";
    }

    @Override
    public String storedAs() {
        return Issues.STORED_AS;
    }

    @Override
    public void apply(List<RecordedEvent> batch) {
        Map<String, List<RecordedEvent>> byIssue =
                batch.stream().collect(Collectors.groupingBy(RecordedEvent::stream, LinkedHashMap::new, toList()));
        Map<String, Stored> known = issues.load(byIssue.keySet());
        var folds = byIssue.entrySet().stream();
        List<Stored> changed = (batch.size() < MANY ? folds : folds.parallel())
                .map(issue -> fold(known.get(issue.getKey()), issue.getValue()))
                .flatMap(Optional::stream)
                .toList();
        issues.save(changed);
    }

    /** Empty if the stored view holds all of these events. */
    private Optional<Stored> fold(@Nullable Stored known, List<RecordedEvent> events) {
        List<RecordedEvent> unseen = new ArrayList<>(events.stream()
                .filter(event -> known == null || event.position() > known.seen())
                .toList()); // Skips events that are delivered a second time.
        if (!unseen.isEmpty()) {
            unseen.addAll(0, missing(known, unseen.get(0)));
        }
        Stored after = known;
        for (RecordedEvent event : unseen) {
            after = next(after, event);
        }
        return unseen.isEmpty() ? Optional.empty() : Optional.ofNullable(after);
    }

    /**
     * The events between a stored view and the first one to fold. There are some only if the store answered with an older view than it
     * confirmed, or if another process feeds the views too.
     */
    private List<RecordedEvent> missing(@Nullable Stored known, RecordedEvent first) {
        if (known != null && known.parkedAt() != null) {
            return List.of();
        }
        IssueView view = known == null ? null : known.view();
        List<RecordedEvent> missing = new ArrayList<>();
        long next = view == null ? 0 : view.version();
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

    private Stored next(@Nullable Stored before, RecordedEvent event) {
        IssueView view = before == null ? null : before.view();
        if (before != null && before.parkedAt() != null) {
            parked.park(event, "event " + before.parkedAt() + " of this issue is parked");
            return new Stored(event.stream(), event.position(), view, before.parkedAt());
        }
        try {
            IssueView next = Replay.apply(reader, view == null ? IssueView.of(event.stream()) : view, event);
            return new Stored(event.stream(), event.position(), next, null);
        } catch (RuntimeException e) {
            // Parked, so that a bad event stops its own issue only and stays visible.
            parked.park(event, String.valueOf(e.getMessage()));
            return new Stored(event.stream(), event.position(), view, event.position());
        }
    }

    @Override
    public long parked() {
        return parked.count();
    }
}
