package issueledger.log;

import java.time.Instant;
import java.util.List;

/**
 * What became of the commits of an append.
 *
 * @param outcomes one for each commit, in order
 */
public record AppendResult(List<Outcome> outcomes) {
    public AppendResult {
        outcomes = List.copyOf(outcomes);
    }

    /** What became of one commit. */
    public sealed interface Outcome {}

    /** It is durable at these positions. */
    public record Appended(long first, long last, Instant recordedAt, String hash) implements Outcome {}

    /** Another writer was first: the event's sequence is not the stream's next. */
    public record Conflict(String stream, long sequence, long next) implements Outcome {}

    /** Its idempotency key is in the log already. */
    public record KeyTaken(Commit.IdempotencyKey key) implements Outcome {}

    /** It was sent, and the store has not told what became of it: {@link GroupedAppender} throws what this says. */
    public record Unknown(String why) implements Outcome {}
}
