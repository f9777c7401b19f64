package issueledger.auditing;

import issueledger.auditing.Finding.Status;
import issueledger.log.EventLog;
import issueledger.proof.Checkpoint;
import issueledger.proof.CompactRange;
import issueledger.proof.Hash;
import issueledger.proof.MalformedProof;
import issueledger.proof.MerkleTree;
import issueledger.proof.SignedNote;
import issueledger.proof.TileNodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A checkpoint that an auditor kept, and whether a log still begins with its events. */
public final class OldCheckpoint implements AutoCloseable {
    private final Origin origin;
    private final Trust trust;
    private final Progress progress;
    private final @Nullable Leaves kept;

    private OldCheckpoint(Origin origin, Trust trust, Progress progress, @Nullable Leaves kept) {
        this.origin = origin;
        this.trust = trust;
        this.progress = progress;
        this.kept = kept;
    }

    /**
     * Opens a kept checkpoint. The leaves that {@link Watch} keeps beside its file, or an earlier export, tell which position was changed.
     *
     * @param earlier an export from position 1 that was made before; null without
     */
    public static OldCheckpoint open(Path file, @Nullable Path earlier, Trust trust, Progress progress)
            throws IOException {
        Origin origin = trust.verify(SignedNote.parse(Files.readAllBytes(file)));
        return new OldCheckpoint(origin, trust, progress, leaves(file, origin.checkpoint(), earlier, progress));
    }

    private static @Nullable Leaves leaves(Path file, Checkpoint old, @Nullable Path earlier, Progress progress)
            throws IOException {
        if (earlier != null) {
            ListedLeaves listed = ListedLeaves.of(earlier, progress).first(old.size());
            if (!listed.root().equals(old.root())) {
                throw new UnreadableInput(earlier + " is not of the old checkpoint's events");
            }
            return listed;
        }
        Path beside = file.resolveSibling(file.getFileName() + ".leaves");
        if (!Files.exists(beside) || Files.size(beside) < old.size() * Hash.BYTES) {
            return null;
        }
        LeafFile leaves = LeafFile.read(beside, old.size());
        CompactRange range = leaves.range();
        if (range.root().equals(old.root())) {
            return leaves;
        }
        leaves.close();
        return null;
    }

    /** Compares with what a service serves now. */
    public Comparison with(TlogClient client) {
        return with(client.checkpoint(), client);
    }

    /** @param client of the log's tiles; without, two checkpoints of one size alone are compared */
    public Comparison with(SignedNote later, @Nullable TlogClient client) {
        Origin theirs = trust.verify(later);
        Comparison signatures = signatures(theirs);
        return signatures != null
                ? signatures
                : unsigned(narrowed(
                        new Consistency(origin.checkpoint(), kept).with(theirs.checkpoint(), client),
                        theirs.checkpoint(),
                        client));
    }

    public Comparison with(EventLog log) {
        Comparison signatures = signatures(origin);
        return signatures != null
                ? signatures
                : unsigned(new Consistency(origin.checkpoint(), kept).with(ListedLeaves.of(log, progress)));
    }

    public Comparison withExport(Path export) {
        Comparison signatures = signatures(origin);
        return signatures != null
                ? signatures
                : unsigned(new Consistency(origin.checkpoint(), kept).with(ListedLeaves.of(export, progress)));
    }

    /** Says between which signed checkpoints that the service still lists the past was changed. */
    private Comparison narrowed(Comparison comparison, Checkpoint later, @Nullable TlogClient client) {
        Checkpoint old = origin.checkpoint();
        String wide = Consistency.between(0, old.size());
        if (client == null || !comparison.detail().endsWith(wide)) {
            return comparison;
        }
        TileNodes nodes = new TileNodes(client, later.size());
        long low = 0;
        long high = old.size();
        try {
            for (SignedNote note : client.listed()) {
                Origin listed = trust.verify(note);
                Checkpoint head = listed.checkpoint();
                if (head.origin().equals(old.origin())
                        && head.size() > low
                        && head.size() < high
                        && (trust.isEmpty() || listed.isSigned())) {
                    if (MerkleTree.root(nodes, head.size()).equals(head.root())) {
                        low = head.size();
                    } else {
                        high = head.size();
                    }
                }
            }
        } catch (UnreadableInput | MalformedProof e) {
            // What is known of some of them still holds.
        }
        return Comparison.notGood(null, comparison.detail().replace(wide, Consistency.between(low, high)));
    }

    private @Nullable Comparison signatures(Origin theirs) {
        if (trust.isEmpty()) {
            return null;
        }
        for (Origin each : new Origin[] {origin, theirs}) {
            if (!each.isSigned()) {
                return new Comparison(
                        each.answer(),
                        null,
                        "the checkpoint of " + each.checkpoint().size() + " events: "
                                + each.finding().restsOn());
            }
        }
        return null;
    }

    /** A comparison without a key rests on the checkpoints as they are. */
    private Comparison unsigned(Comparison comparison) {
        return origin.finding().status() == Status.PROVEN || comparison.answer() == Answer.CANNOT_TELL
                ? comparison
                : new Comparison(
                        comparison.answer(),
                        comparison.position(),
                        comparison.detail() + " (no signature was verified: no key was given)");
    }

    @Override
    public void close() throws IOException {
        if (kept instanceof LeafFile file) {
            file.close();
        }
    }
}
