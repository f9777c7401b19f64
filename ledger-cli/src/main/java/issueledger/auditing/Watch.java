package issueledger.auditing;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.proof.Checkpoint;
import issueledger.proof.CompactRange;
import issueledger.proof.Hash;
import issueledger.proof.MalformedProof;
import issueledger.proof.SignedNote;
import issueledger.proof.Tile;
import issueledger.proof.VerifierKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An auditor's agent. It keeps the last checkpoint that it saw in a file, and the leaf hashes of its tree beside it; each look compares
 * the log with them.
 */
public final class Watch implements AutoCloseable {
    /** A cache between may answer an older checkpoint for a few seconds. */
    private static final Duration CACHED = Duration.ofSeconds(6);

    private final TlogClient client;
    private final Trust given;
    private final KeptFile file;
    private final KeptFile keyFile;
    private final KeptFile conflict;
    private final LeafFile leaves;
    private final Progress progress;
    private final Duration cached;

    private CompactRange range;
    private @Nullable SignedNote kept;

    /**
     * Opens the agent's files.
     *
     * @param given without a key, the one that the service named at the first look is kept beside the checkpoint, and held to
     */
    public Watch(TlogClient client, Trust given, Path state, Progress progress) throws IOException {
        this(client, given, state, progress, CACHED);
    }

    Watch(TlogClient client, Trust given, Path state, Progress progress, Duration cached) throws IOException {
        this.client = client;
        this.given = given;
        this.progress = progress;
        this.cached = cached;
        file = new KeptFile(state);
        keyFile = new KeptFile(state.resolveSibling(state.getFileName() + ".key"));
        conflict = new KeptFile(state.resolveSibling(state.getFileName() + ".conflict"));
        kept = file.read().map(Watch::parse).orElse(null);
        long size = kept == null ? 0 : Checkpoint.parse(kept.text()).size();
        leaves = LeafFile.open(state.resolveSibling(state.getFileName() + ".leaves"), size);
        range = leaves.range();
        if (kept != null
                && (range.size() != size
                        || !range.root().equals(Checkpoint.parse(kept.text()).root()))) {
            leaves.cut(0); // Not the kept checkpoint's: they are read from the log again, and held against it.
            range = new CompactRange();
        }
    }

    private static SignedNote parse(String note) {
        try {
            return SignedNote.parse(note);
        } catch (MalformedProof e) {
            throw new UnreadableInput("the kept checkpoint is none: " + e.getMessage(), e);
        }
    }

    /** Looks once. The answer is not good if the past changed; the file then stays as it is, and the contradicting checkpoint stands beside. */
    public Comparison look() throws IOException, InterruptedException {
        SignedNote note = client.checkpoint();
        Comparison comparison = compare(note);
        if (isBehind(comparison, note)) {
            Thread.sleep(cached);
            note = client.checkpoint();
            comparison = compare(note);
        }
        if (comparison.answer() == Answer.NOT_GOOD) {
            conflict.replace(note.note());
        }
        return comparison;
    }

    private boolean isBehind(Comparison comparison, SignedNote note) {
        return comparison.answer() == Answer.NOT_GOOD
                && kept != null
                && Checkpoint.parse(note.text()).size()
                        < Checkpoint.parse(kept.text()).size();
    }

    private Comparison compare(SignedNote note) throws IOException {
        Origin origin = trust().verify(note);
        if (!origin.isSigned()) {
            return new Comparison(origin.answer(), null, origin.finding().restsOn());
        }
        Checkpoint later = origin.checkpoint();
        SignedNote before = kept;
        if (before == null) {
            return follow(
                    note,
                    later,
                    "the first checkpoint seen is of " + later.size() + " events"
                            + (given.isEmpty() ? "; its key was taken on trust, compare it another way" : ""));
        }
        Checkpoint old = Checkpoint.parse(before.text());
        boolean hasLeaves = leaves.size() == old.size();
        Comparison comparison = located(new Consistency(old, hasLeaves ? leaves : null).with(later, client), later);
        if (comparison.answer() != Answer.GOOD || (hasLeaves && later.size() == old.size())) {
            return comparison;
        }
        return follow(note, later, comparison.detail());
    }

    private Trust trust() throws IOException {
        if (!given.isEmpty()) {
            return given;
        }
        String keys = keyFile.read().orElse(null);
        if (keys == null) {
            keys = client.keys().stream().map(VerifierKey::toString).collect(Collectors.joining("\n", "", "\n"));
            if (keys.isBlank()) {
                throw new UnreadableInput(client.prefix() + "/key names no key that is known here: give one (--key)");
            }
            keyFile.replace(keys);
        }
        return new Trust(keys.lines().map(VerifierKey::parse).toList(), null);
    }

    /** Reads the leaves that are new, and keeps the checkpoint if its tree is theirs. */
    private Comparison follow(SignedNote note, Checkpoint later, String detail) throws IOException {
        long old = leaves.size();
        CompactRange grown = range.copy();
        while (grown.size() < later.size()) {
            Tile tile = Tile.inTree(0, grown.size() / Tile.FULL, later.size());
            byte[] hashes = client.read(tile);
            int from = (int) (grown.size() - tile.first());
            for (int i = from; i < tile.width(); i++) {
                grown.append(Hash.of(hashes, i * Hash.BYTES));
            }
            leaves.append(Arrays.copyOfRange(hashes, from * Hash.BYTES, hashes.length));
            progress.at(grown.size(), later.size(), "leaves are read");
        }
        if (!grown.root().equals(later.root())) {
            leaves.cut(old);
            return Comparison.notGood(
                    null, "the leaves that are served are not those of the checkpoint of " + later.size() + " events");
        }
        leaves.flush();
        file.replace(note.note());
        range = grown;
        kept = note;
        return Comparison.good(detail);
    }

    /** Adds which event stands at the changed position now, if that is served. */
    private Comparison located(Comparison comparison, Checkpoint later) {
        Long position = comparison.position();
        if (position == null || position > later.size()) {
            return comparison;
        }
        return client.entry(position - 1, later.size())
                .map(entry -> List.of(new String(entry, UTF_8).split("\n")))
                .filter(lines -> lines.size() == 9)
                .map(lines -> new Comparison(
                        comparison.answer(),
                        position,
                        comparison.detail() + "; version " + lines.get(3) + " of issue " + lines.get(2) + ", "
                                + lines.get(4) + ", stands there now"))
                .orElse(comparison);
    }

    @Override
    public void close() throws IOException {
        leaves.close();
    }
}
