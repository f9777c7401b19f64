package issueledger.auditing;

import static issueledger.log.LogExamples.note;
import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.events.Rfc3339;
import issueledger.log.CommitHash;
import issueledger.log.Commitments;
import issueledger.log.NewEvent;
import issueledger.proof.Checkpoint;
import issueledger.proof.Hash;
import issueledger.proof.MerkleTree;
import issueledger.proof.Nodes;
import issueledger.proof.ProofExamples;
import issueledger.proof.SignedNote;
import issueledger.proof.TlogProof;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A log in memory, as a service would hand it out: notes of two issues, each pair of events a commit. */
final class AuditedLog {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant BEGIN = Instant.parse("2026-02-14T09:30:00Z");

    private final List<NewEvent> events = new ArrayList<>();

    static AuditedLog of(int size) {
        AuditedLog log = new AuditedLog();
        log.grow(size);
        return log;
    }

    /** Another log of the same events, but for one text; with all hashes computed again. */
    AuditedLog rewritten(int position) {
        AuditedLog other = new AuditedLog();
        other.events.addAll(events);
        NewEvent was = events.get(position - 1);
        other.events.set(
                position - 1,
                new NewEvent(
                        was.id(),
                        was.stream(),
                        was.sequence(),
                        was.type(),
                        was.revision(),
                        "{\"note\":1,\"kind\":\"PROGRESS\",\"text\":\"all is well\"}",
                        was.metadata(),
                        was.commitments()));
        return other;
    }

    /** The same log with the payload of one event erased. */
    AuditedLog erased(int position) {
        AuditedLog other = new AuditedLog();
        other.events.addAll(events);
        NewEvent was = events.get(position - 1);
        String salt = was.commitments().payloadSalt();
        other.events.set(
                position - 1,
                new NewEvent(
                        was.id(),
                        was.stream(),
                        was.sequence(),
                        was.type(),
                        was.revision(),
                        "{\"note\":1,\"kind\":\"PROGRESS\",\"text\":\"[erased]\"}",
                        was.metadata(),
                        new Commitments(
                                null,
                                was.commitments().metadataSalt(),
                                Commitments.commitment(String.valueOf(salt), was.payload()),
                                null)));
        return other;
    }

    void grow(int size) {
        while (events.size() < size) {
            int next = events.size();
            events.add(note(next % 2 == 0 ? "slow" : "broken", next / 2));
        }
    }

    int size() {
        return events.size();
    }

    byte[] entry(int position) {
        return CommitHash.entry(position, events.get(position - 1), time(position))
                .getBytes(UTF_8);
    }

    List<byte[]> entries() {
        List<byte[]> entries = new ArrayList<>();
        for (int position = 1; position <= size(); position++) {
            entries.add(entry(position));
        }
        return entries;
    }

    /** Two events have one time. */
    private static Instant time(int position) {
        return BEGIN.plusSeconds((position - 1) / 2);
    }

    Nodes tree() {
        List<Hash> leaves = entries().stream().map(MerkleTree::leaf).toList();
        return new Leaves() {
            @Override
            public long size() {
                return leaves.size();
            }

            @Override
            public Hash leaf(long index) {
                return leaves.get((int) index);
            }
        };
    }

    Checkpoint head(int size) {
        return new Checkpoint(ProofExamples.ORIGIN, size, MerkleTree.root(tree(), size));
    }

    SignedNote checkpoint() {
        return checkpoint(size());
    }

    SignedNote checkpoint(int size) {
        return ProofExamples.checkpoint(ProofExamples.LOG, head(size));
    }

    TlogProof proof(int position) {
        return new TlogProof(
                Base64.getEncoder().encodeToString(entry(position)),
                position - 1,
                MerkleTree.inclusion(tree(), position - 1, size()),
                checkpoint());
    }

    /** The lines of an export of whole commits. */
    List<String> export(int from, int to, @Nullable SignedNote checkpoint) {
        List<String> lines = new ArrayList<>();
        String previous = CommitHash.NONE;
        String hash = CommitHash.NONE;
        for (int position = 1; position <= to; position++) {
            if (position % 2 == 1) {
                previous = from == position ? hash : previous;
                hash = CommitHash.of(
                        hash, position, events.subList(position - 1, Math.min(position + 1, size())), time(position));
            }
            if (position >= from) {
                lines.add(line(position, hash).toString());
            }
        }
        ObjectNode head = JSON.createObjectNode();
        head.put("format", "issue-ledger/export/v2").put("from", from).put("to", to);
        head.put("previousHash", previous).put("hash", hash);
        head.put("checkpoint", checkpoint == null ? null : checkpoint.note());
        lines.addFirst(head.toString());
        return lines;
    }

    String bundle(String issue) {
        ObjectNode bundle = JSON.createObjectNode();
        bundle.put("format", "issue-ledger/bundle/v1").put("issueId", issue);
        bundle.put("checkpoint", checkpoint().note());
        ArrayNode members = bundle.putArray("events");
        for (int position = 1; position <= size(); position++) {
            if (events.get(position - 1).stream().equals(issue)) {
                ObjectNode event = line(position, "0".repeat(64)).put("index", position - 1);
                ArrayNode proof = event.putArray("proof");
                MerkleTree.inclusion(tree(), position - 1, size()).forEach(hash -> proof.add(hash.base64()));
                members.add(event);
            }
        }
        return bundle.toString();
    }

    String line(int position) {
        return line(position, "0".repeat(64)).toString();
    }

    private ObjectNode line(int position, String hash) {
        NewEvent event = events.get(position - 1);
        ObjectNode line = JSON.createObjectNode();
        line.put("position", position).put("issueId", event.stream()).put("version", event.sequence() + 1);
        line.put("type", event.type()).put("revision", event.revision());
        line.put("recordedAt", Rfc3339.format(time(position)));
        line.put("commit", position % 2 == 1 ? position : position - 1).put("hash", hash);
        line.put("payloadSalt", event.commitments().payloadSalt());
        line.put("metadataSalt", event.commitments().metadataSalt());
        if (event.commitments().payload() != null) {
            line.put("payloadCommitment", event.commitments().payload());
        }
        return line.put("payload", event.payload()).put("metadata", event.metadata());
    }
}
