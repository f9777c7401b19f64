package issueledger.proof;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proof that an entry is in a log, to be verified offline (C2SP tlog-proof, version 1).
 *
 * @param extra any bytes in base64, which nothing vouches for; null for none
 * @param index of the entry in the log, from 0
 * @param path from the leaf's sibling up to a child of the root
 * @param checkpoint the signed checkpoint as it was served
 */
public record TlogProof(@Nullable String extra, long index, List<Hash> path, SignedNote checkpoint) {
    private static final String FORMAT = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";
    private static final int MAX_PATH = 63;

    public TlogProof {
        path = List.copyOf(path);
        if (extra != null) {
            Fields.base64(extra, "the proof's extra data");
        }
        if (path.size() > MAX_PATH) {
            throw new MalformedProof("a proof has at most " + MAX_PATH + " hashes");
        }
    }

    public TlogProof(long index, List<Hash> path, SignedNote checkpoint) {
        this(null, index, path, checkpoint);
    }

    public static TlogProof parse(byte[] proof) {
        return parse(Fields.utf8(proof, "the proof"));
    }

    public static TlogProof parse(String proof) {
        int end = proof.indexOf("\n\n");
        if (!proof.startsWith(FORMAT + "\n") || end < 0) {
            throw new MalformedProof(
                    "a proof begins with the line " + FORMAT + " and has an empty line before its checkpoint");
        }
        List<String> lines = List.of(proof.substring(FORMAT.length() + 1, Math.max(end, FORMAT.length() + 1))
                .split("\n", -1));
        int at = 0;
        String extra = null;
        if (lines.get(at).startsWith(EXTRA)) {
            extra = lines.get(at++).substring(EXTRA.length());
        }
        if (at == lines.size() || !lines.get(at).startsWith(INDEX)) {
            throw new MalformedProof("a proof has a line with its index");
        }
        long index = Fields.decimal(lines.get(at++).substring(INDEX.length()), "the proof's index");
        List<Hash> path = new ArrayList<>();
        for (String line : lines.subList(at, lines.size())) {
            path.add(Fields.hash(line, "a line of the proof"));
        }
        return new TlogProof(extra, index, path, SignedNote.parse(proof.substring(end + 2)));
    }

    /** True if the entry is in the checkpoint's tree; says nothing of the checkpoint's signatures. */
    public boolean proves(byte[] entry) {
        Checkpoint head = Checkpoint.parse(checkpoint.text());
        return MerkleProofs.includes(head.root(), head.size(), index, MerkleTree.leaf(entry), path);
    }

    public String text() {
        StringBuilder text = new StringBuilder(FORMAT).append('\n');
        if (extra != null) {
            text.append(EXTRA).append(extra).append('\n');
        }
        text.append(INDEX).append(index).append('\n');
        path.forEach(hash -> text.append(hash.base64()).append('\n'));
        return text.append('\n').append(checkpoint.note()).toString();
    }
}
