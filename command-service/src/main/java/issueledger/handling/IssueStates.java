package issueledger.handling;

import issueledger.axon.EventLogStorageEngine;
import issueledger.axon.EventReader;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.issue.IssueState;
import issueledger.log.EventLog;
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
            EventReader.ReadEvent read = reader.read(recorded);
            for (IssueEvent event : read.events()) {
                state = state.evolve(event, read.metadata().effectiveAt(recorded.recordedAt()), recorded.version());
            }
        }
        return state.version() == 0 ? Optional.empty() : Optional.of(state);
    }

    /** How many metrics were recorded in an issue up to a version. */
    public long metricsBefore(String issueId, long version) {
        return log.readStream(issueId, 0)
                .takeWhile(recorded -> recorded.version() <= version)
                .flatMap(recorded -> reader.read(recorded).events().stream())
                .filter(MetricRecorded.class::isInstance)
                .count();
    }
}
