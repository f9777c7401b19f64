package issueledger.proof;

import java.util.ArrayList;
import java.util.List;

/** A growing tree of which only the roots of its largest full subtrees are kept, at most one a level. */
public final class CompactRange {
    /** From the left, the largest, to the right. */
    private final List<Hash> nodes = new ArrayList<>();

    private long size;

    /** The same tree, to grow by itself. */
    public CompactRange copy() {
        CompactRange copy = new CompactRange();
        copy.nodes.addAll(nodes);
        copy.size = size;
        return copy;
    }

    public void append(Hash leaf) {
        Hash hash = leaf;
        for (int level = 0; (size >>> level & 1) == 1; level++) {
            hash = MerkleTree.node(nodes.removeLast(), hash);
        }
        nodes.add(hash);
        size++;
    }

    public long size() {
        return size;
    }

    public Hash root() {
        if (nodes.isEmpty()) {
            return MerkleTree.EMPTY;
        }
        Hash root = nodes.getLast();
        for (int i = nodes.size() - 2; i >= 0; i--) {
            root = MerkleTree.node(nodes.get(i), root);
        }
        return root;
    }
}
