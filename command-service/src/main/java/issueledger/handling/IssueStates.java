package issueledger.handling;

import issueledger.axon.EventLogStorageEngine;
import issueledger.axon.EventReader;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.issue.IssueState;
import issueledger.log.EventLog;
import issueledger.log.LogDamaged;
import issueledger.log.RecordedEvent;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;
import org.springframework.stereotype.Component;

/** Issues as the log has them: each from its snapshot and the events after it. */
@Component
public class IssueStates {
    private final EventLog log;
    private final EventReader reader;
    private final EventLogStorageEngine engine;

    public IssueStates(EventLog log, EventReader reader, EventLogStorageEngine engine) {
        this.log = log;
        this.reader = reader;
        this.engine = engine;
    }

    /** An issue's state, empty if there is no such issue. */
    public Optional<IssueState> find(String issueId) {
        Optional<DomainEventMessage<?>> snapshot = engine.snapshot(issueId);
        IssueState state = snapshot.map(s -> ((Issue) s.getPayload()).state()).orElse(IssueState.NONE);
        long next = snapshot.map(s -> s.getSequenceNumber() + 1).orElse(0L);
        for (RecordedEvent recorded : log.readStream(issueId, next).toList()) {
            EventReader.ReadEvent read = read(recorded);
            for (IssueEvent event : read.events()) {
                state = state.evolve(event, read.metadata().effectiveAt(recorded.recordedAt()), recorded.version());
            }
        }
        return state.version() == 0 ? Optional.empty() : Optional.of(state);
    }

    private EventReader.ReadEvent read(RecordedEvent recorded) {
        try {
            return reader.read(recorded);
        } catch (EventReader.UnreadableEvent e) {
            throw unreadable(recorded.stream(), e);
        }
    }

    /** An issue with an event that this version of the program cannot read takes no command. */
    static LogDamaged unreadable(String issueId, Exception cause) {
        return new LogDamaged(
                "an event of the issue " + issueId
                        + " cannot be read by this version; GET /projections/issues/parked names it",
                cause);
    }

    /** How many metrics were recorded in an issue up to a version. */
    public long metricsBefore(String issueId, long version) {
        return log.readStream(issueId, 0)
                .takeWhile(recorded -> recorded.version() <= version)
                .flatMap(recorded -> read(recorded).events().stream())
                .filter(MetricRecorded.class::isInstance)
                .count();
    }
}
