package issueledger.tlog;

import issueledger.projections.ViewsDamaged;
import issueledger.proof.Hash;
import issueledger.proof.MerkleTree;
import issueledger.proof.Tile;
import issueledger.proof.TileNodes;
import java.util.Arrays;
import java.util.List;

/** The tree of the log's first events, read from stored tiles. A smaller tree is read from the same tiles. */
final class Tree {
    private final TileStore store;
    private final long size;

    Tree(TileStore store, long size) {
        this.store = store;
        this.size = size;
    }

    long size() {
        return size;
    }

    Hash root(long ofFirst) {
        return MerkleTree.root(nodes(ofFirst), ofFirst);
    }

    /** From the leaf's sibling up to a child of the root of the tree of the first leaves. */
    List<Hash> inclusion(long index, long inFirst) {
        return MerkleTree.inclusion(nodes(inFirst), index, inFirst);
    }

    List<Hash> consistency(long oldSize, long newSize) {
        return MerkleTree.consistency(nodes(newSize), oldSize, newSize);
    }

    private TileNodes nodes(long ofFirst) {
        return new TileNodes(this::tile, ofFirst);
    }

    /** The hashes of a tile, cut from the stored one. */
    byte[] tile(Tile tile) {
        byte[] stored = store.read(tile.level(), tile.index());
        int bytes = tile.width() * Hash.BYTES;
        if (stored.length < bytes) {
            throw new ViewsDamaged(tile.path() + " is not stored");
        }
        return stored.length == bytes ? stored : Arrays.copyOf(stored, bytes);
    }
}
