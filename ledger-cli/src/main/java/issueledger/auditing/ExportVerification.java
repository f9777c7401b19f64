package issueledger.auditing;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.auditing.Finding.Aspect;
import issueledger.auditing.Finding.Status;
import issueledger.events.Rfc3339;
import issueledger.log.CommitHash;
import issueledger.proof.CompactRange;
import issueledger.proof.Hash;
import issueledger.proof.MalformedProof;
import issueledger.proof.MerkleTree;
import issueledger.proof.SignedNote;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Verifies an export line by line: its chain of hashes, and that its checkpoint's tree begins with its events or ends within them. */
public final class ExportVerification {
    private static final String FORMAT = "issue-ledger/export/v2";
    private static final HexFormat HEX = HexFormat.of();

    private final Path file;
    private final Trust trust;
    private final Progress progress;

    private final Map<String, Long> versions = new HashMap<>();
    private final List<Verdict.Erased> erased = new ArrayList<>();
    private final CompactRange tree = new CompactRange();
    private @Nullable MessageDigest commit;
    private String stored = CommitHash.NONE;
    private long begun;
    private long end;
    private Instant time = Instant.MIN;
    private @Nullable Instant first;
    private @Nullable Hash rootAtCheckpoint;

    public ExportVerification(Path file, Trust trust, Progress progress) {
        this.file = file;
        this.trust = trust;
        this.progress = progress;
    }

    /** The first line. */
    private record Head(
            long from,
            long to,
            String previousHash,
            String hash,
            @Nullable String checkpoint) {}

    /** A fault at a position; the events before it stand. */
    private static final class Fault extends RuntimeException {
        Fault(long position, String why) {
            super("position " + position + " " + why);
        }
    }

    /** @param kept a checkpoint to hold against the export instead of its own; null for none */
    public Verdict verify(@Nullable SignedNote kept) {
        String subject = file + ": ";
        try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
            Head head = head(lines.readLine());
            subject += "an export of positions " + head.from() + " to " + head.to();
            SignedNote note = kept == null ? note(head.checkpoint()) : kept;
            Origin origin = note == null ? null : trust.verify(note);
            long size =
                    origin == null || head.from() > 1 ? -1 : origin.checkpoint().size();
            if (size == 0) {
                rootAtCheckpoint = tree.root();
            }
            follow(lines, head, size);
            return verdict(subject, head, origin);
        } catch (Fault e) {
            return Verdict.broken(subject, Aspect.INTEGRITY, String.valueOf(e.getMessage()), List.of());
        } catch (CharacterCodingException e) {
            return Verdict.broken(
                    subject, Aspect.INTEGRITY, "position " + (end + 1) + " or a near one is not UTF-8", List.of());
        } catch (NoSuchFileException e) {
            throw new UnreadableInput(file + " is not there", e);
        } catch (IOException e) {
            throw new UnreadableInput(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Head head(@Nullable String line) {
        try {
            JsonNode json = AuditJson.MAPPER.readTree(line == null ? "" : line);
            if (json.path("format").stringValue("").equals(FORMAT)) {
                Head head = new Head(
                        json.path("from").asLong(-1),
                        json.path("to").asLong(-1),
                        json.path("previousHash").stringValue(""),
                        json.path("hash").stringValue(""),
                        json.path("checkpoint").isString()
                                ? json.path("checkpoint").stringValue()
                                : null);
                if (head.from() >= 1 && head.previousHash().matches("[0-9a-f]{64}")) {
                    return head;
                }
            }
        } catch (JacksonException e) {
            // Said below.
        }
        throw new UnreadableInput(file + " is no export of format " + FORMAT
                + ": its first line does not say so (a proof or a bundle: ./ledger verify proof, verify bundle)");
    }

    private @Nullable SignedNote note(@Nullable String text) {
        try {
            return text == null ? null : SignedNote.parse(text);
        } catch (MalformedProof e) {
            throw new UnreadableInput(file + " has a checkpoint that is none: " + e.getMessage(), e);
        }
    }

    private void follow(BufferedReader lines, Head head, long size) throws IOException {
        if (head.from() == 1 && !head.previousHash().equals(CommitHash.NONE)) {
            throw new Fault(1, "does not begin the log: the hash before it is not of zeros");
        }
        end = head.from() - 1;
        stored = head.previousHash();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            take(event(line), head.from() == 1);
            if (end == size) {
                rootAtCheckpoint = tree.root();
            }
            progress.at(end + 1 - head.from(), head.to() + 1 - head.from(), "events are verified");
        }
        endCommit();
        if (end < head.to()) {
            throw new Fault(end + 1, "is missing");
        }
        if (end > head.to()) {
            throw new Fault(head.to() + 1, "is not announced by the first line");
        }
        if (!stored.equals(head.hash())) {
            throw new Fault(end, "has another hash than the first line says");
        }
    }

    private ExportedEvent event(String line) {
        try {
            return ExportedEvent.of(AuditJson.MAPPER.readTree(line));
        } catch (JacksonException e) {
            throw new Fault(end + 1, "cannot be read: its line is no JSON");
        } catch (IllegalArgumentException e) {
            throw new Fault(end + 1, String.valueOf(e.getMessage()));
        }
    }

    private void take(ExportedEvent event, boolean isWhole) {
        long position = end + 1;
        if (event.position() != position) {
            throw new Fault(position, "is missing: " + event.position() + " stands there");
        }
        if (event.commit() == position) {
            endCommit();
            commit = sha256();
            commit.update(HEX.parseHex(stored));
            begun = position;
            stored = event.hash();
        }
        MessageDigest digest = commit;
        if (digest == null || event.commit() != begun || !event.hash().equals(stored)) {
            throw new Fault(position, "is not of the commit that it stands in");
        }
        Long before = versions.put(event.issueId(), event.version());
        if (before == null ? isWhole && event.version() != 1 : event.version() != before + 1) {
            throw new Fault(position, "is not the next version of its issue");
        }
        if (event.recordedAt().isBefore(time)) {
            throw new Fault(position, "was recorded before its predecessor");
        }
        byte[] entry = event.entry();
        digest.update(entry);
        tree.append(MerkleTree.leaf(entry));
        erased.addAll(Verdict.Erased.of(event));
        time = event.recordedAt();
        if (first == null) {
            first = time;
        }
        end = position;
    }

    private void endCommit() {
        if (commit != null && !HEX.formatHex(commit.digest()).equals(stored)) {
            throw new Fault(begun, "is not as it was written: its commit's hash is another");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Verdict verdict(String subject, Head head, @Nullable Origin origin) {
        Finding time = new Finding(Aspect.TIME, Status.CLAIMED, recorded() + " by the service's clock");
        Finding complete = new Finding(
                Aspect.COMPLETENESS,
                Status.NOT_SHOWN,
                "positions " + head.from() + " to " + head.to() + " are here without a gap; nothing here tells"
                        + (head.from() > 1 ? " of those before, or" : "") + " whether more were recorded after");
        String chain = "the chain of hashes "
                + (head.from() == 1
                        ? "from its beginning"
                        : "after the hash " + head.previousHash() + ", which is the export's word");
        if (origin == null) {
            return new Verdict(
                    trust.isEmpty() ? Answer.GOOD : Answer.CANNOT_TELL,
                    subject,
                    List.of(
                            new Finding(
                                    Aspect.INTEGRITY, Status.CLAIMED, chain + " alone, which its maker can compute"),
                            complete,
                            time,
                            Origin.finding(Status.NOT_SHOWN, "nothing: the export has no checkpoint")),
                    erased);
        }
        return withCheckpoint(subject, head, origin, chain, complete, time);
    }

    private Verdict withCheckpoint(
            String subject, Head head, Origin origin, String chain, Finding complete, Finding time) {
        long size = origin.checkpoint().size();
        Hash root = rootAtCheckpoint;
        if (root != null && !root.equals(origin.checkpoint().root())) {
            return Verdict.broken(
                    subject,
                    Aspect.INTEGRITY,
                    "positions 1 to " + size + " are not those of the checkpoint: one of them was changed after it was"
                            + " signed, and all hashes computed again",
                    List.of(complete, time, origin.finding()));
        }
        if (root == null) {
            String why = head.from() > 1 ? "the export does not begin with the log" : "the export ends before it";
            return new Verdict(
                    origin.answer() == Answer.NOT_GOOD
                            ? Answer.NOT_GOOD
                            : trust.isEmpty() ? Answer.GOOD : Answer.CANNOT_TELL,
                    subject,
                    List.of(
                            new Finding(
                                    Aspect.INTEGRITY,
                                    Status.CLAIMED,
                                    chain + " alone; the checkpoint of " + size
                                            + " events cannot be held against it, since " + why),
                            complete,
                            time,
                            origin.answer() == Answer.NOT_GOOD
                                    ? origin.finding()
                                    : Origin.finding(Status.NOT_SHOWN, "a checkpoint that cannot be held against it")),
                    erased);
        }
        boolean isSigned = origin.isSigned();
        String beyond = end > size ? ", positions " + (size + 1) + " to " + end + " on the chain alone" : "";
        Finding integrity = new Finding(
                Aspect.INTEGRITY,
                isSigned ? Status.PROVEN : Status.CLAIMED,
                chain + " and a checkpoint of " + size + " events"
                        + (isSigned ? ", signed" : ", its signature not verified") + beyond);
        return new Verdict(
                trust.isEmpty() ? Answer.GOOD : origin.answer(),
                subject,
                List.of(integrity, complete, origin.time(recorded()), origin.finding()),
                erased);
    }

    private String recorded() {
        return first == null ? "no event" : Rfc3339.format(first) + " to " + Rfc3339.format(time);
    }
}
