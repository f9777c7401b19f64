package issueledger.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of one command.
 *
 * @param events at least one
 * @param key the client's idempotency key, unique in the log
 */
public record Commit(List<NewEvent> events, @Nullable IdempotencyKey key) {
    public Commit {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("a commit has at least one event");
        }
    }

    public String id() {
        return events.get(0).id();
    }

    /** A client's key, scoped to its actor. Neither part can hold a line feed. */
    public record IdempotencyKey(String actor, String key) {
        public String stored() {
            return actor + "\n" + key;
        }
    }
}
