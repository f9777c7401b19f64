package issueledger.proof;

import java.util.List;

/** Verifies proofs as RFC 9162, sections 2.1.3.2 and 2.1.4.2, says; the trees are those of RFC 6962. */
public final class MerkleProofs {
    private MerkleProofs() {}

    /** True if the leaf stands at the index in the tree of this size and root. */
    public static boolean includes(Hash root, long size, long index, Hash leaf, List<Hash> proof) {
        if (index < 0 || index >= size) {
            return false;
        }
        long node = index;
        long last = size - 1;
        Hash hash = leaf;
        for (Hash sibling : proof) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                hash = MerkleTree.node(sibling, hash);
                int level = node == 0 ? 0 : Long.numberOfTrailingZeros(node);
                node >>>= level;
                last >>>= level;
            } else {
                hash = MerkleTree.node(hash, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 && hash.equals(root);
    }

    /** True if the new tree begins with all leaves of the old one. */
    public static boolean isConsistent(long oldSize, Hash oldRoot, long newSize, Hash newRoot, List<Hash> proof) {
        if (oldSize < 0 || oldSize > newSize) {
            return false;
        }
        if (oldSize == 0) {
            return proof.isEmpty() && oldRoot.equals(MerkleTree.EMPTY);
        }
        if (oldSize == newSize) {
            return proof.isEmpty() && oldRoot.equals(newRoot);
        }
        boolean isFull = Long.bitCount(oldSize) == 1;
        if (!isFull && proof.isEmpty()) {
            return false;
        }
        int level = Long.numberOfTrailingZeros(oldSize);
        long node = (oldSize - 1) >>> level;
        long last = (newSize - 1) >>> level;
        Hash oldHash = isFull ? oldRoot : proof.getFirst();
        Hash newHash = oldHash;
        for (Hash next : isFull ? proof : proof.subList(1, proof.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                oldHash = MerkleTree.node(next, oldHash);
                newHash = MerkleTree.node(next, newHash);
                int zeros = node == 0 ? 0 : Long.numberOfTrailingZeros(node);
                node >>>= zeros;
                last >>>= zeros;
            } else {
                newHash = MerkleTree.node(newHash, next);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 && oldHash.equals(oldRoot) && newHash.equals(newRoot);
    }
}
