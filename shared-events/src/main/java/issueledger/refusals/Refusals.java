package issueledger.refusals;

import issueledger.log.LogUnavailable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store of refused commands, bounded in age and number. */
public interface Refusals extends AutoCloseable {
    /** Maximum number of stored refusals. */
    int MOST = 1_000_000;

    /**
     * Stores refusals in this order.
     *
     * @throws LogUnavailable if they cannot be written; none is stored then
     */
    void keep(List<RefusedCommand> refused);

    /** Deletes refusals from before a moment, and the oldest beyond {@link #MOST}. */
    void forget(Instant before);

    /**
     * The next refusals after an id that match all given values, oldest first.
     *
     * @throws LogUnavailable if they cannot be read
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
