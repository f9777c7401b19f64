package issueledger.auditing;

import issueledger.auditing.Finding.Aspect;
import issueledger.auditing.Finding.Status;
import issueledger.events.Rfc3339;
import issueledger.proof.Hash;
import issueledger.proof.MalformedProof;
import issueledger.proof.MerkleProofs;
import issueledger.proof.MerkleTree;
import issueledger.proof.SignedNote;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Verifies the bundle of an issue's whole history (docs/log-format.md). */
public final class BundleVerification {
    private static final String FORMAT = "issue-ledger/bundle/v1";

    private final Trust trust;

    public BundleVerification(Trust trust) {
        this.trust = trust;
    }

    /** @param where the file's name */
    public Verdict verify(String where, byte[] document) {
        JsonNode bundle = read(where, document);
        String issue = bundle.path("issueId").stringValue("");
        JsonNode events = bundle.path("events");
        SignedNote note;
        try {
            note = SignedNote.parse(bundle.path("checkpoint").stringValue(""));
        } catch (MalformedProof e) {
            throw new UnreadableInput(where + " has a checkpoint that is none: " + e.getMessage(), e);
        }
        Origin origin = trust.verify(note);
        String subject = where + ": issue " + issue + ", versions 1 to " + events.size();
        List<ExportedEvent> proven = new ArrayList<>();
        for (JsonNode json : events) {
            String place = "version " + (proven.size() + 1) + " ";
            try {
                proven.add(event(json, issue, proven, origin));
            } catch (IllegalArgumentException e) {
                return Verdict.broken(subject, Aspect.INTEGRITY, place + e.getMessage(), List.of(origin.finding()));
            }
        }
        if (proven.isEmpty()) {
            throw new UnreadableInput(where + " has no events");
        }
        boolean isSigned = origin.isSigned();
        long size = origin.checkpoint().size();
        Finding integrity = new Finding(
                Aspect.INTEGRITY,
                isSigned ? Status.PROVEN : Status.CLAIMED,
                "each of its " + proven.size() + " events is in the tree of " + size + " events"
                        + (isSigned ? " of a signed checkpoint" : ", whose signature is not verified")
                        + "; the members commit and hash of its lines are not proven");
        Finding complete = new Finding(
                Aspect.COMPLETENESS,
                Status.NOT_SHOWN,
                "its versions are here from 1 without a gap; nothing here tells whether the issue has later ones");
        Instant last = proven.getLast().recordedAt();
        return new Verdict(
                origin.answer(),
                subject,
                List.of(
                        integrity,
                        complete,
                        origin.time(Rfc3339.format(proven.getFirst().recordedAt()) + " to " + Rfc3339.format(last)),
                        origin.finding()),
                proven.stream()
                        .flatMap(event -> Verdict.Erased.of(event).stream())
                        .toList());
    }

    private static JsonNode read(String where, byte[] document) {
        try {
            JsonNode bundle = AuditJson.MAPPER.readTree(document);
            if (bundle.path("format").stringValue("").equals(FORMAT)
                    && bundle.path("events").isArray()) {
                return bundle;
            }
        } catch (JacksonException e) {
            // Said below.
        }
        throw new UnreadableInput(where + " is no bundle of format " + FORMAT
                + " (an export or an event's proof: ./ledger verify FILE, verify proof)");
    }

    /** @throws IllegalArgumentException saying what is wrong with the event */
    private static ExportedEvent event(JsonNode json, String issue, List<ExportedEvent> before, Origin origin) {
        ExportedEvent event = ExportedEvent.of(json);
        if (!event.issueId().equals(issue)) {
            throw new IllegalArgumentException("is of another issue, " + event.issueId());
        }
        if (event.version() != before.size() + 1) {
            throw new IllegalArgumentException("is missing: version " + event.version() + " stands there");
        }
        if (!before.isEmpty()
                && (event.position() <= before.getLast().position()
                        || event.recordedAt().isBefore(before.getLast().recordedAt()))) {
            throw new IllegalArgumentException("stands before its predecessor");
        }
        JsonNode index = json.path("index");
        if (!index.isIntegralNumber() || index.asLong(-1) != event.position() - 1) {
            throw new IllegalArgumentException("has another index than its position minus 1");
        }
        List<Hash> proof = new ArrayList<>();
        json.path("proof").forEach(hash -> proof.add(Hash.ofBase64(hash.stringValue(""))));
        if (!MerkleProofs.includes(
                origin.checkpoint().root(),
                origin.checkpoint().size(),
                event.position() - 1,
                MerkleTree.leaf(event.entry()),
                proof)) {
            throw new IllegalArgumentException("is not at its place in the checkpoint's tree: it was changed, or its"
                    + " proof is of another tree");
        }
        return event;
    }
}
