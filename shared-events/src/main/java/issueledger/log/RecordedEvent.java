package issueledger.log;

import java.time.Instant;

/**
 * An event in the log.
 *
 * @param position its place in the log, from 1
 * @param sequence its number in the stream, from 0
 * @param recordedAt in UTC with milliseconds; never before its predecessor's
 * @param commit the position of its commit's first event
 * @param hash its commit's hash, lower-case hex
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
        String hash) {

    /** The version after this event: 1, 2, … */
    public long version() {
        return sequence + 1;
    }
}
