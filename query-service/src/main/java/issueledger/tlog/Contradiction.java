package issueledger.tlog;

/**
 * A signed checkpoint that the log is not the one of.
 *
 * @param size the checkpoint's
 * @param position the last one of the first such checkpoint; where the log ends before, one beyond its end
 * @param detail a sentence
 */
record Contradiction(long size, long position, String detail) {}
