package issueledger.audit;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of a verification.
 *
 * @param from the first position, 1
 * @param to the head of the request's start
 * @param commits the number of commits before the difference, and in all without one
 * @param events likewise of events
 * @param views the number of stored views that were compared
 * @param erased the number of events with an erased text, which cannot be proven
 * @param hash of the last of these commits
 */
public record Verdict(
        boolean ok,
        long from,
        long to,
        long commits,
        long events,
        long views,
        long erased,
        String hash,
        @Nullable Difference difference) {

    /**
     * The first difference by position.
     *
     * @param issueId null if it is not known
     */
    public record Difference(long position, @Nullable String issueId, What what, String detail) {}

    /** A kind of difference. */
    public enum What {
        HASH,
        GAP,
        SEQUENCE,
        TIME,
        VIEW,
        UNREADABLE,
        CHECKPOINT
    }
}
