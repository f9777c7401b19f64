package issueledger.tlog;

import issueledger.proof.AddCheckpoint;
import issueledger.proof.Hash;
import issueledger.proof.InvalidSignature;
import issueledger.proof.MalformedProof;
import issueledger.proof.NoteSignature;
import issueledger.proof.Signed;
import issueledger.proof.SignedNote;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Sends each signed checkpoint to the configured witnesses (C2SP tlog-witness) and adds their cosignatures to it. A thread a witness: one
 * that is away or refuses delays neither the log nor another witness.
 */
@Component
class Witnesses implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Witnesses.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    /** After which another process sends a checkpoint that this one signed and did not send. */
    private static final Duration LEFT_ALONE = Duration.ofSeconds(5);

    private static final int TRIES = 5;

    private final List<Witness> witnesses;
    private final CheckpointStore store;
    private final CheckpointSigner signer;
    private final TlogProjection projection;
    private final Clock clock;
    private final Map<String, String> alarms = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    Witnesses(
            @Value("${issue-ledger.witnesses}") String witnesses,
            CheckpointStore store,
            CheckpointSigner signer,
            TlogProjection projection,
            Clock clock) {
        this.witnesses = Witness.configured(witnesses);
        this.store = store;
        this.signer = signer;
        this.projection = projection;
        this.clock = clock;
    }

    /**
     * A witness as it is listed.
     *
     * @param size of the checkpoint that it cosigned last; 0 if there is none
     * @param at when it did
     * @param error why the last attempt failed; null if it did not
     */
    record WitnessItem(
            String name,
            String url,
            long size,
            @Nullable Instant at,
            @Nullable String error) {}

    List<WitnessItem> items() {
        Map<String, WitnessState> known = witnesses.isEmpty() ? Map.of() : store.witnesses();
        return witnesses.stream()
                .map(witness -> {
                    WitnessState state = known.getOrDefault(witness.name(), WitnessState.NONE);
                    return new WitnessItem(
                            witness.name(), witness.url().toString(), state.size(), state.at(), state.error());
                })
                .toList();
    }

    /** One sentence for each witness that has cosigned what this log does not contain. */
    List<String> alarms() {
        return List.copyOf(alarms.values());
    }

    @Override
    public void start() {
        running = true;
        witnesses.forEach(witness ->
                threads.add(Thread.ofVirtual().name("witness-" + witness.name()).start(() -> run(witness))));
    }

    @Override
    public void stop() {
        running = false;
        threads.forEach(Thread::interrupt);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the signer starts, before it stops. */
    @Override
    public int getPhase() {
        return 2;
    }

    private void run(Witness witness) {
        WitnessClient client = new WitnessClient();
        Duration pause = LOOK;
        SignedCheckpoint seen = null;
        long seenAt = 0;
        while (running) {
            try {
                SignedCheckpoint last = signer.last();
                if (last != null && (seen == null || seen.number() != last.number())) {
                    seen = last;
                    seenAt = System.nanoTime();
                }
                boolean isMine =
                        last != null && (signer.hasSigned(last) || System.nanoTime() - seenAt >= LEFT_ALONE.toNanos());
                if (last != null && isMine && last.size() > 0 && !isCosigned(last, witness)) {
                    send(client, witness, last);
                }
                pause = LOOK;
            } catch (IOException | RuntimeException e) {
                pause = pause.equals(LOOK) ? Duration.ofSeconds(1) : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
                failed(witness, e);
            } catch (InterruptedException e) {
                return;
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static boolean isCosigned(SignedCheckpoint checkpoint, Witness witness) {
        return checkpoint.signedNote().signatures().stream().anyMatch(witness.key()::made);
    }

    private void failed(Witness witness, Exception e) {
        if (!running) {
            return;
        }
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        try {
            WitnessState state = store.witnesses().getOrDefault(witness.name(), WitnessState.NONE);
            if (!why.equals(state.error())) {
                LOG.warn("the witness {} has not cosigned: {}", witness.name(), why);
                store.put(witness.name(), state.failed(why));
            }
        } catch (RuntimeException unavailable) {
            LOG.warn("the witness {} has not cosigned: {}; {}", witness.name(), why, unavailable.getMessage());
        }
    }

    /** Asks once with the size that is known, and once more with the one that the witness names. */
    private void send(WitnessClient client, Witness witness, SignedCheckpoint last)
            throws IOException, InterruptedException {
        TlogModel model = projection.served();
        if (model == null || signer.contradiction() != null) {
            return;
        }
        Tree tree = model.tree();
        if (tree.size() < last.size()) {
            return;
        }
        WitnessState state = store.witnesses().getOrDefault(witness.name(), WitnessState.NONE);
        long old = Math.min(state.size(), last.size());
        WitnessClient.Answer answer = client.add(witness, request(tree, old, last));
        if (answer.size() != null && answer.size() != old && answer.size() <= last.size()) {
            old = answer.size();
            answer = client.add(witness, request(tree, old, last));
        }
        if (answer.signatures().isEmpty()) {
            refused(witness, last, old, answer);
            return;
        }
        cosigned(witness, last, answer.signatures());
    }

    private static AddCheckpoint request(Tree tree, long old, SignedCheckpoint last) {
        List<Hash> proof = old == 0 || old == last.size() ? List.of() : tree.consistency(old, last.size());
        return new AddCheckpoint(old, proof, last.signedNote());
    }

    private void refused(Witness witness, SignedCheckpoint sent, long old, WitnessClient.Answer answer)
            throws IOException {
        Long size = answer.size();
        long newest = store.last().map(SignedCheckpoint::size).orElse(0L);
        String alarm = null;
        if (size != null && size > newest) {
            alarm = "it has cosigned this log at size " + size + ", and the last signed checkpoint has size " + newest
                    + ": the log may have been restored from an older back-up";
        } else if (answer.status() == WitnessClient.INCONSISTENT
                || (size != null && size == sent.size() && size == old)) {
            alarm = "it has cosigned another tree of this log than the one of size " + sent.size()
                    + ": the log's past was changed";
        }
        if (alarm != null) {
            alarms.put(witness.name(), "the witness " + witness.name() + ": " + alarm);
        }
        throw new IOException(alarm == null ? answer.refusal() : alarm);
    }

    private void cosigned(Witness witness, SignedCheckpoint sent, List<NoteSignature> signatures) throws IOException {
        List<NoteSignature> own =
                signatures.stream().filter(witness.key()::made).limit(1).toList();
        if (own.isEmpty()) {
            throw new IOException("it answers without a signature of the configured key");
        }
        Instant at;
        try {
            Signed signed = witness.key().verify(sent.signedNote().text(), own.getFirst());
            at = signed.at() == null ? clock.instant().truncatedTo(ChronoUnit.MILLIS) : signed.at();
        } catch (InvalidSignature | MalformedProof e) {
            throw new IOException("its cosignature is not of this checkpoint", e);
        }
        for (int i = 0; i < TRIES; i++) { // Another witness may add its own at the same time.
            SignedCheckpoint before = store.after(sent.number() - 1, 1).stream()
                    .filter(one -> one.number() == sent.number())
                    .findFirst()
                    .orElse(null);
            if (before == null) {
                break;
            }
            SignedNote with = before.signedNote().with(own);
            if (store.cosign(before, before.cosigned(with))) {
                break;
            }
        }
        alarms.remove(witness.name());
        store.put(witness.name(), new WitnessState(sent.size(), at, null));
    }
}
