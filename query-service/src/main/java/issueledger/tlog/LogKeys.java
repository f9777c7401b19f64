package issueledger.tlog;

import issueledger.proof.Checkpoint;
import issueledger.proof.NoteSignature;
import issueledger.proof.SignedNote;
import issueledger.proof.SigningKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The log's name, and the keys that its checkpoints are signed with.
 *
 * @param keys none where none is given: nothing is signed then
 */
record LogKeys(String origin, List<SigningKey> keys) {
    static final LogKeys NONE = new LogKeys("", List.of());

    LogKeys {
        keys = List.copyOf(keys);
    }

    boolean canSign() {
        return !keys.isEmpty();
    }

    /** The verifier keys, a line each. */
    String text() {
        StringBuilder text = new StringBuilder();
        keys.forEach(key -> text.append(key.verifier()).append('\n'));
        return text.toString();
    }

    SignedNote sign(Checkpoint checkpoint, Instant at) {
        String text = checkpoint.text();
        List<NoteSignature> signatures = new ArrayList<>();
        keys.forEach(key -> signatures.add(key.sign(text, at)));
        return new SignedNote(text, signatures);
    }
}
