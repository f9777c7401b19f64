package issueledger.proof;

import static issueledger.proof.ProofExamples.entries;
import static issueledger.proof.ProofExamples.tree;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** C2SP tlog-tiles. */
class TilesTest {
    /** Tiles of these entries, by the definition: the hashes of full subtrees of 256^level leaves. */
    static Tiles tiles(List<byte[]> entries) {
        Nodes nodes = tree(entries);
        return tile -> {
            byte[] hashes = new byte[tile.width() * Hash.BYTES];
            for (int i = 0; i < tile.width(); i++) {
                nodes.node(8 * tile.level(), tile.first() + i).copyTo(hashes, i * Hash.BYTES);
            }
            return hashes;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "tile/0/000, 0, 0, 256",
        "tile/0/x001/x234/067, 0, 1234067, 256",
        "tile/1/x001/000.p/1, 1, 1000, 1",
        "tile/entries/999.p/255, -1, 999, 255",
        "tile/entries/x001/x000/000, -1, 1000000, 256",
        "tile/63/000.p/7, 63, 0, 7",
    })
    void a_path_and_its_coordinates_say_the_same(String path, int level, long index, int width) {
        Tile tile = new Tile(level, index, width);
        assertThat(tile.path()).isEqualTo(path);
        assertThat(Tile.parse(path)).contains(tile);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tile/0/0",
                "tile/0/0000",
                "tile/00/000",
                "tile/64/000",
                "tile/-1/000",
                "tile/0/x000/000",
                "tile/0/001/000",
                "tile/0/x001",
                "tile/0/000.p/0",
                "tile/0/000.p/256",
                "tile/0/000.p/01",
                "tile/0/000.p/",
                "tile/0/000.p",
                "tile/0/000/",
                "tile/entries/",
                "tile/data/000",
                "tile/0/x001/x001/x001/x001/x001/x001/000",
                "tile/0/٠٠٠",
                "0/000",
                ""
            })
    void no_other_spelling_is_a_tile(String path) {
        assertThat(Tile.parse(path)).isEqualTo(Optional.empty());
    }

    @Test
    void the_tiles_of_a_tree_of_70000_are_those_of_the_specification() {
        assertThat(Tile.inTree(0, 272, 70_000).isFull()).isTrue();
        assertThat(Tile.inTree(0, 273, 70_000).width()).isEqualTo(112);
        assertThat(Tile.inTree(1, 0, 70_000).isFull()).isTrue();
        assertThat(Tile.inTree(1, 1, 70_000).width()).isEqualTo(17);
        assertThat(Tile.inTree(2, 0, 70_000).width()).isEqualTo(1);
        assertThat(new Tile(0, 273, 112).isIn(70_000)).isTrue();
        assertThat(new Tile(0, 273, 111).isIn(70_000)).isTrue();
        assertThat(new Tile(0, 273, 113).isIn(70_000)).isFalse();
        assertThat(new Tile(0, 274, 1).isIn(70_000)).isFalse();
        assertThat(new Tile(2, 0, 1).isIn(70_000)).isTrue();
        assertThat(new Tile(2, 0, 2).isIn(70_000)).isFalse();
        assertThat(new Tile(3, 0, 1).isIn(70_000)).isFalse();
        assertThat(new Tile(63, 0, 1).isIn(Long.MAX_VALUE)).isFalse();
        assertThat(new Tile(Tile.ENTRIES, 273, 112).isIn(70_000)).isTrue();
    }

    @Test
    void a_full_tiles_root_is_the_hash_above_it() {
        List<byte[]> entries = entries(600);
        byte[] full = tiles(entries).read(new Tile(0, 1, Tile.FULL));
        byte[] above = tiles(entries).read(new Tile(1, 0, 2));
        assertThat(TileNodes.root(full)).isEqualTo(Hash.of(above, Hash.BYTES));
    }

    @Test
    void a_tile_of_another_length_is_refused() {
        assertThatThrownBy(() -> MerkleTree.root(new TileNodes(tile -> new byte[31], 3), 3))
                .isInstanceOf(MalformedProof.class)
                .hasMessage("tile/0/000.p/3 has 31 bytes, not 96");
    }

    @Test
    void an_entry_bundle_has_each_length_before_its_entry() {
        byte[] bundle = EntryBundle.encode(List.of("ab".getBytes(UTF_8), new byte[0], new byte[300]));
        assertThat(bundle).hasSize(2 + 2 + 2 + 2 + 300).startsWith(0, 2, 'a', 'b', 0, 0, 1, 44);
        assertThat(EntryBundle.decode(bundle)).containsExactly("ab".getBytes(UTF_8), new byte[0], new byte[300]);
        assertThat(EntryBundle.decode(new byte[0])).isEmpty();
    }

    @Test
    void an_entry_bundle_that_ends_within_an_entry_and_an_entry_that_is_too_long_are_refused() {
        assertThatThrownBy(() -> EntryBundle.decode(new byte[] {0})).isInstanceOf(MalformedProof.class);
        assertThatThrownBy(() -> EntryBundle.decode(new byte[] {0, 2, 'a'})).isInstanceOf(MalformedProof.class);
        assertThatThrownBy(() -> EntryBundle.encode(List.of(new byte[65_536])))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
