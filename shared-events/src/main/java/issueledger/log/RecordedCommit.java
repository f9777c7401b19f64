package issueledger.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commit in the log.
 *
 * @param events at least one, in order
 */
public record RecordedCommit(List<RecordedEvent> events) {
    public RecordedCommit {
        events = List.copyOf(events);
    }

    /** Hash that identifies a repeated command; null once a text of the commit is erased. */
    public @Nullable String request() {
        return events.get(0).request();
    }
}
