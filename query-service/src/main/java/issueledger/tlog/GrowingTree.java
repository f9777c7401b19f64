package issueledger.tlog;

import issueledger.projections.ViewsDamaged;
import issueledger.proof.Hash;
import issueledger.proof.Tile;
import issueledger.proof.TileNodes;
import issueledger.tlog.TileStore.StoredTile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The right edge of a tree: the last, partial tile of each level. */
final class GrowingTree {
    /** A tree of 2^62 leaves has as many levels of tiles. */
    private static final int LEVELS = 8;

    private static final int FULL_BYTES = Tile.FULL * Hash.BYTES;

    /** By level; a level that ends with a full tile has none. */
    private final Map<Integer, byte[]> edge = new HashMap<>();

    private final Set<Integer> changed = new TreeSet<>();
    private final List<StoredTile> full = new ArrayList<>();
    private long size;

    private GrowingTree(long size) {
        this.size = size;
    }

    static GrowingTree empty() {
        return new GrowingTree(0);
    }

    /**
     * The edge of the tree of the first leaves. More of them may be stored.
     *
     * @throws ViewsDamaged if fewer are stored
     */
    static GrowingTree load(TileStore store, long size) {
        GrowingTree tree = new GrowingTree(size);
        for (int level = 0; level < LEVELS; level++) {
            long hashes = Tile.hashes(level, size);
            int bytes = (int) (hashes % Tile.FULL) * Hash.BYTES;
            if (bytes > 0) {
                byte[] stored = store.read(level, hashes / Tile.FULL);
                if (stored.length < bytes) {
                    throw new ViewsDamaged("the tile " + hashes / Tile.FULL + " of level " + level + " is not whole");
                }
                byte[] tile = new byte[FULL_BYTES];
                System.arraycopy(stored, 0, tile, 0, bytes);
                tree.edge.put(level, tile);
            }
        }
        return tree;
    }

    /** The same tree, to grow on its own. */
    GrowingTree copy() {
        GrowingTree copy = new GrowingTree(size);
        edge.forEach((level, tile) -> copy.edge.put(level, tile.clone()));
        return copy;
    }

    long size() {
        return size;
    }

    void append(Hash leaf) {
        size++;
        Hash hash = leaf;
        for (int level = 0; level < LEVELS; level++) {
            long place = Tile.hashes(level, size) - 1;
            int nth = (int) (place % Tile.FULL);
            byte[] tile = edge.computeIfAbsent(level, none -> new byte[FULL_BYTES]);
            hash.copyTo(tile, nth * Hash.BYTES);
            if (nth < Tile.FULL - 1) {
                changed.add(level);
                return;
            }
            full.add(new StoredTile(level, place / Tile.FULL, tile));
            edge.remove(level);
            changed.remove(level);
            hash = TileNodes.root(tile);
        }
    }

    /** The tiles that became full since they were taken last. */
    List<StoredTile> takeFull() {
        List<StoredTile> taken = List.copyOf(full);
        full.clear();
        return taken;
    }

    /** The partial tiles that grew since they were taken last. */
    List<StoredTile> takePartial() {
        List<StoredTile> taken = changed.stream().map(this::partial).toList();
        changed.clear();
        return taken;
    }

    private StoredTile partial(int level) {
        long hashes = Tile.hashes(level, size);
        byte[] tile = Arrays.copyOf(Objects.requireNonNull(edge.get(level)), (int) (hashes % Tile.FULL) * Hash.BYTES);
        return new StoredTile(level, hashes / Tile.FULL, tile);
    }
}
