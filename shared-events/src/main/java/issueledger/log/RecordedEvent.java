package issueledger.log;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event in the log.
 *
 * @param position its place in the log, from 1
 * @param sequence its number in the stream, from 0
 * @param recordedAt in UTC with milliseconds; never before its predecessor's
 * @param commit the position of its commit's first event
 * @param commitNumber its commit's number, from 1
 * @param hash its commit's hash, lower-case hex
 * @param key its commit's idempotency key as it is stored, on the commit's first event
 * @param request hash that identifies a repeated command, on the commit's first event; null once a text of the commit is erased
 * @param erased the last erasure of its texts
 */
public record RecordedEvent(
        long position,
        String id,
        String stream,
        long sequence,
        String type,
        String revision,
        Instant recordedAt,
        String payload,
        String metadata,
        long commit,
        long commitNumber,
        String hash,
        Commitments commitments,
        @Nullable String key,
        @Nullable String request,
        @Nullable Erasure erased) {

    /** The same event without its erasure record; two logs are compared by it. */
    public RecordedEvent withoutErasure() {
        return erased == null
                ? this
                : new RecordedEvent(
                        position,
                        id,
                        stream,
                        sequence,
                        type,
                        revision,
                        recordedAt,
                        payload,
                        metadata,
                        commit,
                        commitNumber,
                        hash,
                        commitments,
                        key,
                        request,
                        null);
    }

    /** The same event for another log. */
    public NewEvent asNew() {
        return new NewEvent(id, stream, sequence, type, revision, payload, metadata, commitments);
    }

    /** The characters of its texts. */
    public long characters() {
        return (long) payload.length() + metadata.length();
    }

    /** The version after this event: 1, 2, … */
    public long version() {
        return sequence + 1;
    }
}
