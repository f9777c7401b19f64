package issueledger.proof;

/** Reads the hashes of a tree's full subtrees. */
@FunctionalInterface
public interface Nodes {
    /** The hash of the leaves from {@code index * 2^level} to before {@code (index + 1) * 2^level}, all of which are there. */
    Hash node(int level, long index);
}
