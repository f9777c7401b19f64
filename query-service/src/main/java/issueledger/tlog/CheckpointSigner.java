package issueledger.tlog;

import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.log.Unavailable;
import issueledger.projections.Projections;
import issueledger.projections.ViewsDamaged;
import issueledger.proof.Checkpoint;
import issueledger.proof.Hash;
import issueledger.proof.SignedNote;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Signs a checkpoint of the tree each second in which it grew, once the tree is known to contain the last signed one and its copy. While it
 * does not, nothing is signed. Every process looks; of those that have a key, the store lets one sign.
 */
@Component
class CheckpointSigner implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointSigner.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int PAGE = 2_000;

    private final EventLog log;
    private final TlogProjection projection;
    private final Projections projections;
    private final CheckpointStore store;
    private final CheckpointCopy copy;
    private final LogKeys keys;
    private final Clock clock;
    private final Thinning thinning;
    private final AtomicLong refusals = new AtomicLong();
    private final Thread thread =
            Thread.ofPlatform().name("checkpoints").daemon().unstarted(this::run);
    private volatile boolean running;
    private volatile @Nullable SignedCheckpoint last;
    private volatile @Nullable Contradiction contradiction;
    private volatile @Nullable String failure;
    private volatile long ownNumber;
    private long seenNumber = -1;
    private long seenAt;
    private long refusedAt;
    private @Nullable Checked checked;

    /** A tree head that the log must contain. */
    private record Kept(long size, Hash root, String name) {}

    /** What was looked at, and whether it may be signed on top of. */
    private record Checked(
            TlogModel model,
            List<Kept> kept,
            boolean isContained,
            @Nullable Contradiction contradiction) {}

    CheckpointSigner(
            EventLog log,
            TlogProjection projection,
            Projections projections,
            CheckpointStore store,
            CheckpointCopy copy,
            LogKeys keys,
            Clock clock) {
        this.log = log;
        this.projection = projection;
        this.projections = projections;
        this.store = store;
        this.copy = copy;
        this.keys = keys;
        this.clock = clock;
        this.thinning = new Thinning(store, clock);
    }

    /** The last signed checkpoint as this process last saw it. */
    @Nullable
    SignedCheckpoint last() {
        return last;
    }

    /** The signed checkpoint that the log is not the one of; null if there is none. */
    @Nullable
    Contradiction contradiction() {
        return contradiction;
    }

    /** Why nothing is signed now; empty if all is well. */
    Optional<String> trouble() {
        Contradiction found = contradiction;
        return Optional.ofNullable(found == null ? failure : found.detail());
    }

    /** How many times nothing was signed because the log is not the signed one, at most once a second. */
    long refusals() {
        return refusals.get();
    }

    /** True if this process signed the checkpoint. */
    boolean hasSigned(SignedCheckpoint checkpoint) {
        return checkpoint.number() == ownNumber;
    }

    @Override
    public void start() {
        running = true;
        thread.start();
    }

    /** Ends before the projections do. */
    @Override
    public int getPhase() {
        return 1;
    }

    @Override
    public void stop() {
        running = false;
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        while (running) {
            try {
                step();
                failed(null);
                LockSupport.parkNanos(LOOK.toNanos());
            } catch (IOException e) {
                failed(CheckpointCopy.NAME + " cannot be read or written: " + CheckpointCopy.why(e));
                LockSupport.parkNanos(RETRY.toNanos());
            } catch (ViewsDamaged e) {
                projections.damaged(TlogProjection.NAME, e);
                LockSupport.parkNanos(RETRY.toNanos());
            } catch (Unavailable e) {
                failed(String.valueOf(e.getMessage()));
                LockSupport.parkNanos(RETRY.toNanos());
            } catch (RuntimeException e) {
                LOG.error("no checkpoint could be signed", e);
                failed("no checkpoint could be signed: " + e.getMessage());
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }

    private void failed(@Nullable String why) {
        if (why != null && !why.equals(failure)) {
            LOG.error("no checkpoint is signed: {}", why);
        }
        failure = why;
    }

    private void step() throws IOException {
        SignedCheckpoint signed = store.last().orElse(null);
        last = signed;
        see(signed);
        TlogModel model = projection.served();
        if (model == null) {
            return;
        }
        Tree tree = model.tree();
        Optional<CheckpointCopy.Head> copied = copy.read();
        boolean isDue = isDue(signed, tree);
        Checked now = check(model, tree, signed, copied, isDue);
        checked = now;
        tell(now.contradiction());
        if (now.contradiction() != null || !now.isContained()) {
            return;
        }
        if (signed != null && copied.map(CheckpointCopy.Head::size).orElse(-1L) < signed.size()) {
            copy.write(signed.note());
        }
        if (isDue) {
            sign(signed, tree);
        }
        thinning.thin();
    }

    /** The interval runs from the moment when this process first saw the checkpoint: clocks need not agree. */
    private void see(@Nullable SignedCheckpoint signed) {
        long number = signed == null ? 0 : signed.number();
        if (number != seenNumber) {
            boolean isFirstLook = seenNumber < 0;
            seenNumber = number;
            seenAt = System.nanoTime() - (isFirstLook ? INTERVAL.toNanos() : 0);
        }
    }

    private boolean isDue(@Nullable SignedCheckpoint signed, Tree tree) {
        if (!keys.canSign() || System.nanoTime() - seenAt < INTERVAL.toNanos()) {
            return false;
        }
        return signed == null
                || tree.size() > signed.size()
                // Once: two processes with different keys must not sign in turns.
                || (ownNumber == 0 && !signed.keys().equals(keys.text()) && tree.size() == signed.size());
    }

    private Checked check(
            TlogModel model,
            Tree tree,
            @Nullable SignedCheckpoint signed,
            Optional<CheckpointCopy.Head> copied,
            boolean isDue) {
        List<Kept> kept = Stream.concat(
                        Stream.ofNullable(signed)
                                .map(one -> new Kept(one.size(), one.root(), "the last signed checkpoint")),
                        copied.stream().map(one -> new Kept(one.size(), one.root(), CheckpointCopy.NAME)))
                .toList();
        Checked before = checked;
        boolean isSame =
                before != null && before.model() == model && before.kept().equals(kept);
        // A tree that lacks a signed head never gets it; one that has it may be grown by damaged views.
        if (before != null && isSame && (before.contradiction() != null || (before.isContained() && !isDue))) {
            return before;
        }
        for (Kept head : kept) {
            if (tree.size() < head.size()) {
                long end = log.head().position();
                Contradiction lacks =
                        end < head.size() ? KeptCheckpoints.endsBefore(end, head.size(), head.name()) : null;
                return new Checked(model, kept, false, lacks);
            }
            if (!tree.root(head.size()).equals(head.root())) {
                return new Checked(model, kept, false, recheck(head.size()));
            }
        }
        return new Checked(model, kept, true, null);
    }

    /** Computes the tree from the log: the tiles may be damaged. Null if they are; they are rebuilt then. */
    private @Nullable Contradiction recheck(long size) {
        KeptCheckpoints kept = new KeptCheckpoints(store, copy);
        for (long position = 0; position < size && running; ) {
            List<RecordedEvent> page = log.read(position, (int) Math.min(PAGE, size - position));
            if (page.isEmpty()) {
                break;
            }
            Leaves.hashes(page).forEach(kept::append);
            position = page.getLast().position();
        }
        Optional<Contradiction> found = running ? kept.found(log.head().position()) : Optional.empty();
        if (found.isEmpty() && running) {
            throw new ViewsDamaged("the tree of " + size + " events has another root than the log");
        }
        return found.orElse(null);
    }

    private void tell(@Nullable Contradiction found) {
        if (found == null) {
            if (contradiction != null) {
                LOG.info("the log is the signed one again");
            }
        } else {
            if (!found.equals(contradiction)) {
                LOG.error("no checkpoint is signed any more: {}", found.detail());
            }
            if (contradiction == null || System.nanoTime() - refusedAt >= INTERVAL.toNanos()) {
                refusals.incrementAndGet();
                refusedAt = System.nanoTime();
            }
        }
        contradiction = found;
    }

    private void sign(@Nullable SignedCheckpoint before, Tree tree) throws IOException {
        Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Hash root = tree.root(tree.size());
        SignedNote note = keys.sign(new Checkpoint(keys.origin(), tree.size(), root), at);
        SignedCheckpoint next = new SignedCheckpoint(
                before == null ? 1 : before.number() + 1, tree.size(), root, at, note.note(), keys.text(), false);
        if (store.add(next)) {
            ownNumber = next.number();
            see(next);
            last = next;
            copy.write(next.note());
        }
    }
}
