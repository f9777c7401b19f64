package issueledger.log;

import java.util.List;

/**
 * A commit in the log.
 *
 * @param events at least one, in order
 */
public record RecordedCommit(List<RecordedEvent> events) {
    public RecordedCommit {
        events = List.copyOf(events);
    }
}
