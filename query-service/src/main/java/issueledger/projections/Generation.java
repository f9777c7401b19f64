package issueledger.projections;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** One filling of a projection's views: where they are stored, the position they hold, and the events that could not be applied. */
public sealed interface Generation permits SqliteGeneration, MongoGeneration {

    /** From 1, in the order in which they were begun. */
    int number();

    /**
     * A position that views hold.
     *
     * @param hash the hash of the commit at the position, by which another log is known; empty at 0
     * @param erasures the number of erasures in the log that was folded
     */
    record Checkpoint(long position, String hash, int erasures) {}

    /**
     * An event that could not be applied, or a later one of its issue.
     *
     * @param at when it was parked
     */
    record Parked(long position, String issueId, String type, String error, Instant at) {}

    /** The checkpoint as stored. */
    Checkpoint checkpoint();

    /**
     * Writes views, then parked events, then the checkpoint; in one transaction if the store has them.
     *
     * @param retried issues whose parked events are replaced by those in {@code parked}
     * @return false if another process feeds these views now; the writes may be lost then
     */
    boolean write(Runnable views, Collection<Parked> parked, Collection<String> retried, Checkpoint checkpoint);

    /** The first parked position of each issue that has one. */
    Map<String, Long> parkedIssues();

    long parkedCount();

    /** Parked events in the order of their positions. */
    List<Parked> parked(long afterPosition, int limit);
}
