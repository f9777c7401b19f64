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

    /** What a repeated command is known by; null where it was erased. */
    public @Nullable String request() {
        return events.get(0).request();
    }
}
