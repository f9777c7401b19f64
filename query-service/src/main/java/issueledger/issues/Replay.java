package issueledger.issues;

import issueledger.axon.EventReader;
import issueledger.axon.EventReader.ReadEvent;
import issueledger.axon.EventReader.UnreadableEvent;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.issues.IssueView.Occurrence;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/** Folds an earlier version of an issue from the log, through the same fold as the live view. */
@Component
public class Replay {
    private final EventLog log;
    private final EventReader reader;

    Replay(EventLog log, EventReader reader) {
        this.log = log;
        this.reader = reader;
    }

    /**
     * The issue before its first event that is not wanted.
     *
     * @return empty if the issue does not exist or its first event is not wanted
     */
    public Optional<IssueView> replay(String id, Predicate<RecordedEvent> wanted) {
        IssueView view = IssueView.of(id);
        Iterator<RecordedEvent> events = log.readStream(id, 0).takeWhile(wanted).iterator();
        while (events.hasNext()) {
            view = apply(reader, view, events.next());
        }
        return view.version() == 0 ? Optional.empty() : Optional.of(view);
    }

    /** The issue at a position of the log, before its first event that cannot be read; empty if it did not exist. */
    Optional<IssueView> lastGood(String id, long position) {
        IssueView view = IssueView.of(id);
        Iterator<RecordedEvent> events = log.readStream(id, 0)
                .takeWhile(event -> event.position() <= position)
                .iterator();
        try {
            while (events.hasNext()) {
                view = apply(reader, view, events.next());
            }
        } catch (UnreadableEvent e) {
            return view.version() == 0 ? Optional.empty() : Optional.of(view);
        }
        return view.version() == 0 ? Optional.empty() : Optional.of(view);
    }

    /** The issue at each of these versions that it has; 404 if there is no such issue. */
    public Map<Long, IssueView> versions(String id, Collection<Long> versions) {
        Map<Long, IssueView> found = new HashMap<>();
        IssueView view = IssueView.of(id);
        long last = Collections.max(versions);
        Iterator<RecordedEvent> events = log.readStream(id, 0)
                .takeWhile(event -> event.version() <= last)
                .iterator();
        while (events.hasNext()) {
            view = apply(reader, view, events.next());
            if (versions.contains(view.version())) {
                found.put(view.version(), view);
            }
        }
        if (view.version() == 0) {
            throw Problem.unknownIssue(id);
        }
        return found;
    }

    /** 404 for a version that an issue does not have. */
    public static Problem unknownVersion(long version) {
        return new Problem(ProblemType.UNKNOWN_VERSION, "The issue has no version " + version + ".");
    }

    /** Folds one recorded event. An event that does not fit the ones before it fails like one that cannot be read. */
    static IssueView apply(EventReader reader, IssueView view, RecordedEvent event) {
        ReadEvent read = reader.read(event);
        Occurrence occurrence = new Occurrence(
                event.version(),
                event.position(),
                read.metadata().effectiveAt(event.recordedAt()),
                event.recordedAt(),
                read.metadata().actor());
        try {
            return view.apply(read.events(), occurrence);
        } catch (RuntimeException e) {
            throw new UnreadableEvent(event, "it does not fit the events before it", e);
        }
    }

    /** 404 unless the log has the issue. */
    public void requireIssue(String id) {
        if (!log.hasStream(id)) {
            throw Problem.unknownIssue(id);
        }
    }
}
