package issueledger.cli;

import issueledger.log.CommitHash;
import issueledger.log.EventLog;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import issueledger.log.NewEvent;
import issueledger.log.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Takes a log's events in order and computes the hash of each commit again. */
final class HashChain {
    private static final int PAGE = 1_000;

    private final Consumer<List<RecordedEvent>> verified;
    private final List<RecordedEvent> commit = new ArrayList<>();
    private String hash = CommitHash.NONE;
    private long position;
    private long commits;

    /** @param verified gets each commit whose hash is right */
    HashChain(Consumer<List<RecordedEvent>> verified) {
        this.verified = verified;
    }

    /** Reads a log, which nobody writes, from its first to its last event. */
    static LogHead verify(EventLog log) {
        LogHead end = log.head();
        HashChain chain = new HashChain(commit -> {});
        while (chain.position < end.position()) {
            List<RecordedEvent> page = log.read(chain.position, PAGE);
            if (page.isEmpty()) {
                break;
            }
            page.forEach(chain::take);
        }
        chain.end();
        if (chain.position != end.position() || chain.commits != end.commits() || !chain.hash.equals(end.hash())) {
            throw refused("the log does not end as its last event says, at position " + end.position());
        }
        return end;
    }

    /** @throws LogUnavailable at a gap, or at the end of a commit that is not as it was written */
    void take(RecordedEvent event) {
        if (!commit.isEmpty() && commit.get(0).commit() != event.commit()) {
            end();
        }
        if (event.position() != position + 1) {
            throw refused("position " + (position + 1) + " is missing before " + event.position());
        }
        position = event.position();
        commit.add(event);
    }

    /** The last commit has no more events. */
    void end() {
        if (commit.isEmpty()) {
            return;
        }
        RecordedEvent first = commit.get(0);
        List<NewEvent> events = commit.stream().map(RecordedEvent::asNew).toList();
        hash = CommitHash.of(hash, first.position(), events, first.recordedAt());
        if (!hash.equals(first.hash())) {
            throw refused("position " + first.position() + " is not as it was written: its hash is " + first.hash()
                    + ", and " + hash + " of what stands there");
        }
        commit.forEach(HashChain::requireErasure);
        commits++;
        verified.accept(List.copyOf(commit));
        commit.clear();
    }

    /** Refuses a text without a salt that no erasure accounts for. */
    private static void requireErasure(RecordedEvent event) {
        boolean unsalted =
                event.commitments().payloadSalt() == null || event.commitments().metadataSalt() == null;
        if (unsalted && event.erased() == null) {
            throw refused("position " + event.position()
                    + " is erased, and no erasure says by whom: if one is under way, try again");
        }
    }

    /** The last position taken. */
    long position() {
        return position;
    }

    private static LogUnavailable refused(String why) {
        return new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, why, null);
    }
}
