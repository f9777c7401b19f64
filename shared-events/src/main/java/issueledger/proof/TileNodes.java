package issueledger.proof;

import java.util.HashMap;
import java.util.Map;

/** Computes the nodes of a tree of fixed size from its tiles, of which each is read once. */
public final class TileNodes implements Nodes {
    private final Tiles tiles;
    private final long size;
    private final Map<Tile, byte[]> read = new HashMap<>();

    public TileNodes(Tiles tiles, long size) {
        this.tiles = tiles;
        this.size = size;
    }

    @Override
    public Hash node(int level, long index) {
        int tileLevel = level / 8;
        int height = level % 8;
        long first = index << height;
        Tile tile = Tile.inTree(tileLevel, first / Tile.FULL, size);
        return subtree(read(tile), (int) (first % Tile.FULL), 1 << height);
    }

    private byte[] read(Tile tile) {
        return read.computeIfAbsent(tile, missing -> {
            byte[] hashes = tiles.read(missing);
            if (hashes.length != missing.width() * Hash.BYTES) {
                throw new MalformedProof(
                        missing.path() + " has " + hashes.length + " bytes, not " + missing.width() * Hash.BYTES);
            }
            return hashes;
        });
    }

    /** The root of a full tile, which is a hash of the level above. */
    public static Hash root(byte[] fullTile) {
        return subtree(fullTile, 0, Tile.FULL);
    }

    private static Hash subtree(byte[] hashes, int from, int count) {
        if (count == 1) {
            return Hash.of(hashes, from * Hash.BYTES);
        }
        int half = count / 2;
        return MerkleTree.node(subtree(hashes, from, half), subtree(hashes, from + half, half));
    }
}
