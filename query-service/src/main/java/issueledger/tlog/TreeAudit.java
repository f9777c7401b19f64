package issueledger.tlog;

import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.projections.ViewAudit;
import issueledger.proof.Hash;
import issueledger.proof.Tile;
import issueledger.tlog.KeptCheckpoints.Contradicted;
import issueledger.tlog.TileStore.StoredTile;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Compares stored tiles and kept checkpoints with the leaves that the log has. */
final class TreeAudit {
    private final Tree tree;
    private final EventLog log;
    private final KeptCheckpoints kept;
    private final GrowingTree recomputed = GrowingTree.empty();

    /** The first position whose leaf, or a hash above it, is stored otherwise; 0 if there is none. */
    private long differs;

    TreeAudit(Tree tree, EventLog log, KeptCheckpoints kept) {
        this.tree = tree;
        this.log = log;
        this.kept = kept;
    }

    /** Takes the next leaf hashes of the log. */
    void compare(List<Hash> leaves) {
        for (Hash leaf : leaves) {
            recomputed.append(leaf);
            kept.append(leaf);
        }
        compareTiles(recomputed.takeFull());
    }

    private void compareTiles(List<StoredTile> tiles) {
        for (StoredTile tile : tiles) {
            int width = tile.hashes().length / Hash.BYTES;
            int at = Arrays.mismatch(tree.tile(new Tile(tile.level(), tile.index(), width)), tile.hashes());
            if (at >= 0) {
                long nth = (tile.index() * Tile.FULL) + (at / Hash.BYTES);
                long position = (nth << (8 * tile.level())) + 1;
                differs = differs == 0 ? position : Math.min(differs, position);
            }
        }
    }

    /** Reports what was found. */
    void end(ViewAudit audit) {
        compareTiles(recomputed.takePartial());
        Optional<Contradiction> found = kept.found(log.head().position());
        if (found.isPresent()) {
            Contradiction contradiction = found.get();
            if (areTheSignedLeavesStored()) {
                audit.contradicts(
                        differs, issueAt(differs), contradiction.detail() + "; its first other event is at " + differs);
            } else {
                audit.contradicts(contradiction.position(), null, contradiction.detail());
            }
        } else if (differs > 0) {
            audit.differs(differs, issueAt(differs), "the tree of tlog has another hash than the log");
        }
    }

    /** The tiles were written before the log was changed: the first other leaf is where it was. */
    private boolean areTheSignedLeavesStored() {
        Contradicted other = kept.contradicted();
        return other != null
                && differs > 0
                && differs <= other.size()
                && other.size() <= tree.size()
                && tree.root(other.size()).equals(other.root());
    }

    private String issueAt(long position) {
        return log.read(position - 1, 1).stream()
                .map(RecordedEvent::stream)
                .findFirst()
                .orElse("");
    }
}
