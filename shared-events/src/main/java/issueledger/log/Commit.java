package issueledger.log;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events of one command.
 *
 * @param events at least one
 * @param key the client's idempotency key, unique in the log
 * @param request hex SHA-256 of the request, by which a repeated command is known; no part of the entry
 * @param expected streams that the commit does not write to, each with the sequence that must be its next
 * @param recordedAt of a commit that is copied from another log; null for the writer's clock
 */
public record Commit(
        List<NewEvent> events,
        @Nullable IdempotencyKey key,
        @Nullable String request,
        Map<String, Long> expected,
        @Nullable Instant recordedAt) {
    public Commit {
        events = List.copyOf(events);
        expected = Map.copyOf(expected);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("a commit has at least one event");
        }
    }

    public Commit(
            List<NewEvent> events, @Nullable IdempotencyKey key, @Nullable String request, Map<String, Long> expected) {
        this(events, key, request, expected, null);
    }

    public Commit(List<NewEvent> events, @Nullable IdempotencyKey key) {
        this(events, key, null, Map.of());
    }

    /** The time to record it at, before it is held from running backwards. */
    public Instant time(Clock clock) {
        return recordedAt == null ? clock.instant() : recordedAt;
    }

    public String id() {
        return events.get(0).id();
    }

    /**
     * A client's key, scoped to its actor.
     *
     * @param stored actor, LF, key; of an erased one {@code sha256:} and the hex SHA-256 of these
     */
    public record IdempotencyKey(String stored) {
        /** Neither part can hold a line feed. */
        public IdempotencyKey(String actor, String key) {
            this(actor + "\n" + key);
        }

        /** The forms in which it may be stored: as it is, and in a log with erasures the erased one. */
        public List<String> storedForms(boolean erasures) {
            return erasures ? List.of(stored, erased().stored()) : List.of(stored);
        }

        /** The key as it is stored once its actor is erased. */
        public IdempotencyKey erased() {
            return new IdempotencyKey("sha256:" + CommitHash.sha256(stored));
        }
    }
}
