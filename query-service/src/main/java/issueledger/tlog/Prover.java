package issueledger.tlog;

import issueledger.http.Problem;
import issueledger.log.RecordedEvent;
import issueledger.projections.Projections;
import issueledger.projections.ReadYourWritesFilter;
import issueledger.projections.ViewsDamaged;
import issueledger.proof.Hash;
import issueledger.proof.MerkleProofs;
import issueledger.proof.SignedNote;
import issueledger.proof.TlogProof;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Proves events by the last signed checkpoint. */
@Component
public class Prover {
    private final CheckpointStore store;
    private final LogKeys keys;
    private final TlogProjection projection;
    private final Projections projections;
    private final CheckpointSigner signer;

    Prover(
            CheckpointStore store,
            LogKeys keys,
            TlogProjection projection,
            Projections projections,
            CheckpointSigner signer) {
        this.store = store;
        this.keys = keys;
        this.projection = projection;
        this.projections = projections;
        this.signer = signer;
    }

    /**
     * A signed checkpoint to prove events by.
     *
     * @param size the number of events that it stands for
     * @param note the signed note
     */
    public record Basis(long size, Hash root, String note) {}

    /** The signed checkpoint for an export up to a position: the newest that stands for no later event, else the newest; null without events. */
    public @Nullable String checkpointOf(long to) {
        return store.ofAtMost(to)
                .filter(one -> one.size() > 0)
                .or(() -> store.last().filter(one -> one.size() > 0))
                .map(SignedCheckpoint::note)
                .orElse(null);
    }

    /**
     * The last signed checkpoint; 404 where nothing is signed, 503 while none covers the position.
     *
     * @param position 0 for any checkpoint
     */
    public Basis basis(long position) {
        Optional<SignedCheckpoint> last = store.last();
        if (last.isEmpty() && !keys.canSign()) {
            throw Problem.notFound("Nothing is proven here: the ledger has no signing key.");
        }
        long covered = last.map(SignedCheckpoint::size).orElse(0L);
        if (last.isEmpty() || covered < position) {
            throw ReadYourWritesFilter.notYet(
                    covered,
                    "No signed checkpoint covers position " + position + " yet; the last one is of position " + covered
                            + ": try again.");
        }
        SignedCheckpoint signed = last.get();
        return new Basis(signed.size(), signed.root(), signed.note());
    }

    /**
     * The inclusion proof of an event that the checkpoint covers, verified before it is given away.
     *
     * @throws CheckpointsUnavailable if the log is not the signed one
     */
    public List<Hash> inclusion(Basis basis, RecordedEvent event) {
        long index = event.position() - 1;
        List<Hash> proof = read(basis.size(), tree -> tree.inclusion(index, basis.size()));
        if (!MerkleProofs.includes(basis.root(), basis.size(), index, Leaves.hash(event), proof)) {
            Contradiction contradiction = signer.contradiction();
            if (contradiction == null) {
                projections.damaged(
                        TlogProjection.NAME, new ViewsDamaged("no proof of position " + event.position() + " holds"));
            }
            throw new CheckpointsUnavailable(
                    contradiction == null
                            ? "the tree or the log is not as it was signed at position " + event.position()
                            : contradiction.detail(),
                    null);
        }
        return proof;
    }

    /** The proof of one event as text. */
    String proof(RecordedEvent event) {
        Basis basis = basis(event.position());
        String entry = Base64.getEncoder().encodeToString(Leaves.entry(event));
        return new TlogProof(entry, event.position() - 1, inclusion(basis, event), SignedNote.parse(basis.note()))
                .text();
    }

    /** Reads the tree; 503 while there is none of this size. */
    <T> T read(long size, Function<Tree, T> reading) {
        TlogModel model = projection.served();
        try {
            Tree tree = model == null ? null : model.tree();
            if (tree != null && tree.size() >= size) {
                return reading.apply(tree);
            }
        } catch (ViewsDamaged e) {
            projections.damaged(TlogProjection.NAME, e);
        }
        Contradiction contradiction = signer.contradiction();
        if (contradiction != null) {
            throw new CheckpointsUnavailable(contradiction.detail(), null);
        }
        throw ReadYourWritesFilter.notYet(projections.position(), "The tree is being filled or rebuilt: try again.");
    }
}
