package issueledger.proof;

import java.util.ArrayList;
import java.util.List;

/**
 * A request to a witness to cosign a checkpoint (C2SP tlog-witness).
 *
 * @param oldSize of the checkpoint that the witness cosigned last, 0 before the first
 * @param proof of consistency from there
 */
public record AddCheckpoint(long oldSize, List<Hash> proof, SignedNote checkpoint) {
    /** The path below a witness's submission prefix. */
    public static final String PATH = "add-checkpoint";

    /** The content type of an answer 409 that says which size the witness has. */
    public static final String SIZE_TYPE = "text/x.tlog.size";

    private static final String OLD = "old ";
    private static final int MAX_PROOF = 63;

    public AddCheckpoint {
        proof = List.copyOf(proof);
        if (proof.size() > MAX_PROOF) {
            throw new MalformedProof("a consistency proof has at most " + MAX_PROOF + " hashes");
        }
    }

    public static AddCheckpoint parse(byte[] body) {
        String text = Fields.utf8(body, "the request");
        int end = text.indexOf("\n\n");
        if (!text.startsWith(OLD) || end < 0) {
            throw new MalformedProof(
                    "the request begins with \"old \" and a size, and has an empty line before the checkpoint");
        }
        List<String> lines = List.of(text.substring(OLD.length(), end).split("\n", -1));
        long oldSize = Fields.decimal(lines.getFirst(), "the old size");
        List<Hash> proof = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            proof.add(Fields.hash(line, "a line of the proof"));
        }
        return new AddCheckpoint(oldSize, proof, SignedNote.parse(text.substring(end + 2)));
    }

    public String text() {
        StringBuilder text = new StringBuilder(OLD).append(oldSize).append('\n');
        proof.forEach(hash -> text.append(hash.base64()).append('\n'));
        return text.append('\n').append(checkpoint.note()).toString();
    }
}
