package issueledger.auditing;

import issueledger.proof.Hash;
import issueledger.proof.MerkleTree;
import issueledger.proof.Nodes;
import java.util.OptionalLong;

/** Leaf hashes that the auditor holds, by which a changed leaf is found. */
interface Leaves extends Nodes {
    long size();

    Hash leaf(long index);

    @Override
    default Hash node(int level, long index) {
        return level == 0 ? leaf(index) : MerkleTree.node(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
    }

    /** The first leaf that two trees do not share, of the first {@code size}, which both have. */
    static OptionalLong firstDifference(Nodes one, Nodes other, long size) {
        long begin = 0;
        while (begin < size) {
            int level = 63 - Long.numberOfLeadingZeros(size - begin);
            long index = begin >>> level;
            if (!one.node(level, index).equals(other.node(level, index))) {
                while (level > 0) {
                    level--;
                    index *= 2;
                    if (one.node(level, index).equals(other.node(level, index))) {
                        index++;
                    }
                }
                return OptionalLong.of(index);
            }
            begin += 1L << level;
        }
        return OptionalLong.empty();
    }
}
