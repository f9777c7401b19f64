package issueledger.projections;

import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.projections.ViewAudit.Missing;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Folds every stored view of an issue again from its stream and compares, some issues at a time. The views may move meanwhile: a view is
 * compared at the position that it holds, which must be that of its last event, or of the last one before a parked event.
 */
public final class ViewsAudit<V> {
    /** A view that differs is compared again: it may have moved between the reads of a comparison. */
    private static final int TRIES = 3;

    private final AuditedViews<V> views;
    private final Generation generation;
    private final EventLog log;
    private final ViewAudit audit;

    public ViewsAudit(AuditedViews<V> views, Generation generation, EventLog log, ViewAudit audit) {
        this.views = views;
        this.generation = generation;
        this.log = log;
        this.audit = audit;
    }

    /** The positions that the views must hold. */
    private record Held(long position, Map<String, Long> parked) {
        /** The last position of an issue that its view must hold, if the issue has an event there. */
        long of(String id, long seen) {
            Long first = parked.get(id);
            return first == null ? Math.max(position, seen) : first - 1;
        }
    }

    private Held held() {
        long position = generation.checkpoint().position();
        return new Held(position, generation.parkedCount() == 0 ? Map.of() : generation.parkedIssues());
    }

    /** The outcome of a comparison; without a detail there is no difference. */
    private record Compared(
            long position, long events, @Nullable String detail, boolean unreadable) {}

    public void run() {
        Held held = held();
        List<V> some = views.after(null);
        while (!some.isEmpty()) {
            Held now = held;
            List<Compared> compared =
                    some.parallelStream().map(found -> compare(found, now)).toList();
            long events = 0;
            for (int i = 0; i < some.size(); i++) {
                String id = views.id(some.get(i));
                Compared one = compared.get(i);
                events += one.events();
                audit.found(id);
                report(id, one.detail() == null ? one : again(id, one));
            }
            audit.compared(some.size(), events);
            held = held();
            some = views.after(some.getLast());
        }
        for (Missing missing : audit.missing()) {
            Held now = held();
            Long parked = now.parked().get(missing.issueId());
            if (missing.position() <= now.position()
                    && (parked == null || parked > missing.position())
                    && views.found(missing.issueId()).isEmpty()) {
                audit.differs(missing.position(), missing.issueId(), "the issue has no view");
            }
        }
    }

    private void report(String id, Compared compared) {
        String detail = compared.detail();
        if (detail != null && compared.unreadable()) {
            audit.unreadable(compared.position(), id, detail);
        } else if (detail != null) {
            audit.differs(compared.position(), id, detail);
        }
    }

    private Compared again(String id, Compared before) {
        Compared compared = before;
        for (int i = 1; i < TRIES && compared.detail() != null; i++) {
            Held now = held();
            Optional<V> found = views.found(id);
            compared = found.isEmpty()
                    ? new Compared(before.position(), 0, "the view cannot be found by its id", false)
                    : compare(found.get(), now);
        }
        return compared;
    }

    private Compared compare(V found, Held held) {
        String id = views.id(found);
        long seen = views.seen(found);
        long last = held.of(id, seen);
        AuditedViews.Fold<V> fold = views.fold(id);
        long position = 0;
        long count = 0;
        Iterator<RecordedEvent> events = log.readStream(id, 0)
                .takeWhile(event -> event.position() <= last)
                .iterator();
        while (events.hasNext()) {
            RecordedEvent event = events.next();
            try {
                fold.apply(event);
            } catch (RuntimeException e) {
                return new Compared(event.position(), count, String.valueOf(e.getMessage()), true);
            }
            position = event.position();
            count++;
        }
        if (count == 0) {
            return new Compared(seen, 0, "the log does not have the issue of this view", false);
        }
        String detail = seen == position
                ? fold.difference(found)
                : "the view holds position " + seen + " of the issue, and its last event has " + position;
        return new Compared(position, count, detail, false);
    }
}
