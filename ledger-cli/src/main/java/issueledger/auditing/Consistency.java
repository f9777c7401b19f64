package issueledger.auditing;

import issueledger.proof.Checkpoint;
import issueledger.proof.Hash;
import issueledger.proof.MerkleProofs;
import issueledger.proof.MerkleTree;
import issueledger.proof.Nodes;
import issueledger.proof.TileNodes;
import issueledger.proof.Tiles;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Compares an old checkpoint with a later one, or with a tree. */
final class Consistency {
    private final Checkpoint old;
    private final @Nullable Leaves kept;

    /** @param kept the leaves of the old tree, by which the changed position is found; null without */
    Consistency(Checkpoint old, @Nullable Leaves kept) {
        this.old = old;
        this.kept = kept;
    }

    /**
     * Compares the roots of two checkpoints of one size, or proves by tiles that the later tree begins with the old one.
     *
     * @param tiles of the later tree; null without
     */
    Comparison with(Checkpoint later, @Nullable Tiles tiles) {
        if (!later.origin().equals(old.origin())) {
            return Comparison.notGood(
                    null, "the checkpoints are of two logs, " + old.origin() + " and " + later.origin());
        }
        if (later.size() < old.size()) {
            return later.size() == 0 || tiles != null
                    ? Comparison.notGood(
                            later.size() + 1,
                            "the log has " + later.size() + " events, and had " + old.size() + ": position "
                                    + (later.size() + 1) + " and those after it are gone")
                    : Comparison.cannotTell("the second checkpoint is of fewer events: give the older one first");
        }
        if (tiles == null) {
            return withoutTiles(later);
        }
        TileNodes nodes = new TileNodes(tiles, later.size());
        if (!MerkleTree.root(nodes, later.size()).equals(later.root())) {
            return changed(
                    nodes, "the tree that is served is not that of its checkpoint of " + later.size() + " events");
        }
        return MerkleProofs.isConsistent(
                        old.size(),
                        old.root(),
                        later.size(),
                        later.root(),
                        MerkleTree.consistency(nodes, old.size(), later.size()))
                ? Comparison.good("the log of " + later.size() + " events begins with the " + old.size()
                        + " events of the old checkpoint, unchanged")
                : changed(nodes, contradiction(later.size()));
    }

    /** Compares with a whole tree that the auditor computed from events. */
    Comparison with(Leaves tree) {
        if (tree.size() < old.size()) {
            return Comparison.notGood(
                    tree.size() + 1,
                    "there are " + tree.size() + " events, and were " + old.size() + ": position " + (tree.size() + 1)
                            + " and those after it are gone");
        }
        Hash root = MerkleTree.root(tree, old.size());
        return root.equals(old.root())
                ? Comparison.good("the " + tree.size() + " events begin with the " + old.size()
                        + " events of the old checkpoint, unchanged")
                : changed(tree, contradiction(tree.size()));
    }

    private Comparison withoutTiles(Checkpoint later) {
        if (later.size() == old.size()) {
            return later.root().equals(old.root())
                    ? Comparison.good("both checkpoints are of the same " + old.size() + " events")
                    : Comparison.notGood(
                            null,
                            "both checkpoints are of " + old.size()
                                    + " events, and not of the same ones: the log showed" + " two histories");
        }
        return old.size() == 0
                ? Comparison.good("every log begins with an empty one")
                : Comparison.cannotTell("checkpoints of " + old.size() + " and " + later.size()
                        + " events are compared by the log's tiles: give its URL, or its events (--export, --log)");
    }

    /** Empty if it is not known; that the past was changed is known all the same. */
    private OptionalLong firstDifference(Nodes nodes) {
        try {
            return kept == null ? OptionalLong.empty() : Leaves.firstDifference(kept, nodes, kept.size());
        } catch (UnreadableInput e) {
            return OptionalLong.empty();
        }
    }

    private String contradiction(long size) {
        return "the log of " + size + " events does not begin with the " + old.size() + " events of the old checkpoint";
    }

    /** Names the positions among which the first other one is. */
    static String between(long low, long high) {
        return "a position from " + (low + 1) + " to " + high + " was changed, moved, added or removed";
    }

    private Comparison changed(Nodes nodes, String detail) {
        OptionalLong index = firstDifference(nodes);
        return index.isPresent()
                ? Comparison.notGood(
                        index.getAsLong() + 1,
                        detail + ": position " + (index.getAsLong() + 1) + " is the first that was changed")
                : Comparison.notGood(null, detail + ": " + between(0, old.size()));
    }
}
