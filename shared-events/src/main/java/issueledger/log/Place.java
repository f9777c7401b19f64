package issueledger.log;

/**
 * Where an event is in the log.
 *
 * @param commit the position of its commit's first event
 */
public record Place(long position, long commit) {}
