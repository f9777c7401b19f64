package issueledger.log;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log.
 *
 * @param position of the last event, 0 in an empty log; also the number of events
 * @param hash of the last commit, lower-case hex; zeros in an empty log
 * @param commits the number of commits
 * @param recordedAt of the last event
 */
public record LogHead(
        long position, String hash, long commits, @Nullable Instant recordedAt) {
    public static final LogHead EMPTY = new LogHead(0, CommitHash.NONE, 0, null);
}
