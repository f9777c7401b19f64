package issueledger.log;

import java.time.Instant;
import java.util.List;

/**
 * The outcomes of an append.
 *
 * @param outcomes one for each commit, in order
 */
public record AppendResult(List<Outcome> outcomes) {
    public AppendResult {
        outcomes = List.copyOf(outcomes);
    }

    /** The outcome of one commit. */
    public sealed interface Outcome {}

    /** The commit is durable at these positions. */
    public record Appended(long first, long last, Instant recordedAt, String hash) implements Outcome {}

    /** Another writer was first: the event's sequence is not the stream's next. */
    public record Conflict(String stream, long sequence, long next) implements Outcome {}

    /** Its idempotency key is in the log already. */
    public record KeyTaken(Commit.IdempotencyKey key) implements Outcome {}

    /** The commit was sent and its outcome is unknown; {@link GroupedAppender} throws it as an exception. */
    public record Unknown(String why) implements Outcome {}
}
