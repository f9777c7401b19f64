package issueledger.handling;

import issueledger.handling.CommandDispatcher.Accepted;
import issueledger.handling.CommandDispatcher.CommandOrigin;
import issueledger.http.Problem;
import issueledger.issue.IssueState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A dry run: what its commands would have recorded, which each command after them sees. The commands are of one actor, and come one after
 * the other.
 */
public final class Rehearsal {
    /** Maximum number of issues that a dry run may touch. */
    public static final int MAX_ISSUES = 10_000;

    /** Measured: bytes of heap of an issue beside its texts, and of a key with its answer. */
    private static final int ISSUE_BYTES = 768;

    private static final int KEY_BYTES = 512;

    private final Room room;
    private final Map<String, Standing> issues = new HashMap<>();
    private final Map<String, First> keys = new HashMap<>();
    private @Nullable Long head;

    /** The heap that a dry run may take. */
    public interface Room {
        /** @throws Problem where there is no room for so many bytes more */
        void take(long bytes);
    }

    /**
     * An issue as it would stand.
     *
     * @param position that of its last event, null where that is in the log
     */
    private record Standing(IssueState state, @Nullable Long position) {}

    /** The first request with a key, and its answer. */
    private record First(String request, Accepted answer) {}

    public Rehearsal(Room room) {
        this.room = room;
    }

    /** An issue that a command has touched. */
    Optional<IssueState> find(String issueId) {
        return Optional.ofNullable(issues.get(issueId)).map(Standing::state);
    }

    /** The position that an issue's last event would have; empty where the run has recorded none. */
    Optional<Long> positionOf(String issueId) {
        return Optional.ofNullable(issues.get(issueId)).map(Standing::position);
    }

    /** Keeps an issue as the log has it, unless it is known already. */
    void touch(String issueId, IssueState state) {
        if (!issues.containsKey(issueId)) {
            requireRoomFor(issueId);
            room.take(ISSUE_BYTES + state.payload());
            issues.put(issueId, new Standing(state, null));
        }
    }

    /**
     * Keeps the issue and the key of a command as they would be after it.
     *
     * @param after the issue's state
     * @param count how many events the command would record
     * @param logHead the log's head, asked for once
     * @param answering makes the answer for the position of the command's last event
     */
    Accepted record(
            IssueState after, int count, LongSupplier logHead, CommandOrigin origin, LongFunction<Accepted> answering) {
        long position = (head == null ? logHead.getAsLong() : head) + count;
        Accepted answer = answering.apply(position);
        String issueId = answer.issueId();
        Standing before = issues.get(issueId);
        if (before == null) {
            requireRoomFor(issueId);
        }
        String key = origin.idempotencyKey();
        room.take((before == null
                        ? ISSUE_BYTES + after.payload()
                        : after.payload() - before.state().payload())
                + (key == null ? 0 : KEY_BYTES + key.length()));
        head = position;
        issues.put(issueId, new Standing(after, position));
        if (key != null) {
            keys.put(key, new First(origin.request(), answer));
        }
        return answer;
    }

    /**
     * The first answer to the request, if a command of this run had its key.
     *
     * @throws Problem 422 where that was another request
     */
    Optional<Accepted> replayed(CommandOrigin origin) {
        First first = origin.idempotencyKey() == null ? null : keys.get(origin.idempotencyKey());
        if (first != null && !first.request().equals(origin.request())) {
            throw CommandDispatcher.keyOfAnother();
        }
        return Optional.ofNullable(first).map(known -> known.answer().again());
    }

    /** @throws Problem 413 where the run has touched as many issues as it may, and not this one */
    void requireRoomFor(String issueId) {
        if (issues.size() == MAX_ISSUES && !issues.containsKey(issueId)) {
            throw Problem.tooLarge(
                    "dry run",
                    "A dry run may touch 10,000 issues, and " + issueId + " is another: send it in another request.");
        }
    }
}
