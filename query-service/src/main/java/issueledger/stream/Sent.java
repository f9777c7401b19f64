package issueledger.stream;

/**
 * The part of the stream that a subscriber has got: all events up to a position, and the first bytes of the next one.
 *
 * @param bytes 0 between two events
 */
record Sent(long position, int bytes) {
    boolean isBetweenEvents() {
        return bytes == 0;
    }
}
