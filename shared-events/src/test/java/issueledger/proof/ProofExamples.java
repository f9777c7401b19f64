package issueledger.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;

/** Trees, keys and checkpoints with fixed content. */
public final class ProofExamples {
    public static final Instant NOW = Instant.parse("2026-02-14T09:30:00Z");
    public static final String ORIGIN = "example.org/ledger";

    /** Keys of fixed seeds: 32 bytes 1, 2 and 3. */
    public static final SigningKey LOG = ed25519(ORIGIN, SignatureType.ED25519, 1);

    public static final SigningKey MARA = ed25519("mara.example/witness", SignatureType.COSIGNATURE, 2);
    public static final SigningKey OLEG = ed25519("oleg.example/witness", SignatureType.COSIGNATURE, 3);

    private ProofExamples() {}

    private static SigningKey ed25519(String name, SignatureType type, int seed) {
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getEncoder()
                        .encodeToString(HexFormat.of()
                                .parseHex("302e020100300506032b657004220420"
                                        + "%02x".formatted(seed).repeat(32)))
                + "\n-----END PRIVATE KEY-----\n";
        return SigningKey.of(name, type, KeySeed.parse(pem));
    }

    /** Entries of any number: the index as text. */
    public static List<byte[]> entries(long size) {
        return LongStream.range(0, size)
                .mapToObj(index -> ("entry " + index).getBytes(UTF_8))
                .toList();
    }

    /** A tree of these entries, all of whose nodes are computed from its leaves when they are asked for. */
    public static Nodes tree(List<byte[]> entries) {
        return new Nodes() {
            @Override
            public Hash node(int level, long index) {
                return level == 0
                        ? MerkleTree.leaf(entries.get((int) index))
                        : MerkleTree.node(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
            }
        };
    }

    public static SignedNote checkpoint(List<byte[]> entries) {
        return checkpoint(LOG, new Checkpoint(ORIGIN, entries.size(), MerkleTree.root(tree(entries), entries.size())));
    }

    public static SignedNote checkpoint(SigningKey key, Checkpoint head) {
        return new SignedNote(head.text(), List.of(key.sign(head.text(), NOW)));
    }
}
