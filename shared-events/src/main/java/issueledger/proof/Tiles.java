package issueledger.proof;

/** Reads tiles. */
@FunctionalInterface
public interface Tiles {
    /** The tile's hashes, 32 bytes each, in order: exactly as many as its width. */
    byte[] read(Tile tile);
}
