package issueledger.tlog;

import issueledger.proof.Hash;
import issueledger.proof.SignedNote;
import java.time.Instant;

/**
 * A checkpoint as it was signed.
 *
 * @param number 1, 2, … in the order of signing; the last one is the log's record
 * @param size how many events it stands for
 * @param root of their tree
 * @param at when it was signed
 * @param note the signed note, with the cosignatures so far
 * @param keys the verifier keys of the signatures, a line each
 * @param isCosigned whether a witness signed it too
 */
record SignedCheckpoint(long number, long size, Hash root, Instant at, String note, String keys, boolean isCosigned) {

    SignedNote signedNote() {
        return SignedNote.parse(note);
    }

    SignedCheckpoint cosigned(SignedNote with) {
        return new SignedCheckpoint(number, size, root, at, with.note(), keys, true);
    }
}
