package issueledger.auditing;

import issueledger.auditing.Finding.Status;
import issueledger.proof.Checkpoint;
import issueledger.proof.InvalidSignature;
import issueledger.proof.Policy;
import issueledger.proof.Signed;
import issueledger.proof.SignedNote;
import issueledger.proof.VerifierKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that the auditor trusts.
 *
 * @param keys of logs, and of witnesses whose times count
 * @param policy null for none
 */
public record Trust(List<VerifierKey> keys, @Nullable Policy policy) {
    public static final Trust NONE = new Trust(List.of(), null);

    public Trust {
        keys = List.copyOf(keys);
    }

    boolean isEmpty() {
        return keys.isEmpty() && policy == null;
    }

    /** Verifies a checkpoint's signatures. */
    Origin verify(SignedNote note) {
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        if (isEmpty()) {
            return new Origin(
                    checkpoint,
                    Answer.CANNOT_TELL,
                    Origin.finding(
                            Status.NOT_SHOWN,
                            "the checkpoint names " + checkpoint.origin() + "; no key was given (--key, --policy)"),
                    List.of());
        }
        try {
            return verified(note, checkpoint);
        } catch (InvalidSignature e) {
            return new Origin(
                    checkpoint,
                    Answer.NOT_GOOD,
                    Origin.finding(Status.BROKEN, String.valueOf(e.getMessage())),
                    List.of());
        }
    }

    private Origin verified(SignedNote note, Checkpoint checkpoint) {
        List<Signed> signed = note.verify(keys);
        List<Signed> logs = signed.stream()
                .filter(each -> each.key().name().equals(checkpoint.origin()))
                .toList();
        if (!keys.isEmpty() && logs.isEmpty()) {
            boolean isUnable = keys.stream().noneMatch(VerifierKey::canVerify);
            return new Origin(
                    checkpoint,
                    isUnable ? Answer.CANNOT_TELL : Answer.NOT_GOOD,
                    Origin.finding(
                            isUnable ? Status.NOT_SHOWN : Status.BROKEN,
                            isUnable
                                    ? "this Java has no ML-DSA-44, which the key needs: use Java 24 or newer"
                                    : "no given key signed the checkpoint of " + checkpoint.origin()),
                    List.of());
        }
        List<Signed> cosigned = signed.stream()
                .filter(each -> each.at() != null && !logs.contains(each))
                .toList();
        if (policy == null) {
            return new Origin(
                    checkpoint,
                    Answer.GOOD,
                    Origin.finding(
                            Status.PROVEN,
                            "the key " + logs.getFirst().key().id() + " of " + checkpoint.origin()
                                    + ", which you gave"),
                    cosigned);
        }
        return byPolicy(policy, note, checkpoint);
    }

    private static Origin byPolicy(Policy policy, SignedNote note, Checkpoint checkpoint) {
        Policy.Verdict verdict = policy.verify(note);
        String witnesses = verdict.cosigned().isEmpty()
                ? "no witness of it cosigned"
                : "cosigned by " + String.join(", ", verdict.cosigned());
        VerifierKey log = verdict.log();
        String why = log == null
                ? "no log of the policy signed the checkpoint of " + checkpoint.origin()
                : "the policy's key " + log.id() + " of " + checkpoint.origin() + "; " + witnesses
                        + (verdict.isMet()
                                ? ""
                                : ", and its quorum " + policy.quorum().name() + " is not met");
        return new Origin(
                checkpoint,
                verdict.isMet() ? Answer.GOOD : Answer.NOT_GOOD,
                Origin.finding(verdict.isMet() ? Status.PROVEN : Status.BROKEN, why),
                note.verify(policy.witnesses().stream().map(Policy.Witness::key).toList()));
    }
}
