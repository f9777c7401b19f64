package issueledger.proof;

import static issueledger.proof.ProofExamples.entries;
import static issueledger.proof.ProofExamples.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** RFC 6962, section 2.1. The trees of sizes 0 to 8 are those by which certificate transparency's own implementations are tested. */
class MerkleTreeTest {
    private static final List<byte[]> ENTRIES = hex(
                    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
            .toList();

    /** Of the first 0, 1, … 8 entries. */
    private static final List<Hash> ROOTS = hashes(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private static Stream<byte[]> hex(String... texts) {
        return Arrays.stream(texts).map(HexFormat.of()::parseHex);
    }

    private static List<Hash> hashes(String... texts) {
        return hex(texts).map(Hash::of).toList();
    }

    @Test
    void the_roots_of_the_trees_of_0_to_8_leaves_are_as_written_out() {
        CompactRange growing = new CompactRange();
        for (int size = 0; size <= 8; size++) {
            assertThat(MerkleTree.root(tree(ENTRIES), size)).isEqualTo(ROOTS.get(size));
            assertThat(growing.root()).isEqualTo(ROOTS.get(size));
            assertThat(growing.size()).isEqualTo(size);
            if (size < 8) {
                growing.append(MerkleTree.leaf(ENTRIES.get(size)));
            }
        }
    }

    @Test
    void inclusion_proofs_are_as_written_out() {
        assertThat(MerkleTree.inclusion(tree(ENTRIES), 0, 1)).isEmpty();
        assertThat(MerkleTree.inclusion(tree(ENTRIES), 0, 8))
                .isEqualTo(hashes(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"));
        assertThat(MerkleTree.inclusion(tree(ENTRIES), 5, 8))
                .isEqualTo(hashes(
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"));
        assertThat(MerkleTree.inclusion(tree(ENTRIES), 2, 3))
                .isEqualTo(hashes("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"));
        assertThat(MerkleTree.inclusion(tree(ENTRIES), 1, 5))
                .isEqualTo(hashes(
                        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"));
    }

    @Test
    void consistency_proofs_are_as_written_out() {
        assertThat(MerkleTree.consistency(tree(ENTRIES), 0, 8)).isEmpty();
        assertThat(MerkleTree.consistency(tree(ENTRIES), 8, 8)).isEmpty();
        assertThat(MerkleTree.consistency(tree(ENTRIES), 1, 8))
                .isEqualTo(hashes(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"));
        assertThat(MerkleTree.consistency(tree(ENTRIES), 6, 8))
                .isEqualTo(hashes(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"));
        assertThat(MerkleTree.consistency(tree(ENTRIES), 2, 5))
                .isEqualTo(hashes(
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"));
    }

    @Test
    void each_leaf_of_each_tree_is_proven_and_no_other_leaf_index_size_or_root_is() {
        for (int size = 1; size <= 8; size++) {
            for (int index = 0; index < size; index++) {
                Hash leaf = MerkleTree.leaf(ENTRIES.get(index));
                List<Hash> proof = MerkleTree.inclusion(tree(ENTRIES), index, size);
                Hash root = ROOTS.get(size);
                assertThat(MerkleProofs.includes(root, size, index, leaf, proof))
                        .isTrue();
                assertThat(MerkleProofs.includes(root, size, index, MerkleTree.leaf(new byte[] {9}), proof))
                        .isFalse();
                assertThat(MerkleProofs.includes(ROOTS.get(size - 1), size, index, leaf, proof))
                        .isFalse();
                assertThat(MerkleProofs.includes(root, index, index, leaf, proof))
                        .isFalse();
                for (int other = -1; other <= size; other++) {
                    assertThat(MerkleProofs.includes(root, size, other, leaf, proof))
                            .isEqualTo(other == index);
                }
                assertThat(MerkleProofs.includes(root, size, index, leaf, longer(proof)))
                        .isFalse();
                if (!proof.isEmpty()) {
                    assertThat(MerkleProofs.includes(root, size, index, leaf, proof.subList(0, proof.size() - 1)))
                            .isFalse();
                    assertThat(MerkleProofs.includes(root, size, index, leaf, proof.subList(1, proof.size())))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void each_tree_is_proven_to_begin_each_later_one_and_no_other() {
        for (int size = 0; size <= 8; size++) {
            for (int old = 0; old <= size; old++) {
                List<Hash> proof = MerkleTree.consistency(tree(ENTRIES), old, size);
                Hash root = ROOTS.get(size);
                assertThat(MerkleProofs.isConsistent(old, ROOTS.get(old), size, root, proof))
                        .isTrue();
                assertThat(MerkleProofs.isConsistent(old, MerkleTree.leaf(new byte[] {9}), size, root, proof))
                        .isFalse();
                assertThat(MerkleProofs.isConsistent(old, ROOTS.get(old), size, root, longer(proof)))
                        .isFalse();
                if (old > 0) {
                    assertThat(MerkleProofs.isConsistent(
                                    old, ROOTS.get(old), size, MerkleTree.leaf(new byte[] {9}), proof))
                            .isFalse();
                }
                if (!proof.isEmpty()) {
                    assertThat(MerkleProofs.isConsistent(
                                    old, ROOTS.get(old), size, root, proof.subList(0, proof.size() - 1)))
                            .isFalse();
                    assertThat(MerkleProofs.isConsistent(old, ROOTS.get(old), size, root, List.of()))
                            .isFalse();
                }
                assertThat(MerkleProofs.isConsistent(size + 1L, root, size, root, List.of()))
                        .isFalse();
            }
        }
    }

    @Test
    void a_leaf_or_a_tree_that_is_not_there_has_no_proof() {
        assertThatThrownBy(() -> MerkleTree.inclusion(tree(ENTRIES), 8, 8))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MerkleTree.inclusion(tree(ENTRIES), -1, 8))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MerkleTree.consistency(tree(ENTRIES), 9, 8))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 60)
    void proofs_of_larger_trees_are_verified_from_tiles_and_a_changed_leaf_is_found(
            @ForAll @IntRange(min = 1, max = 1_500) int size,
            @ForAll @LongRange(min = 0, max = 1_000_000) long a,
            @ForAll @LongRange(min = 0, max = 1_000_000) long b) {
        List<byte[]> entries = entries(size);
        TileNodes nodes = new TileNodes(TilesTest.tiles(entries), size);
        CompactRange range = new CompactRange();
        entries.forEach(entry -> range.append(MerkleTree.leaf(entry)));
        Hash root = MerkleTree.root(nodes, size);
        assertThat(root).isEqualTo(range.root()).isEqualTo(MerkleTree.root(tree(entries), size));
        long index = a % size;
        List<Hash> inclusion = MerkleTree.inclusion(nodes, index, size);
        assertThat(inclusion).isEqualTo(MerkleTree.inclusion(tree(entries), index, size));
        assertThat(MerkleProofs.includes(root, size, index, MerkleTree.leaf(entries.get((int) index)), inclusion))
                .isTrue();
        long old = b % (size + 1);
        Hash oldRoot = MerkleTree.root(tree(entries), old);
        List<Hash> consistency = MerkleTree.consistency(nodes, old, size);
        assertThat(MerkleProofs.isConsistent(old, oldRoot, size, root, consistency))
                .isTrue();

        List<byte[]> changed = new ArrayList<>(entries);
        changed.set((int) index, new byte[] {1});
        Hash changedRoot = MerkleTree.root(tree(changed), size);
        assertThat(MerkleProofs.includes(
                        changedRoot, size, index, MerkleTree.leaf(entries.get((int) index)), inclusion))
                .isFalse();
        assertThat(MerkleProofs.isConsistent(
                        old, oldRoot, size, changedRoot, MerkleTree.consistency(tree(changed), old, size)))
                .isEqualTo(index >= old);
    }

    private static List<Hash> longer(List<Hash> proof) {
        List<Hash> longer = new ArrayList<>(proof);
        longer.add(MerkleTree.EMPTY);
        return longer;
    }
}
