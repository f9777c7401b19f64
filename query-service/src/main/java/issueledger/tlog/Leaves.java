package issueledger.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.log.CommitHash;
import issueledger.log.RecordedEvent;
import issueledger.proof.Hash;
import issueledger.proof.MerkleTree;
import java.util.List;
import java.util.stream.Stream;

/** The tree's leaves: the entries of the log's events (docs/log-format.md). An erased text leaves its event's entry as it was. */
final class Leaves {
    /** Events from which on several threads hash. */
    private static final int MANY = 500;

    private Leaves() {}

    /** The nine lines. */
    static byte[] entry(RecordedEvent event) {
        return CommitHash.entry(event.position(), event.asNew(), event.recordedAt())
                .getBytes(UTF_8);
    }

    static Hash hash(RecordedEvent event) {
        return MerkleTree.leaf(entry(event));
    }

    /** The leaf hashes of events, in order. */
    static List<Hash> hashes(List<RecordedEvent> events) {
        Stream<RecordedEvent> stream = events.size() < MANY ? events.stream() : events.parallelStream();
        return stream.map(Leaves::hash).toList();
    }
}
