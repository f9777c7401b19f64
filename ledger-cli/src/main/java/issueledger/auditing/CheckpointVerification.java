package issueledger.auditing;

import issueledger.auditing.Finding.Aspect;
import issueledger.auditing.Finding.Status;
import issueledger.proof.SignedNote;
import java.util.List;

/** Verifies a checkpoint's signatures; of the events beneath it, it says nothing. */
public final class CheckpointVerification {
    private final Trust trust;

    public CheckpointVerification(Trust trust) {
        this.trust = trust;
    }

    /** @param where the file's name or the address */
    public Verdict verify(String where, SignedNote note) {
        Origin origin = trust.verify(note);
        return new Verdict(
                origin.answer(),
                where + ": a checkpoint of " + origin.checkpoint().size() + " events of "
                        + origin.checkpoint().origin() + ", root "
                        + origin.checkpoint().root(),
                List.of(
                        new Finding(
                                Aspect.INTEGRITY,
                                origin.isSigned() ? Status.PROVEN : Status.NOT_SHOWN,
                                origin.isSigned() ? "its signature" : "nothing: no signature of it is verified"),
                        new Finding(Aspect.COMPLETENESS, Status.NOT_SHOWN, "nothing: a checkpoint has no events"),
                        origin.cosigned().isEmpty()
                                ? new Finding(Aspect.TIME, Status.NOT_SHOWN, "nothing: no known witness cosigned it")
                                : new Finding(Aspect.TIME, Status.PROVEN, origin.seen()),
                        origin.finding()),
                List.of());
    }
}
