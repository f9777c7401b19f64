package issueledger.tlog;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The signed checkpoints of the log and the witnesses' states, beside the log and apart from the views: they cannot be computed again.
 * Durable once a method returns. Methods throw {@link CheckpointsUnavailable}.
 */
interface CheckpointStore extends AutoCloseable {

    /** The log's record: the checkpoint that was signed last. */
    Optional<SignedCheckpoint> last();

    /** Makes a checkpoint the last one; false if there is another one of its number. */
    boolean add(SignedCheckpoint next);

    /** Replaces a checkpoint's note by one with more signatures; false if it is not {@code before} any more. */
    boolean cosign(SignedCheckpoint before, SignedCheckpoint after);

    /** The kept checkpoints before a number, newest first. */
    List<SignedCheckpoint> before(long number, int limit);

    /** The kept checkpoints after a number, oldest first. */
    List<SignedCheckpoint> after(long number, int limit);

    /** The newest kept checkpoint of at most so many events. */
    Optional<SignedCheckpoint> ofAtMost(long size);

    /** Those of before a moment that no witness signed and that were not chosen to be kept, oldest first. */
    List<SignedCheckpoint> thinnable(Instant before, int limit);

    /** Deletes checkpoints, and marks others as those that are kept of their hour. */
    void thin(Collection<Long> delete, Collection<Long> keep);

    /** What is known of each witness, by its name. */
    Map<String, WitnessState> witnesses();

    void put(String witness, WitnessState state);

    @Override
    void close();
}
