package issueledger.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event's actor, reason and origin; stored beside its payload.
 *
 * @param actor the user or system that acted
 * @param reason in the actor's words
 * @param commandId the command that caused the event
 * @param correlationId the first command of the conversation
 * @param causationId the message that caused the event
 * @param traceId W3C trace id, 32 hex digits
 * @param idempotencyKey the client's key
 * @param effectiveAt the time of the fact if it was recorded later, else null
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

    /** The time that all durations are computed from. */
    public Instant effectiveAt(Instant recordedAt) {
        return effectiveAt == null ? recordedAt : effectiveAt;
    }
}
