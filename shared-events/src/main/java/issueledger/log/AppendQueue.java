package issueledger.log;

/**
 * The appends that wait for the log's writer.
 *
 * @param bytes of all that wait or are being written
 */
public record AppendQueue(int appends, long bytes) {
    /** The queue of a log that nobody appends to. */
    public static final AppendQueue EMPTY = new AppendQueue(0, 0);
}
