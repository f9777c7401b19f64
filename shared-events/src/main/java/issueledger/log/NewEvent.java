package issueledger.log;

/**
 * An event to append.
 *
 * @param id unique; the id of a commit's first event is the commit's
 * @param sequence its number in the stream, from 0; must be the stream's next
 * @param payload exact JSON text, kept to the byte
 * @param metadata exact JSON text, kept to the byte
 * @param commitments fresh ones, but for an event that is copied from another log
 */
public record NewEvent(
        String id,
        String stream,
        long sequence,
        String type,
        String revision,
        String payload,
        String metadata,
        Commitments commitments) {

    /** An event with new salts. */
    public NewEvent(
            String id, String stream, long sequence, String type, String revision, String payload, String metadata) {
        this(id, stream, sequence, type, revision, payload, metadata, Commitments.fresh());
    }
}
