package issueledger.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who did it, why, and what it came from; stored beside each event's payload.
 *
 * @param actor who acted
 * @param reason why, in the actor's words
 * @param commandId the command that the event came of
 * @param correlationId the first command of the conversation
 * @param causationId the message that caused the event
 * @param traceId W3C trace id, 32 hex digits
 * @param idempotencyKey the client's key
 * @param effectiveAt when it happened, where it was recorded later
 */
public record EventMetadata(
        String actor,
        @Nullable String reason,
        String commandId,
        @Nullable String correlationId,
        @Nullable String causationId,
        @Nullable String traceId,
        @Nullable String idempotencyKey,
        @Nullable Instant effectiveAt) {

    /** The time that every duration runs on. */
    public Instant effectiveAt(Instant recordedAt) {
        return effectiveAt == null ? recordedAt : effectiveAt;
    }
}
