package issueledger.log;

import issueledger.events.Erasing;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An event after its texts are erased: without salts, with its commitments, with the same entry and hash.
 *
 * @param key the stored form of its commit's idempotency key
 */
public record ErasedEvent(
        String payload,
        String metadata,
        Commitments commitments,
        @Nullable String key) {

    /**
     * The event erased, once more where it was before. A payload without texts keeps its salt.
     *
     * @param firstOfCommit the event that carries the commit's key; may be {@code event}
     * @param withMetadata whether actor and reason are erased too
     * @throws ErasureRefused if that changes nothing
     */
    public static ErasedEvent of(RecordedEvent event, RecordedEvent firstOfCommit, boolean withMetadata) {
        Commitments before = event.commitments();
        String payload = before.payloadSalt() == null
                ? event.payload()
                : readable(event, () -> Erasing.payload(event.type(), event.revision(), event.payload()));
        boolean erasesPayload = !payload.equals(event.payload());
        boolean erasesMetadata = withMetadata && before.metadataSalt() != null;
        if (!erasesPayload && !erasesMetadata) {
            throw new ErasureRefused("the event has no text to erase");
        }
        Commitments after = new Commitments(
                erasesPayload ? null : before.payloadSalt(),
                erasesMetadata ? null : before.metadataSalt(),
                erasesPayload ? committed(before.payloadSalt(), event.payload()) : before.payload(),
                erasesMetadata ? committed(before.metadataSalt(), event.metadata()) : before.metadata());
        return new ErasedEvent(
                payload,
                erasesMetadata ? readable(event, () -> Erasing.metadata(event.metadata())) : event.metadata(),
                after,
                key(firstOfCommit.key(), withMetadata));
    }

    private static String readable(RecordedEvent event, Supplier<String> erasing) {
        try {
            return erasing.get();
        } catch (RuntimeException e) {
            throw new ErasureRefused("this program cannot read the event (" + event.type() + ", revision "
                    + event.revision() + "): " + e.getMessage());
        }
    }

    private static String committed(@Nullable String salt, String text) {
        return Commitments.commitment(Objects.requireNonNull(salt), text);
    }

    private static @Nullable String key(@Nullable String stored, boolean erase) {
        return erase && stored != null && stored.indexOf('\n') >= 0
                ? new Commit.IdempotencyKey(stored).erased().stored()
                : stored;
    }
}
