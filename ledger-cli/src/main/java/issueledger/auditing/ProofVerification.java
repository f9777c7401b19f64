package issueledger.auditing;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.auditing.Finding.Aspect;
import issueledger.auditing.Finding.Status;
import issueledger.proof.TlogProof;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Verifies the proof of one event. */
public final class ProofVerification {
    private static final String FORMAT = "issue-ledger/event/v2";
    private static final int LINES = 9;

    private final Trust trust;

    public ProofVerification(Trust trust) {
        this.trust = trust;
    }

    /**
     * @param where the file's name
     * @param line the event as an export's line, whose texts are then proven too; null without
     */
    public Verdict verify(String where, TlogProof proof, @Nullable String line) {
        ExportedEvent event = line == null ? null : event(line);
        byte[] entry = entry(proof, event);
        List<String> lines = entry == null ? List.of() : lines(entry);
        String subject = where + ": " + (lines.isEmpty() ? "a proof" : subject(lines));
        Origin origin = trust.verify(proof.checkpoint());
        Finding complete = new Finding(
                Aspect.COMPLETENESS, Status.NOT_SHOWN, "nothing: it is one event, and says nothing of others");
        if (entry == null) {
            return new Verdict(
                    origin.answer().and(Answer.CANNOT_TELL),
                    subject,
                    List.of(
                            new Finding(
                                    Aspect.INTEGRITY,
                                    Status.NOT_SHOWN,
                                    "nothing: the proof has no entry in its line \"extra\"; give the event (--event)"),
                            complete,
                            new Finding(Aspect.TIME, Status.NOT_SHOWN, "nothing"),
                            origin.finding()),
                    List.of());
        }
        Finding time = origin.time("recorded at " + lines.get(6));
        String fault = fault(proof, event, entry, lines);
        if (fault != null) {
            return Verdict.broken(subject, Aspect.INTEGRITY, fault, List.of(complete, time, origin.finding()));
        }
        String tree = "the tree of " + origin.checkpoint().size() + " events";
        Finding integrity = new Finding(
                Aspect.INTEGRITY,
                origin.isSigned() ? Status.PROVEN : Status.CLAIMED,
                (event == null ? "its entry, which commits to its texts, is in " : "its entry and its texts are in ")
                        + tree
                        + (origin.isSigned() ? " of a signed checkpoint" : ", whose signature is not verified"));
        return new Verdict(
                origin.answer(),
                subject,
                List.of(integrity, complete, time, origin.finding()),
                event == null ? List.of() : Verdict.Erased.of(event));
    }

    private static ExportedEvent event(String line) {
        try {
            return ExportedEvent.of(AuditJson.MAPPER.readTree(line));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new UnreadableInput("the event is no line of an export: it " + e.getMessage(), e);
        }
    }

    private static byte @Nullable [] entry(TlogProof proof, @Nullable ExportedEvent event) {
        String extra = proof.extra();
        return extra != null ? Base64.getDecoder().decode(extra) : event == null ? null : event.entry();
    }

    private static List<String> lines(byte[] entry) {
        List<String> lines = List.of(new String(entry, UTF_8).split("\n", -1));
        if (lines.size() != LINES + 1 || !lines.getFirst().equals(FORMAT)) {
            throw new UnreadableInput("the proof's line \"extra\" is no entry of format " + FORMAT);
        }
        return lines;
    }

    private static String subject(List<String> lines) {
        return "position " + lines.get(1) + ", version " + lines.get(3) + " of issue " + lines.get(2) + ", "
                + lines.get(4);
    }

    private static @Nullable String fault(
            TlogProof proof, @Nullable ExportedEvent event, byte[] entry, List<String> lines) {
        if (event != null && !Arrays.equals(event.entry(), entry)) {
            return "the given event is not the one of the proof, or was changed";
        }
        if (!lines.get(1).equals(Long.toString(proof.index() + 1))) {
            return "the entry names position " + lines.get(1) + ", and the proof is of " + (proof.index() + 1);
        }
        return proof.proves(entry) ? null : "the entry is not at its place in the checkpoint's tree";
    }
}
