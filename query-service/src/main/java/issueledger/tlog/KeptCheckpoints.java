package issueledger.tlog;

import issueledger.proof.CompactRange;
import issueledger.proof.Hash;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Holds the kept checkpoints and the copy of the last one against the log's leaves, which come in order. */
final class KeptCheckpoints {
    private static final int PAGE = 1_000;

    private final CheckpointStore store;
    private final CompactRange leaves = new CompactRange();
    private final Deque<SignedCheckpoint> kept = new ArrayDeque<>();
    private final CheckpointCopy.@Nullable Head copy;
    private boolean isReadToEnd;
    private long lastRead;
    private long holds;
    private @Nullable Contradicted contradicted;

    /** A checkpoint that the leaves are not those of. */
    record Contradicted(long size, Hash root, String name) {}

    KeptCheckpoints(CheckpointStore store, CheckpointCopy copy) {
        this.store = store;
        this.copy = copy.readable().orElse(null);
        check();
    }

    void append(Hash leaf) {
        leaves.append(leaf);
        check();
    }

    private void check() {
        if (contradicted != null) {
            return;
        }
        long size = leaves.size();
        for (SignedCheckpoint next = next(); next != null && next.size() <= size; next = next()) {
            kept.remove();
            hold(next.size(), next.root(), name(next));
        }
        if (copy != null && copy.size() == size) {
            hold(copy.size(), copy.root(), CheckpointCopy.NAME);
        }
    }

    private static String name(SignedCheckpoint checkpoint) {
        return "the checkpoint that was signed at " + checkpoint.at();
    }

    private @Nullable SignedCheckpoint next() {
        if (kept.isEmpty() && !isReadToEnd) {
            kept.addAll(store.after(lastRead, PAGE));
            isReadToEnd = kept.size() < PAGE;
            lastRead = kept.isEmpty() ? lastRead : kept.getLast().number();
        }
        return kept.peek();
    }

    private void hold(long size, Hash root, String name) {
        if (contradicted == null && leaves.root().equals(root)) {
            holds = size;
        } else if (contradicted == null) {
            contradicted = new Contradicted(size, root, name);
        }
    }

    /** The first one that the leaves are not those of; null if there is none so far. */
    @Nullable
    Contradicted contradicted() {
        return contradicted;
    }

    /** How many events the last checkpoint stands for that the leaves are those of. */
    long holds() {
        return holds;
    }

    /**
     * What the leaves so far contradict.
     *
     * @param head the log's last position, read after the checkpoints were
     */
    Optional<Contradiction> found(long head) {
        Contradicted other = contradicted;
        if (other != null) {
            return Optional.of(new Contradiction(
                    other.size(),
                    other.size(),
                    "the log is not the one that " + other.name() + " stands for, of positions 1 to " + other.size()
                            + (holds == 0 ? "" : "; it is up to position " + holds)));
        }
        return Stream.concat(
                        Stream.ofNullable(next()).map(one -> new Contradicted(one.size(), one.root(), name(one))),
                        Stream.ofNullable(copy)
                                .map(one -> new Contradicted(one.size(), one.root(), CheckpointCopy.NAME)))
                .filter(one -> one.size() > head)
                .min(Comparator.comparingLong(Contradicted::size))
                .map(one -> endsBefore(head, one.size(), one.name()));
    }

    /** The log lacks what a checkpoint stands for. */
    static Contradiction endsBefore(long head, long size, String name) {
        return new Contradiction(
                size,
                head + 1,
                "the log ends at position " + head + ", and " + name + " stands for positions 1 to " + size);
    }
}
