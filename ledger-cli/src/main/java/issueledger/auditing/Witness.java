package issueledger.auditing;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.proof.AddCheckpoint;
import issueledger.proof.Checkpoint;
import issueledger.proof.InvalidSignature;
import issueledger.proof.MalformedProof;
import issueledger.proof.MerkleProofs;
import issueledger.proof.MerkleTree;
import issueledger.proof.NoteSignature;
import issueledger.proof.Signed;
import issueledger.proof.SignedNote;
import issueledger.proof.SigningKey;
import issueledger.proof.VerifierKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Cosigns checkpoints that contain all it cosigned before (C2SP tlog-witness). The last checkpoint of each log is a file in its folder,
 * replaced before the answer; one process at a time uses the folder.
 */
public final class Witness {
    private static final String TEXT = "text/plain; charset=utf-8";

    private final SigningKey key;
    private final List<VerifierKey> logs;
    private final Path folder;
    private final Clock clock;

    /** @param logs keys of the logs that it cosigns for, each by its origin as its name */
    public Witness(SigningKey key, List<VerifierKey> logs, Path folder, Clock clock) {
        this.key = key;
        this.logs = List.copyOf(logs);
        this.folder = folder;
        this.clock = clock;
    }

    /** An answer of HTTP. */
    public record Reply(int status, String contentType, String body) {
        static Reply refused(int status, String why) {
            return new Reply(status, TEXT, why + "\n");
        }
    }

    /** Answers {@code POST add-checkpoint}. */
    public synchronized Reply add(byte[] body) throws IOException {
        AddCheckpoint request;
        Checkpoint later;
        try {
            request = AddCheckpoint.parse(body);
            later = Checkpoint.parse(request.checkpoint().text());
        } catch (MalformedProof e) {
            return Reply.refused(400, String.valueOf(e.getMessage()));
        }
        List<VerifierKey> known =
                logs.stream().filter(log -> log.name().equals(later.origin())).toList();
        if (known.isEmpty()) {
            return Reply.refused(404, "the log " + later.origin() + " is not known here");
        }
        Set<VerifierKey> signers = new HashSet<>();
        try {
            request.checkpoint().verify(known).stream().map(Signed::key).forEach(signers::add);
        } catch (InvalidSignature e) {
            return Reply.refused(403, String.valueOf(e.getMessage()));
        }
        return signers.isEmpty()
                ? Reply.refused(403, "no known key of " + later.origin() + " signed the checkpoint")
                : signed(request, later, signers);
    }

    private Reply signed(AddCheckpoint request, Checkpoint later, Set<VerifierKey> signers) throws IOException {
        if (request.oldSize() > later.size()) {
            return Reply.refused(400, "the old size is above the checkpoint's");
        }
        KeptFile file = file(hash(later.origin()));
        Optional<Checkpoint> last = file.read().map(SignedNote::parse).map(note -> Checkpoint.parse(note.text()));
        long size = last.map(Checkpoint::size).orElse(0L);
        if (request.oldSize() != size) {
            return new Reply(409, AddCheckpoint.SIZE_TYPE, size + "\n");
        }
        if (last.isPresent() && size == later.size() && !last.get().root().equals(later.root())) {
            return new Reply(409, AddCheckpoint.SIZE_TYPE, size + "\n");
        }
        Checkpoint old = last.orElse(new Checkpoint(later.origin(), 0, MerkleTree.EMPTY));
        boolean isNoEmptyTree = later.size() == 0 && !later.root().equals(MerkleTree.EMPTY);
        if (isNoEmptyTree
                || !MerkleProofs.isConsistent(size, old.root(), later.size(), later.root(), request.proof())) {
            return Reply.refused(
                    422, "the proof does not show that the checkpoint contains the one of " + size + " events");
        }
        NoteSignature cosignature = key.sign(request.checkpoint().text(), clock.instant());
        List<NoteSignature> ofTheLog = request.checkpoint().signatures().stream()
                .filter(signature -> signers.stream().anyMatch(signer -> signer.made(signature)))
                .toList();
        file.replace(new SignedNote(request.checkpoint().text(), ofTheLog)
                .with(List.of(cosignature))
                .note());
        return new Reply(200, TEXT, cosignature.line());
    }

    /** Answers {@code GET <origin hash>/checkpoint}: the checkpoint that it cosigned last. */
    public synchronized Reply latest(String originHash) throws IOException {
        boolean isKnown = logs.stream().anyMatch(log -> hash(log.name()).equals(originHash));
        Optional<String> note = isKnown ? file(originHash).read() : Optional.empty();
        return note.map(text -> new Reply(200, TEXT, text))
                .orElse(Reply.refused(404, "no checkpoint of such a log was cosigned here"));
    }

    private KeptFile file(String originHash) {
        return new KeptFile(folder.resolve(originHash + ".checkpoint"));
    }

    /** The lower-case hex SHA-256 of a log's origin. */
    static String hash(String origin) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(origin.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
