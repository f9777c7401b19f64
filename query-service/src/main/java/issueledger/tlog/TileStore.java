package issueledger.tlog;

import java.util.Collection;

/** The stored tiles of a tree: full ones, and at the end of each level a partial one that grows. */
interface TileStore {

    /**
     * A tile as far as it is stored.
     *
     * @param hashes 32 bytes each, 1 to 256 of them
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record StoredTile(int level, long index, byte[] hashes) {}

    /** The hashes of a tile as far as they are stored; empty if there are none. */
    byte[] read(int level, long index);

    /** Writes tiles. One that is stored with at least as many hashes stays: its hashes are the same. */
    void write(Collection<StoredTile> tiles);
}
