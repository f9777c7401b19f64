package issueledger.refusals;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where refused commands are kept; bounded in age and number. */
public interface Refusals extends AutoCloseable {
    /** How many are kept at most. */
    int MOST = 1_000_000;

    /**
     * Keeps some more, in this order.
     *
     * @throws RefusalsUnavailable where they cannot be written; none of them is kept then
     */
    void keep(List<RefusedCommand> refused);

    /** Forgets those from before a moment, and the oldest of more than {@link #MOST}. */
    void forget(Instant before);

    /**
     * The next ones after a number that have all of these, oldest first.
     *
     * @throws RefusalsUnavailable where they cannot be read
     */
    List<RefusedCommand> read(
            long after,
            int limit,
            @Nullable String issueId,
            @Nullable String actor,
            @Nullable String command,
            @Nullable String reason);

    @Override
    void close();
}
