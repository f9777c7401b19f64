package issueledger.issues;

import issueledger.axon.EventReader;
import issueledger.issues.Issues.Stored;
import issueledger.log.RecordedEvent;
import issueledger.projections.Projection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Keeps the issue views: per batch, loads those it touches, folds, and writes each once. */
@Component
class IssuesProjection implements Projection {
    private final Issues issues;
    private final Parked parked;
    private final EventReader reader;

    IssuesProjection(Issues issues, Parked parked, EventReader reader) {
        this.issues = issues;
        this.parked = parked;
        this.reader = reader;
    }

    @Override
    public String name() {
        return "issues";
    }

    @Override
    public void apply(List<RecordedEvent> batch) {
        Set<String> ids = batch.stream().map(RecordedEvent::stream).collect(Collectors.toSet());
        Map<String, Stored> known = new HashMap<>(issues.load(ids));
        Map<String, Stored> changed = new LinkedHashMap<>();
        for (RecordedEvent event : batch) {
            Stored before = known.get(event.stream());
            if (before != null && event.position() <= before.seen()) {
                continue; // Delivered again.
            }
            Stored after = next(before, event);
            known.put(event.stream(), after);
            changed.put(event.stream(), after);
        }
        issues.save(changed.values());
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
            // Whatever is wrong with this event is its own: the others go on, and it is kept to be seen.
            parked.park(event, String.valueOf(e.getMessage()));
            return new Stored(event.stream(), event.position(), view, event.position());
        }
    }

    @Override
    public long parked() {
        return parked.count();
    }
}
