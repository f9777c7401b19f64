package issueledger.log;

import issueledger.events.Erasing;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What an event becomes when its texts are erased: its salts go, its commitments stay, its entry and every hash are as before.
 *
 * @param key the stored form of its commit's idempotency key
 */
public record ErasedEvent(
        String payload,
        String metadata,
        Commitments commitments,
        @Nullable String key) {

    /**
     * The event erased, once more where it was before.
     *
     * @param firstOfCommit the event that carries the commit's key; may be {@code event}
     * @param withMetadata whether actor and reason are erased too
     */
    public static ErasedEvent of(RecordedEvent event, RecordedEvent firstOfCommit, boolean withMetadata) {
        Commitments before = event.commitments();
        boolean metadata = withMetadata && before.metadataSalt() != null;
        Commitments after = new Commitments(
                null,
                metadata ? null : before.metadataSalt(),
                committed(before.payloadSalt(), event.payload(), before.payload()),
                metadata ? committed(before.metadataSalt(), event.metadata(), null) : before.metadata());
        return new ErasedEvent(
                before.payloadSalt() == null ? event.payload() : payload(event),
                metadata ? Erasing.metadata(event.metadata()) : event.metadata(),
                after,
                key(firstOfCommit.key(), withMetadata));
    }

    private static String payload(RecordedEvent event) {
        try {
            return Erasing.payload(event.type(), event.revision(), event.payload());
        } catch (IllegalArgumentException | JacksonException e) {
            throw new ErasureRefused("this program cannot read the event (" + event.type() + ", revision "
                    + event.revision() + "): use the version that wrote it");
        }
    }

    private static @Nullable String committed(@Nullable String salt, String text, @Nullable String stored) {
        return salt == null ? stored : Commitments.commitment(salt, text);
    }

    private static @Nullable String key(@Nullable String stored, boolean erase) {
        return erase && stored != null && stored.indexOf('\n') >= 0
                ? new Commit.IdempotencyKey(stored).erased().stored()
                : stored;
    }
}
