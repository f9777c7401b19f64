package issueledger.log;

import java.time.Instant;

/**
 * An erasure of an event's texts.
 *
 * @param position the event's
 * @param metadata whether its actor and reason were erased too
 * @param at when, in UTC with milliseconds
 * @param by who erased it, a line
 * @param reason why, a line
 */
public record Erasure(long position, boolean metadata, Instant at, String by, String reason) {}
