package issueledger.issues;

import issueledger.axon.EventReader;
import issueledger.axon.EventReader.ReadEvent;
import issueledger.axon.EventReader.UnreadableEvent;
import issueledger.http.Problem;
import issueledger.issues.IssueView.Occurrence;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/** Makes an issue as it was, from the log, through the same fold as the live view. */
@Component
public class Replay {
    private static final int PAGE = 1_000;

    private final EventLog log;
    private final EventReader reader;

    Replay(EventLog log, EventReader reader) {
        this.log = log;
        this.reader = reader;
    }

    /**
     * The issue after its first events, up to but not with the first that is not wanted.
     *
     * @return empty if the issue does not exist or its first event is not wanted
     */
    public Optional<IssueView> replay(String id, Predicate<RecordedEvent> wanted) {
        IssueView view = IssueView.of(id);
        List<RecordedEvent> page;
        do {
            page = log.readStream(id, view.version(), PAGE);
            for (RecordedEvent event : page) {
                if (!wanted.test(event)) {
                    return some(view);
                }
                view = apply(reader, view, event);
            }
        } while (page.size() == PAGE);
        return some(view);
    }

    private static Optional<IssueView> some(IssueView view) {
        return view.version() == 0 ? Optional.empty() : Optional.of(view);
    }

    /** The fold of one recorded event; one that cannot be read and one that fits no issue at this point fail alike. */
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
        if (log.readStream(id, 0, 1).isEmpty()) {
            throw Problem.unknownIssue(id);
        }
    }
}
