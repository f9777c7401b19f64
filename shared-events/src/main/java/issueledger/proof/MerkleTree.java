package issueledger.proof;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** Merkle tree hashes, inclusion proofs and consistency proofs of RFC 6962, section 2.1, computed from stored nodes. */
public final class MerkleTree {
    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    /** The root of the tree without leaves: SHA-256 of nothing. */
    public static final Hash EMPTY = Hash.owning(sha256().digest());

    private MerkleTree() {}

    /** The hash of a leaf: SHA-256 of a zero byte and the entry. */
    public static Hash leaf(byte[] entry) {
        MessageDigest digest = sha256();
        digest.update(LEAF);
        return Hash.owning(digest.digest(entry));
    }

    /** The hash of a node: SHA-256 of a one byte and its two children. */
    public static Hash node(Hash left, Hash right) {
        MessageDigest digest = sha256();
        digest.update(NODE);
        digest.update(left.shared());
        return Hash.owning(digest.digest(right.shared()));
    }

    /** The root of the tree of the first leaves. */
    public static Hash root(Nodes nodes, long size) {
        return size == 0 ? EMPTY : range(nodes, 0, size);
    }

    /** PATH(index, D[size]) of section 2.1.1: from the leaf's sibling up to a child of the root. */
    public static List<Hash> inclusion(Nodes nodes, long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no leaf " + index + " in a tree of " + size);
        }
        List<Hash> proof = new ArrayList<>();
        path(nodes, index, 0, size, proof);
        return List.copyOf(proof);
    }

    /** PROOF(oldSize, D[newSize]) of section 2.1.2; empty from an empty tree, and to the same size. */
    public static List<Hash> consistency(Nodes nodes, long oldSize, long newSize) {
        if (oldSize < 0 || oldSize > newSize) {
            throw new IllegalArgumentException("no tree of " + oldSize + " in one of " + newSize);
        }
        List<Hash> proof = new ArrayList<>();
        if (oldSize > 0) {
            subproof(nodes, oldSize, 0, newSize, true, proof);
        }
        return List.copyOf(proof);
    }

    /** The hash of the leaves from begin to before end; begin is a multiple of the least power of two that is not below their number. */
    private static Hash range(Nodes nodes, long begin, long end) {
        long count = end - begin;
        if (Long.bitCount(count) == 1) {
            int level = Long.numberOfTrailingZeros(count);
            return nodes.node(level, begin >>> level);
        }
        long split = begin + split(count);
        return node(range(nodes, begin, split), range(nodes, split, end));
    }

    private static void path(Nodes nodes, long index, long begin, long end, List<Hash> proof) {
        if (end - begin == 1) {
            return;
        }
        long split = begin + split(end - begin);
        if (index < split) {
            path(nodes, index, begin, split, proof);
            proof.add(range(nodes, split, end));
        } else {
            path(nodes, index, split, end, proof);
            proof.add(range(nodes, begin, split));
        }
    }

    private static void subproof(Nodes nodes, long old, long begin, long end, boolean isOldTree, List<Hash> proof) {
        if (old == end) {
            if (!isOldTree) {
                proof.add(range(nodes, begin, end));
            }
            return;
        }
        long split = begin + split(end - begin);
        if (old <= split) {
            subproof(nodes, old, begin, split, isOldTree, proof);
            proof.add(range(nodes, split, end));
        } else {
            subproof(nodes, old, split, end, false, proof);
            proof.add(range(nodes, begin, split));
        }
    }

    /** The largest power of two below a number above 1. */
    private static long split(long count) {
        return Long.highestOneBit(count - 1);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
